"""The pages of a family run: works, wrong role, unknown, bad input, protected person."""

import pytest
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.appointments import testing as a
from madoguchi.infra.clock import frozen
from madoguchi.protection.testing import protect
from madoguchi.visits.models import Run, RunStep
from madoguchi.visits.testing import HOUSEHOLD, family

pytestmark = pytest.mark.django_db
PAGES = ("runs", "run_new", "run", "run_sheet")


def at(name, *args):
    return reverse(f"visits:{name}", args=args)


def text(answer):
    return answer.content.decode()


@pytest.fixture
def kaede(client):
    with frozen(a.NOW):
        yield staff.signed_in(client, staff.kaede())


@pytest.fixture
def people():
    return family()


def start(client, **given):
    values = {"household_no": HOUSEHOLD, "reason": "MOVE_IN", "filed_on": "2027-01-18"}
    client.post(at("run_new"), values | given)
    return Run.objects.get().run_id


def told(people, **special):
    found = {}
    for one in people:
        found |= {f"has_{one}": "on", f"here_{one}": "on", f"card_{one}": "on", f"pin_{one}": "KNOWN",
                  f"lines_{one}": "1"}  # fmt: skip
    return found | special


# -- works -----------------------------------------------------------------------------------


def test_from_the_search_to_the_sheet_to_take_home(kaede, people):
    assert "の世帯" not in text(kaede.get(at("runs")))
    assert HOUSEHOLD in text(kaede.get(at("runs"), {"q": people[0]}))
    assert "湊" in text(kaede.get(at("run_new"), {"household_no": HOUSEHOLD}))
    run_id = start(kaede, moved_in_on="2027-01-10", planned_out_on="2027-01-09")
    assert "番号は聞きません" in text(kaede.get(at("run", run_id)))
    absent = told(people)
    del absent[f"card_{people[3]}"]
    assert kaede.post(at("run_tell", run_id), absent).status_code == 302
    shown = text(kaede.get(at("run", run_id)))
    assert (
        "カードを持って来ていない" in shown and "継続利用の最後の日" in shown and "R9.4.18" in shown
    )
    assert kaede.post(at("run_do", run_id), {"step": f"{people[0]}:CONTINUE"}).status_code == 302
    assert 'class="done"' in text(kaede.get(at("run", run_id)))
    paper = text(kaede.get(at("run_sheet", run_id)))
    assert "カードを持って、窓口に来てください" in paper and "令和9年4月18日" in paper
    assert "紙に書いて持ってこないで" in paper
    assert kaede.post(at("run_undo", run_id)).status_code == 302
    assert RunStep.objects.get().undone_at
    assert kaede.post(at("run_keep", run_id), {"at": "2027-01-19 600"}).status_code == 302
    assert "10:00〜" in text(kaede.get(at("run", run_id)))
    assert "窓口をおとりしています" in text(kaede.get(at("run_sheet", run_id)))
    assert "途中" in text(kaede.get(at("runs")))
    kaede.post(at("run_close", run_id))
    assert "この手続きは終わっています" in text(kaede.get(at("run", run_id)))


def test_the_sheet_of_a_finished_run_says_nothing_is_left(kaede, people):
    run_id = start(kaede, reason="RENAME")
    kaede.post(at("run_tell", run_id), told(people))
    while RunStep.objects.count() < 8:
        step = text(kaede.get(at("run", run_id))).split('name="step" value="')[1].split('"')[0]
        kaede.post(at("run_do", run_id), {"step": step})
    assert "きょうできることは、全部すみました" in text(kaede.get(at("run", run_id)))
    assert "残っていることはありません" in text(kaede.get(at("run_sheet", run_id)))


# -- who may, and what is wrong --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "args"),
    [("runs", []), ("run_new", []), *[(one, ["x"]) for one in (
        "run", "run_sheet", "run_tell", "run_do", "run_undo", "run_keep", "run_close")]],
)  # fmt: skip
def test_the_wrong_role_is_refused(client, name, args):
    staff.signed_in(client, staff.tsuru())
    asked = client.get if name in PAGES else client.post
    assert asked(at(name, *args)).status_code == 403


@pytest.mark.parametrize(
    "name", ["run", "run_sheet", "run_tell", "run_do", "run_undo", "run_keep", "run_close"]
)
def test_an_unknown_run_is_not_there(kaede, name):
    asked = kaede.get if name in PAGES else kaede.post
    given = {"at": "2027-01-19 600"} if name == "run_keep" else {}
    answer = asked(at(name, "x"), given)
    assert answer.status_code == 404 and "RUN_UNKNOWN" in text(answer)


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [("run_tell", {}, "RUN_MEMBER_UNREADABLE"), ("run_do", {"step": "x"}, "RUN_STEP_NOT_LEFT"),
     ("run_undo", {}, "RUN_STEP_NOT_YOURS"), ("run_keep", {"at": "x"}, "RUN_TERMINAL_DAY_OVER"),
     ("run_keep", {"at": "2027-01-19 600"}, "RUN_NEEDS_NO_TERMINAL")],
)  # fmt: skip
def test_bad_input_is_said(kaede, people, name, given, code):
    answer = kaede.post(at(name, start(kaede)), given)
    assert answer.status_code == 422 and code in text(answer)


def test_a_family_without_cards_and_a_line_too_many(kaede, people):
    run_id = start(kaede)
    none = {key: value for key, value in told(people).items() if not key.startswith("has_")}
    answer = kaede.post(at("run_tell", run_id), none | {f"lines_{people[0]}": "9"})
    assert answer.status_code == 422
    for code in ("RUN_NO_CARDS", "RUN_LINES_UNKNOWN", "RUN_CARD_OF_NONE"):
        assert code in text(answer)


@pytest.mark.parametrize(
    ("given", "code"),
    [({"reason": "X"}, "FIELD_CHOICE"), ({"filed_on": ""}, "FIELD_REQUIRED"),
     ({"filed_on": "2027-01-19"}, "RUN_FILED_LATER"), ({"moved_in_on": "2027-01-19"}, "RUN_MOVED_LATER")],
)  # fmt: skip
def test_nothing_is_begun_with_bad_input(kaede, people, given, code):
    values = {"household_no": HOUSEHOLD, "reason": "MOVE_IN", "filed_on": "2027-01-18"}
    answer = kaede.post(at("run_new"), values | given)
    assert answer.status_code == 422 and code in text(answer)
    assert not Run.objects.exists()


@pytest.mark.parametrize("number", ["", "x", "0" * 15])
def test_a_household_nobody_knows_is_not_there(kaede, number):
    assert kaede.get(at("run_new"), {"household_no": number}).status_code == 404


def test_a_protected_household_is_not_there(kaede, people):
    run_id = start(kaede)
    for one in people:
        protect(one)
    assert kaede.get(at("run_new"), {"household_no": HOUSEHOLD}).status_code == 404
    assert kaede.get(at("run", run_id)).status_code == 404
    assert kaede.get(at("run_sheet", run_id)).status_code == 404
    assert "の世帯" not in text(kaede.get(at("runs"))) and "湊" not in text(kaede.get(at("runs")))
