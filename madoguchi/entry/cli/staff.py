"""``madoguchi staff``: the first officer, and who works on the command line (職員のコマンド).

Everything else about staff is done on the pages by an officer. Who may call these and why
is decided in ``accounts.actions.command_line`` and its rule ``check_at_server`` (A12).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words

_SCHEMA = "madoguchi.staff/1"
#: Named here and not taken from accounts: reading the call must not need Django.
_ROLES = ("OFFICER", "CHIEF", "SENIOR", "CLERK", "OTHER")


# -- add -------------------------------------------------------------------------------


def _add_words(parser: Words) -> None:
    parser.add_argument("--staff-id", required=True, metavar="ID", help="職員番号, e.g. sango")
    parser.add_argument("--name", required=True, metavar="NAME", help="氏名")
    parser.add_argument("--role", required=True, choices=_ROLES, help="役割")


def _add(given: Given) -> Answer:
    from madoguchi.accounts.actions import command_line
    from madoguchi.infra import unit

    actor = command_line.keeper_actor("staff add")
    made = unit.run(
        command_line.add_at_server,
        actor=actor,
        staff_id=given.staff_id,
        display_name=given.name,
        role=given.role,
    )
    return Answer(
        values={
            "staff_id": made.staff_id,
            "name": made.name,
            "role": made.role,
            "initial_password": made.password,
        }
    )


def _show_added(values: Mapping[str, Any]) -> Iterator[str]:
    yield f"{values['name']}（{_role(values['role'])}）を登録しました。"
    yield f"  職員番号        {values['staff_id']}"
    yield f"  初期パスワード  {values['initial_password']}"
    yield "このパスワードは、もう表示されません。本人に渡してください。"
    yield "はじめてのサインインで、パスワードを変え、2つ目の確認を決めるまで、ほかの画面は開きません。"


# -- bind ------------------------------------------------------------------------------


def _bind_words(parser: Words) -> None:
    parser.add_argument("--os-user", required=True, metavar="USER", help="サーバーの利用者名")


def _bind(given: Given) -> Answer:
    from madoguchi.accounts.actions import command_line
    from madoguchi.infra import unit

    actor = command_line.keeper_actor("staff bind")
    member = unit.run(command_line.bind_known_user, actor=actor, os_user=given.os_user)
    return Answer(values={"os_user": given.os_user, "staff_id": member.staff_id})


def _show_bound(values: Mapping[str, Any]) -> Iterator[str]:
    yield f"サーバーの利用者 {values['os_user']} は、{values['staff_id']} としてコマンドを使えます。"
    yield "使うたびに記録され、支援措置のある人は見えません。"


# -- list ------------------------------------------------------------------------------


def _list(_given: Given) -> Answer:
    from madoguchi.accounts.actions import command_line
    from madoguchi.accounts.queries.staff import list_details

    command_line.keeper_actor("staff list")
    return Answer(
        values={
            "staff": [
                {
                    "staff_id": one.row.staff_id,
                    "name": one.row.display_name,
                    "role": one.row.role.value,
                    "is_active": one.row.is_active,
                    "os_user": one.os_user,
                    "password_is_initial": one.password_is_initial,
                    "has_second_factor": one.has_second_factor,
                }
                for one in list_details()
            ]
        }
    )


def _show_list(values: Mapping[str, Any]) -> Iterator[str]:
    for one in values["staff"]:
        notes = [
            note
            for note, holds in (
                ("利用停止", not one["is_active"]),
                ("初期パスワードのまま", one["password_is_initial"]),
                ("2つ目の確認がまだ", not one["has_second_factor"] and one["os_user"] is None),
            )
            if holds
        ]
        rest = f"　{'・'.join(notes)}" if notes else ""
        yield f"{one['staff_id']}　{one['name']}　{_role(one['role'])}{rest}"


def _role(code: str) -> str:
    from madoguchi.web.messages import label

    return label(kind="role", code=code)


VERBS = (
    Verb(
        name="add",
        help="open the first officer's account and print its first password (職員の登録)",
        schema=_SCHEMA,
        run=_add,
        arguments=_add_words,
        show=_show_added,
    ),
    Verb(
        name="bind",
        help="let an operating-system user work on the command line (コマンドの利用者の登録)",
        schema=_SCHEMA,
        run=_bind,
        arguments=_bind_words,
        show=_show_bound,
    ),
    Verb(
        name="list",
        help="who has an account (職員の一覧)",
        schema=_SCHEMA,
        run=_list,
        show=_show_list,
    ),
)
