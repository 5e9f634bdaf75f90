"""The front door of the audit room (アクセス記録の窓口): what other rooms may call."""

from madoguchi.audit.actions import look, record, record_sign_in, record_system
from madoguchi.audit.domain import Kind
from madoguchi.audit.queries.entries import EntryFilter, list_entries
from madoguchi.audit.queries.verify import verify_chain

__all__ = [
    "EntryFilter",
    "Kind",
    "list_entries",
    "look",
    "record",
    "record_sign_in",
    "record_system",
    "verify_chain",
]
