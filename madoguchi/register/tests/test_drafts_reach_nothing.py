"""仮登録: what nobody approved stands in its own table and in nothing else of the whole database."""

from django.db import connection
from psycopg import sql

from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Right
from madoguchi.register.actions.drafts import approve_draft, draft_change
from madoguchi.register.domain.commands import CorrectError, Filing
from madoguchi.register.queries.search import search
from madoguchi.register.testing import at, clerk

#: In no other name, place or word of these tests.
LETTER = "鱪"


def where_it_stands():
    """Every table and view with the letter anywhere in a row, as text or as bytes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        )
        found = set()
        for (name,) in cursor.fetchall():
            cursor.execute(
                sql.SQL("SELECT EXISTS (SELECT FROM {} t WHERE t::text LIKE ANY (%s))").format(
                    sql.Identifier(name)
                ),
                [[f"%{LETTER}%", f"%{LETTER.encode().hex()}%"]],
            )
            if cursor.fetchone()[0]:
                found.add(name)
    return found


def test_no_table_no_view_and_no_search_knows_a_draft_before_it_is_approved(desk):
    with clock.frozen(at("2026-11-23T20:00")):
        (person_id,) = desk.enter(desk.newcomer())
        command = CorrectError(
            filing=Filing(effective="2026-10-01"), person_id=person_id,
            changes={"name": f"浜　{LETTER}"},
        )  # fmt: skip
        draft_id = unit.run(draft_change, actor=desk.actor, command=command)
        assert where_it_stands() == {"register_draft"}
        assert search(f"浜　{LETTER}", actor=desk.actor).hits == ()

        chief = clerk(
            Right.FILE_CHANGE, Right.APPROVE, Right.VIEW_PERSON, Right.SEE_PROTECTED,
            staff_id="NAGI",
        )  # fmt: skip
        unit.run(approve_draft, actor=chief, draft_id=draft_id)
        assert {"register_current", "register_out_names"} <= where_it_stands()
        assert [hit.person_id for hit in search(f"浜　{LETTER}", actor=desk.actor).hits] == [
            person_id
        ]
