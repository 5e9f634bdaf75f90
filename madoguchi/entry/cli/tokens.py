"""``madoguchi tokens``: keys for other systems, made at the server (他システムの鍵のコマンド).

For the keeper of the server, as ``madoguchi staff`` is; the officer has the page ``/tokens/``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words

_SCHEMA = "madoguchi.tokens/1"


def _make_words(parser: Words) -> None:
    parser.add_argument("--name", required=True, metavar="NAME", help="どのシステムの鍵か")
    parser.add_argument(
        "--scope", required=True, action="append", metavar="SCOPE",
        help="tasks:read, tasks:write, bookings:read, figures:read, addressees:read; may be repeated",
    )  # fmt: skip
    parser.add_argument("--section", default="", metavar="CODE", help="only this section's tasks")
    parser.add_argument("--days", type=int, default=90, metavar="N", help="good for N days")


def _make(given: Given) -> Answer:
    from madoguchi.accounts.actions.command_line import keeper_actor
    from madoguchi.infra import clock, unit
    from madoguchi.tokens.api import make_token

    token_id, secret = unit.run(
        make_token, name=given.name, scopes=given.scope, section=given.section, days=given.days,
        actor=keeper_actor("tokens make"), now=clock.now(),
    )  # fmt: skip
    return Answer(values={"token_id": token_id, "token": secret, "days": given.days})


def _show_made(values: Mapping[str, Any]) -> Iterator[str]:
    yield f"鍵 {values['token_id']} を作りました。{values['days']}日のあいだ使えます。"
    yield f"  {values['token']}"
    yield "この鍵は、もう表示されません。相手のシステムに入れたら、控えは捨ててください。"


def _list(_given: Given) -> Answer:
    from madoguchi.accounts.actions.command_line import keeper_actor
    from madoguchi.infra import clock
    from madoguchi.tokens.api import list_tokens

    keeper_actor("tokens list")
    rows = [
        {
            "token_id": one.holder.token_id, "name": one.holder.name,
            "scopes": sorted(one.holder.scopes), "section": one.holder.section,
            "expires_at": one.lifetime.expires_at.isoformat(), "is_good": one.is_good,
        }
        for one in list_tokens(now=clock.now())
    ]  # fmt: skip
    return Answer(values={"tokens": rows})


def _show_list(values: Mapping[str, Any]) -> Iterator[str]:
    for one in values["tokens"]:
        state = "有効" if one["is_good"] else "使えません"
        yield f"{one['token_id']}　{one['name']}　{' '.join(one['scopes'])}　{one['expires_at'][:10]}まで　{state}"


def _revoke_words(parser: Words) -> None:
    parser.add_argument("token_id", metavar="ID", help="as `tokens list` shows it")


def _revoke(given: Given) -> Answer:
    from madoguchi.accounts.actions.command_line import keeper_actor
    from madoguchi.infra import clock, unit
    from madoguchi.tokens.api import revoke_token

    actor = keeper_actor("tokens revoke")
    unit.run(revoke_token, token_id=given.token_id, actor=actor, now=clock.now())
    return Answer(values={"token_id": given.token_id})


def _show_revoked(values: Mapping[str, Any]) -> Iterator[str]:
    yield f"鍵 {values['token_id']} を止めました。"


VERBS = (
    Verb(name="make", help="make a key and print it, once (鍵を作る)", schema=_SCHEMA,
         run=_make, arguments=_make_words, show=_show_made),
    Verb(name="list", help="which keys there are (鍵の一覧)", schema=_SCHEMA, run=_list, show=_show_list),
    Verb(name="revoke", help="take a key back (鍵を止める)", schema=_SCHEMA,
         run=_revoke, arguments=_revoke_words, show=_show_revoked),
)  # fmt: skip
