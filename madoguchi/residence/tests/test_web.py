"""A check from its beginning to the register: works, wrong role, unknown, bad input, held people."""

import pypdfium2 as pdfium
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from madoguchi.accounts import testing as staff
from madoguchi.accounts.api import approve, pending_approvals
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Refused
from madoguchi.protection.testing import protect
from madoguchi.register.api import persons_of
from madoguchi.register.testing import clerk, keep, make_version, resident_code
from madoguchi.residence.actions.cases import end_case, open_case
from madoguchi.residence.domain.case import Trigger
from madoguchi.residence.models import Case, CasePerson, EvidenceRow, LetterRow, VisitRow
from madoguchi.residence.queries.cases import find_case, list_cases, open_case_of
from madoguchi.residence.tests.checks import (
    GONE,
    HOME,
    NAGISA,
    NAMI,
    REMOVE,
    WENT,
    at,
    later,
    looked_into,
    opened,
)

pytestmark = pytest.mark.django_db


def test_two_people_take_somebody_off_the_register_after_all_that_it_wants(nagi):
    case_id = opened(nagi)
    assert "RESIDENCE_SOURCES_FEW" in nagi.post(at("propose", case_id), REMOVE).text
    looked_into(nagi, case_id)
    with later(35):
        page = nagi.get(at("case", case_id)).text
        assert "催告書" in page and "水道課" in page and "森、碇山" in page
        assert nagi.post(at("propose", case_id), REMOVE).status_code == 302
        # One person is not two.
        assert "RESIDENCE_SECOND_FIRST" in nagi.post(at("step", case_id), {"do": "carry_out"}).text
        assert persons_of([NAGISA])[NAGISA].status == "RESIDENT"
        kai = staff.actor_for(staff.kai())
        (asked,) = pending_approvals(kai)
        assert "港" not in str(asked) and "8月" not in str(asked)
        unit.run(approve, actor=kai, approval_id=asked.approval_id)
        assert "2人目が承認しました" in nagi.get(at("case", case_id)).text
        done = nagi.post(at("step", case_id), {"do": "carry_out"})
        assert done.status_code == 302, done.text
        row = Case.objects.get()
        assert (row.state, row.outcome, bool(row.register_filing_id)) == ("CLOSED", "REMOVE", True)
        found = persons_of([NAGISA, NAMI])
        assert {one.removal_reason for one in found.values()} == {"REMOVE_EX_OFFICIO"}
        assert "RESIDENCE_NOT_OPEN" in nagi.post(at("step", case_id), {"do": "end"}).text
        assert "港" in nagi.get(at("cases"), {"over": ""}).text


def test_what_the_register_asks_back_is_answered_and_the_removal_goes_on(nagi):
    """The head of three alone goes: who stays has none any more, and somebody has to have seen it."""
    keep(make_version("000000000000013", name="港　岬", household_no=HOME,
                      is_householder=False, relationship="子", resident_code=resident_code(13)))  # fmt: skip
    case_id = opened(nagi, person=[NAGISA])
    looked_into(nagi, case_id)
    with later(35):
        nagi.post(at("propose", case_id), REMOVE)
        kai = staff.actor_for(staff.kai())
        (asked,) = pending_approvals(kai)
        unit.run(approve, actor=kai, approval_id=asked.approval_id)
        answer = nagi.post(at("step", case_id), {"do": "carry_out"})
        assert answer.status_code == 422
        assert 'name="pass_HEAD_LEAVES_TWO_OR_MORE"' in answer.text
        assert persons_of([NAGISA])[NAGISA].status == "RESIDENT"
        again = {"do": "carry_out", "pass_HEAD_LEAVES_TWO_OR_MORE": "on"}
        assert nagi.post(at("step", case_id), again).status_code == 302
        assert persons_of([NAGISA])[NAGISA].removal_reason == "REMOVE_EX_OFFICIO"
        assert persons_of([NAMI])[NAMI].status == "RESIDENT"


def test_an_approval_of_a_proposal_taken_back_opens_nothing(nagi):
    case_id = opened(nagi)
    nagi.post(at("evidence", case_id), GONE)
    lives = {"outcome": "LIVES", "reason": "本人に会えた"}
    nagi.post(at("propose", case_id), lives)
    kai = staff.actor_for(staff.kai())
    (asked,) = pending_approvals(kai)
    unit.run(approve, actor=kai, approval_id=asked.approval_id)
    nagi.post(at("step", case_id), {"do": "withdraw"})
    nagi.post(at("propose", case_id), lives)
    assert "RESIDENCE_SECOND_FIRST" in nagi.post(at("step", case_id), {"do": "carry_out"}).text


def test_a_longer_list_asks_no_more_questions(nagi, django_assert_num_queries):
    looked_into(nagi, opened(nagi))
    actor = staff.actor_for(staff.nagi())
    with CaptureQueriesContext(connection) as one:
        assert len(list_cases(actor=actor)) == 1
    keep(make_version("000000000000021", household_no="000000000000902",
                      resident_code=resident_code(21)))  # fmt: skip
    unit.run(open_case, household_no="000000000000902", person_ids=["000000000000021"],
             trigger=Trigger.FAMILY, actor=actor, now=clock.now())  # fmt: skip
    with django_assert_num_queries(len(one)):
        assert len(list_cases(actor=actor)) == 2


def test_who_notified_after_all_ends_it_without_a_decision(nagi):
    case_id = opened(nagi)
    assert nagi.post(at("step", case_id), {"do": "end"}).status_code == 302
    assert "決定なし" in nagi.get(at("case", case_id)).text
    assert opened(nagi) != case_id


def test_papers_name_the_people_and_have_no_place_for_a_reading(nagi):
    case_id = opened(nagi)
    for paper, words in (("INQUIRY", "照会"), ("VISIT", "訪問票")):
        answer = nagi.post(at("paper", case_id), {"paper": paper})
        assert answer.headers["Content-Type"] == "application/pdf", answer.text
        pdf = pdfium.PdfDocument(answer.content)
        text = pdf[0].get_textpage().get_text_bounded()
        assert len(pdf) == 1 and words in text and "渚" in text
    assert "メーターの数字、料金" in text
    (letter,) = LetterRow.objects.all()
    assert (letter.answer_by - letter.drawn_on).days == 14


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [("evidence", GONE | {"source": "DOG"}, "FIELD_CHOICE"),
     ("evidence", GONE | {"asked_on": "soon"}, "DATE_UNREADABLE"),
     ("evidence", GONE | {"until": "2027-01-01"}, "RESIDENCE_DAY_AHEAD"),
     ("visit", WENT | {"on": "2026-09-01", "officers": "森"}, "RESIDENCE_ALONE"),
     ("propose", REMOVE | {"reason": ""}, "RESIDENCE_REASON_MISSING"),
     ("paper", {"paper": "URGE"}, "RESIDENCE_NOT_ASKED_YET"), ("paper", {"paper": "DOG"}, "BAD_INPUT"),
     ("step", {"do": "dance"}, "BAD_INPUT"), ("step", {"do": "withdraw"}, "RESIDENCE_NOT_PROPOSED")],
)  # fmt: skip
def test_bad_input_is_said_and_nothing_kept(nagi, name, given, code):
    case_id = opened(nagi)
    answer = nagi.post(at(name, case_id), given)
    assert answer.status_code == 422 and code in answer.text
    assert not EvidenceRow.objects.exists() and not VisitRow.objects.exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [({"person": [NAGISA]}, "RESIDENCE_TRIGGER_MISSING"),
     ({"trigger": "FAMILY"}, "RESIDENCE_PEOPLE_UNKNOWN"),
     ({"trigger": "FAMILY", "person": ["0" * 15]}, "RESIDENCE_PEOPLE_UNKNOWN")],
)  # fmt: skip
def test_a_check_wants_a_reason_and_people_of_that_home(nagi, given, code):
    answer = nagi.post(at("begin", HOME), given)
    assert answer.status_code == 422 and code in answer.text


def test_one_check_a_home_and_the_second_beginning_leads_to_the_first(nagi):
    case_id = opened(nagi)
    assert nagi.get(at("begin", HOME)).url == at("case", case_id)
    assert nagi.get(at("begin", "0" * 15)).status_code == 404


# -- who may know of it ----------------------------------------------------------------------------


def test_r6_the_desk_without_the_right_sees_no_check_at_all(nagi):
    case_id = opened(nagi)
    for member in (staff.kaede(), staff.tsuru()):
        staff.signed_in(nagi, member)
        for name, args in (("cases", ()), ("case", (case_id,)), ("begin", (HOME,))):
            assert nagi.get(at(name, *args)).status_code == 403
        for name in ("evidence", "visit", "propose", "step", "paper"):
            assert nagi.post(at(name, case_id)).status_code == 403


@pytest.mark.parametrize("name", ["case", "evidence", "visit", "propose", "step", "paper"])
def test_a_check_nobody_knows_is_not_there(nagi, name):
    asked = nagi.get if name == "case" else nagi.post
    given = {"step": {"do": "end"}, "propose": REMOVE, "evidence": GONE, "visit": WENT}.get(
        name, {}
    )
    assert asked(at(name, "x"), given).status_code == 404


def test_r7_a_check_about_somebody_held_is_not_there_for_others_and_no_paper_leaves(nagi):
    case_id = opened(nagi)
    protect(NAMI)
    # Who may see held people still sees it, but no paper leaves the office.
    assert nagi.get(at("case", case_id)).status_code == 200
    for paper in ("INQUIRY", "VISIT"):
        assert "RESIDENCE_NO_PAPER" in nagi.post(at("paper", case_id), {"paper": paper}).text
    assert not LetterRow.objects.exists()
    # A clerk who was given the right, and may not see held people.
    checker = clerk(Right.CHECK_RESIDENCE, Right.SEARCH, Right.FILE_CHANGE)
    assert list_cases(actor=checker) == () and find_case(case_id, actor=checker) is None
    assert open_case_of(HOME, actor=checker) is None
    with pytest.raises(Refused) as refusal:
        unit.run(end_case, case_id=case_id, actor=checker, now=clock.now())
    assert [one.code for one in refusal.value.problems] == ["RESIDENCE_UNKNOWN"]
    for people in ([NAMI], [NAGISA, NAMI]):
        with pytest.raises(Refused) as refusal:
            unit.run(
                open_case, household_no=HOME, person_ids=people, trigger=Trigger.FAMILY,
                actor=checker, now=clock.now(),
            )  # fmt: skip
        assert [one.code for one in refusal.value.problems] == ["RESIDENCE_PEOPLE_UNKNOWN"]


# -- what is kept ----------------------------------------------------------------------------------


def test_r8_what_was_found_is_never_changed_and_every_step_is_told(nagi):
    case_id = opened(nagi)
    nagi.post(at("evidence", case_id), GONE)
    for change in (
        lambda: EvidenceRow.objects.update(lives="LIVES"),
        EvidenceRow.objects.all().delete,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert EvidenceRow.objects.get().basis.startswith("住基法34条")
    nagi.get(at("case", case_id))
    said = [one.note for one in list_entries(wanted=EntryFilter()).entries]
    assert {"RESIDENCE_OPENED", "RESIDENCE_ANSWERED"} <= {one.action for one in said}
    assert CasePerson.objects.count() == 2
