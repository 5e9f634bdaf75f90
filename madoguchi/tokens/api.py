"""The front door of the tokens room (他システムの鍵の窓口): what other rooms may call."""

from madoguchi.tokens.actions import make_token, revoke_token
from madoguchi.tokens.domain import Holder, Scope
from madoguchi.tokens.queries import find_holder, list_tokens

__all__ = ["Holder", "Scope", "find_holder", "list_tokens", "make_token", "revoke_token"]
