"""A record is mended: works both ways, wrong role, unknown, bad input, held people."""

import html
import re

import pytest
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.infra import clock
from madoguchi.moves.actions.corrections import MENDED
from madoguchi.moves.models import Filing
from madoguchi.protection.testing import protect
from madoguchi.register.api import persons_of
from madoguchi.register.testing import at as moment
from madoguchi.register.testing import keep, make_version, resident_code

pytestmark = pytest.mark.django_db
HOME, NAGISA = "000000000000901", "000000000000011"


@pytest.fixture
def kaede(client):
    keep(make_version(NAGISA, name="港　渚", household_no=HOME, is_householder=True,
                      relationship="世帯主", resident_code=resident_code(11)))  # fmt: skip
    with clock.frozen(moment("2026-11-27T10:00")):
        yield staff.signed_in(client, staff.kaede())


def at(person_id=NAGISA):
    return reverse("moves:correcting", args=[person_id])


def now():
    return persons_of([NAGISA])[NAGISA]


def test_what_was_written_wrongly_is_corrected_and_the_old_stays_in_the_history(kaede):
    page = html.unescape(kaede.get(at()).text)
    assert "港　渚" in page and at() in kaede.get(reverse("moves:household", args=[HOME])).text
    before = now().history_no
    answer = kaede.post(at(), {"since": "ALWAYS", "name": "湊　渚", "ground": "戸籍の謄本"})
    assert answer.status_code == 302, html.unescape(answer.text)
    assert now().name == "湊　渚" and now().history_no > before
    row = Filing.objects.get()
    assert (row.kind, row.persons.count()) == ("CORRECT", 1)
    assert kaede.get(answer.url).status_code == 200


def test_what_became_otherwise_on_a_day_is_amended_from_then(kaede):
    given = {
        "since": "DAY",
        "day": "令和8年10月1日",
        "building": "みなと荘201",
        "ground": "家主の申出書",
    }
    answer = kaede.post(at(), given)
    assert answer.status_code == 302, html.unescape(answer.text)
    assert now().building == "みなと荘201"
    assert Filing.objects.get().kind == "EX_OFFICIO"


def test_what_another_desk_changed_meanwhile_is_not_written_back(kaede):
    page = html.unescape(kaede.get(at()).text)
    drawn = dict(re.findall(r'name="was_(\w+)" value="([^"]*)"', page))
    assert set(drawn) == set(MENDED)
    form = drawn | {f"was_{name}": value for name, value in drawn.items()}
    other = {"building": "みなと荘201", "ground": "家主の申出書"}
    assert kaede.post(at(), other).status_code == 302
    answer = kaede.post(at(), form | {"name": "湊　渚", "ground": "戸籍の謄本"})
    assert answer.status_code == 302, html.unescape(answer.text)
    assert (now().name, now().building) == ("湊　渚", "みなと荘201")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": "湊　渚"}, "MOVE_GROUND_MISSING"),
        ({"ground": "記録書"}, "NOTHING_CHANGES"),
        ({"name": "", "ground": "記録書"}, "BLANK_FORBIDDEN"),
        ({"birth": "むかし", "ground": "記録書"}, "DATE_UNREADABLE"),
        ({"name": "湊　渚", "ground": "記録書", "filed_on": "soon"}, "DATE_UNREADABLE"),
        ({"since": "DAY", "day": "令和9年1月1日", "building": "2階", "ground": "記録書"}, ""),
        ({"since": "DAY", "day": "", "building": "2階", "ground": "記録書"}, ""),
        ({"sex": "BOAT", "ground": "記録書"}, "ITEM_VALUE_WRONG"),
    ],
)
def test_bad_input_changes_nothing(kaede, given, code):
    before = now()
    answer = kaede.post(at(), given)
    assert answer.status_code == 422 and code in answer.text, html.unescape(answer.text)
    assert now() == before and not Filing.objects.exists()


def test_unknown_held_and_the_wrong_role(kaede, client):
    assert kaede.get(at("999999999999999")).status_code == 404
    protect(NAGISA)
    assert kaede.get(at()).status_code == kaede.post(at(), {"name": "x"}).status_code == 404
    staff.signed_in(client, staff.tsuru())
    assert client.get(at()).status_code == 403
