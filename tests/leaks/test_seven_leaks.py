"""The seven leaks on record (register.md §5), from the first screen to the last paper.

What protection alone can prove stands in its own ``tests/test_leaks.py``; here the rooms are
taken together, as a clerk uses them.
"""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from itertools import product

import pypdfium2
import pytest
from django.test import Client

from madoguchi.accounts import testing as staff
from madoguchi.certificates import testing as papers
from madoguchi.certificates.actions.continuing import ask_unlock
from madoguchi.certificates.actions.drawing import Drawn, NotDrawn
from madoguchi.certificates.actions.making import paper_path
from madoguchi.certificates.actions.releasing import check_out
from madoguchi.certificates.domain.asking import Applicant, Evidence
from madoguchi.certificates.domain.definition import Ledger
from madoguchi.certificates.domain.definitions import DEFINITIONS
from madoguchi.certificates.domain.issue import State
from madoguchi.certificates.domain.kinds import (
    FREE_OF_CHARGE,
    MACHINES,
    OMITTED_UNLESS_ASKED,
    Channel,
    Kind,
    Omit,
)
from madoguchi.certificates.models import Request
from madoguchi.infra import clock, unit
from madoguchi.kernel.outcome import Refused
from madoguchi.protection.actions.endings import grant_end, propose_end
from madoguchi.protection.actions.errands import receive_town_request
from madoguchi.protection.actions.measures import confirm_system, set_measure
from madoguchi.protection.actions.unlocks import grant_unlock
from madoguchi.protection.domain.measures import MeasureState
from madoguchi.protection.testing import (
    CHIEF,
    CLERK,
    SENIOR,
    confirm_everywhere,
    protect,
    version_of,
)
from madoguchi.register.api import filing as register_filing
from madoguchi.register.domain.reasons import Reason
from madoguchi.register.testing import commands
from tests.leaks import town
from tests.leaks.town import IDS

pytestmark = pytest.mark.django_db

#: Made from the resident record, for whoever of the household asks.
KINDS = sorted(one.kind for one in DEFINITIONS.values() if one.ledger is Ledger.RECORD)
#: A machine takes no document and has no second officer: its own test stands below.
CHANNELS = tuple(channel for channel in Channel if channel not in MACHINES)
NEW_HOME = "鹿児島県大島郡せとうち町大字諸鈍55番地"
NEW_TOWN = "長崎県五島市福江町1番1号"
EVERYTHING = OMITTED_UNLESS_ASKED - {Omit.INDIVIDUAL_NUMBER}
PAPERS_OF = {
    Applicant.SELF: frozenset({Evidence.DRIVING_LICENCE}),
    Applicant.HOUSEHOLD: frozenset({Evidence.DRIVING_LICENCE}),
    Applicant.PROXY: frozenset({Evidence.DRIVING_LICENCE, Evidence.LETTER_OF_PROXY}),
    Applicant.THIRD_PARTY: frozenset({Evidence.DRIVING_LICENCE, Evidence.REASON_PROOF}),
}


def press(person_id, *, actor, **given):
    """Press the button; return what came of it, or the code of the refusal."""
    try:
        return papers.ask(person_id, actor=actor, **given)
    except Refused as refused:
        return refused.problems[0].code


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return "".join(pages).replace("\n", "").replace("\r", "")


# --- Mitaka 2020: both warnings clicked away by one person ---------------------------------------


@pytest.mark.parametrize("who", ["nagi", "kai"])
def test_mitaka_nobody_alone_comes_from_the_search_to_a_paper(who):
    """The officer does everything the pages offer; what is missing is the other officer."""
    town.settle("rin")
    protect(IDS.rin, state=MeasureState.FULL)
    client = staff.signed_in(Client(), getattr(staff, who)())
    assert "潮" in client.get("/register/search/", {"q": "潮　凛"}).content.decode()
    assert "守られています" in client.get(f"/person/{IDS.rin}/").content.decode()
    given = {"person": IDS.rin, "applicant": "SELF", "photo": ["DRIVING_LICENCE"], "copies": "1",
             "kind": "resident_record_household", "chosen": [IDS.rin]}  # fmt: skip
    assert client.post("/certificates/new/", given).status_code == 302
    request = Request.objects.get()
    at = f"/certificates/{request.request_id}/"
    client.post(f"{at}unlock/", {"reason": "本人を対面で確かめた"})
    (waiting,) = _unlocks()
    client.post(f"/protection/second/{waiting}/grant/")
    for step in ("continue/", "hand-over/"):
        client.post(at + step, {"paid_yen": "300"})
    # Pressing again from the start, or accepting every alert, does not help either.
    client.post("/certificates/new/", given | {"accepts_alerts": "on"})
    assert set(Request.objects.values_list("state", flat=True)) == {State.LOCKED}
    for one in Request.objects.all():
        answer = client.get(f"/certificates/{one.request_id}/copies/1/")
        assert not answer.content.startswith(b"%PDF")


def test_mitaka_with_a_second_named_officer_one_paper_leaves_and_both_are_on_record():
    town.settle("rin")
    protect(IDS.rin, state=MeasureState.FULL)
    request_id = papers.ask(IDS.rin, actor=SENIOR).request_id
    _second_officer(request_id)
    assert isinstance(papers.ask(IDS.rin, actor=SENIOR, request_id=request_id), Drawn)
    assert papers.make(request_id, actor=SENIOR) is State.RELEASED
    with pytest.raises(Refused):
        _print(request_id, actor=CHIEF)  # the second officer examines, and prints nothing
    assert "潮" in text_of(_print(request_id, actor=SENIOR))
    from madoguchi.audit.api import list_entries

    done = {(one.note.action, one.note.staff_id) for one in list_entries(limit=200).entries}
    assert {("PROTECTION_UNLOCK_PROPOSED", "nagi"), ("PROTECTION_UNLOCK_GRANTED", "kai")} <= done


# --- Inuyama 2018: "fine to issue" by word, the new address on the family's paper ----------------


def _mother_leaves(*, to_another_town: bool) -> None:
    """The mother and the baby leave the father's household for a place he must not know."""
    town.settle("father", "mother", "eldest", "baby")
    protect(IDS.mother, together=[IDS.baby], state=MeasureState.FULL)
    filing = commands.Filing(effective="令和8年10月1日", filed_on=datetime(2026, 10, 1).date())
    gone = (IDS.mother, IDS.baby)
    actor = town.senior()
    if to_another_town:
        leave = commands.PlanMoveOut(
            filing=filing, reason=Reason.MOVE_OUT_DOMESTIC, person_ids=gone, to=NEW_TOWN
        )
        with clock.frozen(datetime(2026, 10, 1, 9, tzinfo=clock.JAPAN)):
            unit.run(register_filing.file_change, actor=actor, command=leave, passed=_ALERTS)
        return
    standings = {
        IDS.mother: commands.Standing(relationship="世帯主", is_householder=True),
        IDS.baby: commands.Standing(relationship="子", is_householder=False),
    }
    move = commands.ChangeAddress(
        filing=filing, person_ids=gone, postcode="894-2401", address=NEW_HOME, building="",
        standings=standings,
    )  # fmt: skip
    with clock.frozen(datetime(2026, 10, 1, 9, tzinfo=clock.JAPAN)):
        unit.run(register_filing.file_change, actor=actor, command=move, passed=_ALERTS)


_ALERTS = ("HEAD_LEAVES_TWO_OR_MORE", "MOVE_OUT_FILED_LATE", "FILED_LATE", "MEMBERS_LEFT_BEHIND")
LATER = datetime(2026, 11, 23, 10, tzinfo=clock.JAPAN)


@pytest.mark.parametrize("to_another_town", [False, True])
def test_inuyama_no_paper_of_the_others_tells_where_they_went(to_another_town):
    _mother_leaves(to_another_town=to_another_town)
    hidden = (NEW_HOME[8:], NEW_TOWN[3:], "湊　渚", "湊　凪", "諸鈍", "五島")
    drawn = 0
    with clock.frozen(LATER):
        for actor, kind, channel, applicant in product(
            (CLERK, SENIOR), KINDS, CHANNELS, (Applicant.SELF,)
        ):
            for person in ("father", "eldest"):
                asked = EVERYTHING - (
                    frozenset({Omit.DOMICILE}) if channel is Channel.WIDE_AREA else frozenset()
                )
                found = press(
                    getattr(IDS, person), actor=actor, kind=kind, channel=channel,
                    applicant=applicant, seen=PAPERS_OF[applicant],
                    asked_for=asked,
                )  # fmt: skip
                if isinstance(found, Drawn):
                    drawn += 1
                    said = str(Request.objects.get(request_id=found.request_id).content)
                    assert not [word for word in hidden if word in said]
    assert drawn == 2 * 3 * len(CHANNELS) * 2  # their own papers are theirs to have


@pytest.mark.parametrize("kind", ["resident_record_household", "resident_record_individual"])
def test_inuyama_the_printed_page_itself_tells_nothing(kind):
    _mother_leaves(to_another_town=True)
    with clock.frozen(LATER):
        request_id = papers.released(IDS.father, kind=Kind(kind), applicant=Applicant.HOUSEHOLD)
        said = text_of(_print(request_id, actor=CLERK))
    assert "湊" in said
    assert not [word for word in ("湊　渚", "湊　凪", "五島", "長崎") if word in said]


@pytest.mark.parametrize("applicant", [Applicant.HOUSEHOLD, Applicant.PROXY, Applicant.THIRD_PARTY])
@pytest.mark.parametrize("channel", CHANNELS)
def test_inuyama_their_removed_record_is_not_for_the_others(channel, applicant):
    """The 除票 is where the new town stands."""
    _mother_leaves(to_another_town=True)
    with clock.frozen(LATER):
        asked = {"kind": Kind.REMOVED_RECORD, "channel": channel, "applicant": applicant,
                 "seen": PAPERS_OF[applicant]}  # fmt: skip
        assert press(IDS.mother, actor=CLERK, **asked) == "UNKNOWN_PERSON"
        found = press(IDS.mother, actor=SENIOR, **asked)
        assert isinstance(found, NotDrawn)
        if applicant is Applicant.HOUSEHOLD:
            # Not even two officers: where they went is theirs alone.
            assert found.state is State.REFUSED
        else:
            assert found.state is State.LOCKED
        if applicant is Applicant.PROXY:
            with pytest.raises(Refused):
                _second_officer(found.request_id)


@pytest.mark.parametrize("kind", KINDS)
def test_inuyama_nothing_of_theirs_goes_by_post_to_the_household(kind):
    _mother_leaves(to_another_town=kind is Kind.REMOVED_RECORD)
    with clock.frozen(LATER):
        found = press(IDS.mother, actor=SENIOR, kind=kind, channel=Channel.MAIL,
                      applicant=Applicant.HOUSEHOLD)  # fmt: skip
        if found.state is State.LOCKED:
            with pytest.raises(Refused):
                _second_officer(found.request_id)
        else:
            assert found.state is State.REFUSED


# --- Hirakata 2019: one system did not know the flag ----------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("kind", KINDS)
def test_hirakata_one_flag_governs_every_kind_on_every_channel(kind, channel):
    removed = kind is Kind.REMOVED_RECORD
    one, mate = (IDS.ume, IDS.daughter) if removed else (IDS.baby, IDS.father)
    town.settle("ume", "daughter", "father", "mother", "baby")
    asked = {"kind": kind, "channel": channel}
    assert isinstance(press(one, actor=CLERK, **asked), Drawn)
    protect(one)  # accepted a moment ago, confirmed nowhere yet: that is enough
    assert press(one, actor=CLERK, **asked) == "UNKNOWN_PERSON"
    for actor in (SENIOR, CHIEF):
        locked = press(one, actor=actor, **asked)
        assert isinstance(locked, NotDrawn) and locked.state is State.LOCKED
    if not removed:  # who shares the address hears the neutral words, chosen or not
        for chosen in ((), (mate,)):
            refused = press(mate, actor=CLERK, chosen_ids=chosen, **asked)
            assert isinstance(refused, NotDrawn)
            assert [found.code for found in refused.problems] == ["NOT_AVAILABLE_HERE"]


def test_hirakata_the_flag_governs_machines_too():
    town.settle("father", "mother", "baby", "haru")
    everybody = (IDS.father, IDS.mother, IDS.haru)
    for person_id in everybody:
        assert not papers.offered(person_id).refused
        assert isinstance(papers.choose(person_id), Drawn)
    protect(IDS.baby)
    protect(IDS.haru)
    for person_id in everybody:
        assert papers.offered(person_id).refused
        assert isinstance(papers.choose(person_id), NotDrawn)


def test_hirakata_the_flag_governs_the_other_ledgers_too():
    """A seal and a tax row of a held person say no more than the record does."""
    town.settle("rin", "haru")
    for person_id in (IDS.rin, IDS.haru):
        papers.register_seal(person_id)
        papers.assess(person_id)
    protect(IDS.rin)
    # Of a 転出証明書 the same is told where one is filed (certificates/tests/test_move_out.py).
    for kind in set(Kind) - set(KINDS) - FREE_OF_CHARGE:
        asked = {"kind": kind, "seen": frozenset({Evidence.MY_NUMBER_CARD})}
        assert isinstance(press(IDS.haru, actor=CLERK, **asked), Drawn)
        assert press(IDS.rin, actor=CLERK, **asked) == "UNKNOWN_PERSON"
        locked = press(IDS.rin, actor=SENIOR, **asked)
        assert isinstance(locked, NotDrawn) and locked.state is State.LOCKED
    assert papers.offered(IDS.rin) == papers.offered(town.person_of(9_999))
    assert papers.offered(IDS.rin, channel="WEB").refused


# --- Izumo 2021 and Oamishirasato 2023: nobody did it, everybody thought somebody had -------------


def test_izumo_another_towns_request_stands_on_every_home_until_the_last_system():
    town.settle("rin")
    errand_id = unit.run(
        receive_town_request, actor=SENIOR, kind="SET", from_town="322032", reference_no="市第5号"
    )
    homes = [staff.signed_in(Client(), one()) for one in (staff.nagi, staff.kai)]
    assert all("まだ効いていない" in _home(one) for one in homes)
    measure_id = unit.run(
        set_measure, actor=SENIOR, applicant_id=IDS.rin, accepted_on=clock.today(),
        from_town="322032", errand_id=errand_id,
    )  # fmt: skip
    # It holds at once, here; the errand stays until the other systems have it too.
    assert press(IDS.rin, actor=CLERK) == "UNKNOWN_PERSON"
    from madoguchi.protection.queries.errands import find_errand

    for channel in find_errand(errand_id).waiting:
        assert all("まだ効いていない" in _home(one) for one in homes)
        unit.run(confirm_system, actor=CHIEF, errand_id=errand_id, channel=channel)
    assert not any("まだ効いていない" in _home(one) for one in homes)
    assert measure_id


def test_oamishirasato_from_acceptance_on_nothing_leaves_and_the_home_says_so():
    town.settle("rin")
    measure_id = protect(IDS.rin)
    nagi, kaede = (staff.signed_in(Client(), one()) for one in (staff.nagi, staff.kaede))
    assert "まだ効いていない" in _home(nagi)
    assert "まだ効いていない" not in _home(
        kaede
    )  # a clerk without the right is told nothing at all
    assert press(IDS.rin, actor=CLERK) == "UNKNOWN_PERSON"
    confirm_everywhere(measure_id)
    assert "まだ効いていない" not in _home(nagi)
    assert press(IDS.rin, actor=CLERK) == "UNKNOWN_PERSON"


# --- Okayama 2024: unlocked for A, printed B ------------------------------------------------------


def test_okayama_an_unlock_opens_one_request_of_one_person_of_one_kind():
    town.settle("rin", "haru")
    for one in (IDS.rin, IDS.haru):
        protect(one, state=MeasureState.FULL)
    of_rin = papers.ask(IDS.rin, actor=SENIOR).request_id
    of_haru = papers.ask(IDS.haru, actor=SENIOR).request_id
    _second_officer(of_rin)
    for person, request_id, kind in (
        (IDS.haru, of_rin, Kind.RESIDENT_RECORD_HOUSEHOLD),  # B under A's request
        (IDS.haru, of_haru, Kind.RESIDENT_RECORD_HOUSEHOLD),  # B under its own, not unlocked
        (IDS.rin, of_haru, Kind.RESIDENT_RECORD_HOUSEHOLD),  # A under B's
        (IDS.rin, of_rin, Kind.RESIDENT_RECORD_INDIVIDUAL),  # A's request, another form
        (IDS.rin, "", Kind.RESIDENT_RECORD_HOUSEHOLD),  # A, a request of its own
    ):
        found = press(person, actor=SENIOR, request_id=request_id, kind=kind)
        assert not isinstance(found, Drawn)
    assert press(IDS.rin, actor=CHIEF, request_id=of_rin) != State.DRAWN  # another officer's
    assert isinstance(papers.ask(IDS.rin, actor=SENIOR, request_id=of_rin), Drawn)
    (row,) = Request.objects.filter(state=State.DRAWN)
    assert row.subject_ids == [IDS.rin]


def test_okayama_an_unlock_ends_with_its_minutes_even_on_finished_paper():
    town.settle("rin")
    protect(IDS.rin, state=MeasureState.FULL)
    start = datetime(2026, 11, 23, 10, tzinfo=clock.JAPAN)
    with clock.frozen(start):
        request_id = papers.ask(IDS.rin, actor=SENIOR).request_id
        _second_officer(request_id)
        papers.ask(IDS.rin, actor=SENIOR, request_id=request_id)
        assert papers.make(request_id, actor=SENIOR) is State.RELEASED
    with clock.frozen(start + timedelta(minutes=16)):
        found = _print(request_id, actor=SENIOR)
    assert not isinstance(found, bytes)


def test_a_statutory_agent_is_examined_and_a_proxy_refused():
    """A guardian is not a proxy: what they ask for is looked at, not sent away."""
    town.settle("rin")
    protect(IDS.rin, state=MeasureState.FULL)
    seen = {Evidence.DRIVING_LICENCE, Evidence.GUARDIANSHIP_PROOF, Evidence.LETTER_OF_PROXY}
    asked = {
        one: papers.ask(IDS.rin, actor=SENIOR, applicant=one, seen=frozenset(seen)).request_id
        for one in (Applicant.STATUTORY_AGENT, Applicant.PROXY)
    }
    _second_officer(asked[Applicant.STATUTORY_AGENT])
    with pytest.raises(Refused):
        _second_officer(asked[Applicant.PROXY])


# --- Meguro 2025: a stale list released who had applied anew --------------------------------------


def test_meguro_who_applied_anew_stays_out_of_reach_of_a_list_made_before():
    town.settle("rin", "haru")
    with clock.frozen(datetime(2025, 5, 1, 9, tzinfo=clock.JAPAN)):
        measures = [protect(one, state=MeasureState.FULL) for one in (IDS.rin, IDS.haru)]
    with clock.frozen(datetime(2026, 5, 7, 9, tzinfo=clock.JAPAN)):
        listed = [(one, version_of(one)) for one in measures]
        unit.run(propose_end, listed, actor=SENIOR, reason="MAYOR", words="期間経過の整理")
        protect(IDS.rin)  # applies anew while the list lies on the desk
        with pytest.raises(Refused):
            unit.run(grant_end, listed, actor=CHIEF)
        client = staff.signed_in(Client(), staff.kaede())
        for one in (IDS.rin, IDS.haru):
            assert client.get(f"/person/{one}/").status_code == 404
            assert press(one, actor=CLERK) == "UNKNOWN_PERSON"
        unit.run(grant_end, listed[1:], actor=CHIEF)
        assert client.get(f"/person/{IDS.rin}/").status_code == 404
        assert client.get(f"/person/{IDS.haru}/").status_code == 200


def _second_officer(request_id: str) -> None:
    """Ask for the unlock of this request as Nagi, grant it as Kai."""
    unlock_id = unit.run(
        ask_unlock, request_id=request_id, actor=SENIOR, now=clock.now(),
        reason="対面で確かめた", is_perpetrator=False,
    )  # fmt: skip
    unit.run(grant_unlock, actor=CHIEF, unlock_id=unlock_id)


def _print(request_id: str, *, actor):
    return unit.run(
        check_out, request_id=request_id, copy_no=1, path=paper_path(request_id, 1), actor=actor,
        now=clock.now(),
    )  # fmt: skip


def _unlocks() -> list[str]:
    from madoguchi.protection.models import Unlock

    return list(Unlock.objects.values_list("unlock_id", flat=True))


def _home(client: Client) -> str:
    return client.get("/desk/").content.decode()


# --- the record of it all --------------------------------------------------------------------------


def test_who_reads_the_record_without_the_right_cannot_tell_who_is_held():
    """Sango keeps the machines and reads the record; whom it concerns is not hers to know."""
    town.settle("rin", "father", "mother", "baby")
    protect(IDS.rin, state=MeasureState.FULL)
    protect(IDS.baby)
    request_id = papers.ask(IDS.rin, actor=SENIOR).request_id
    _second_officer(request_id)
    papers.ask(IDS.father, actor=CLERK)  # refused in neutral words
    sango, kai = (staff.signed_in(Client(), one()) for one in (staff.sango, staff.kai))
    listed = sango.get("/audit/").content.decode()
    assert "PROTECTION_ACCEPTED" in listed or "支援措置" in listed  # that something was done
    assert not [one for one in (IDS.rin, IDS.baby, IDS.father) if one in listed]
    for person in (IDS.rin, IDS.baby, IDS.father):
        asked = f"/audit/?person={person}&kind=CHANGE"
        assert "条件の記録はありません" in sango.get(asked).content.decode()
        assert "条件の記録はありません" not in kai.get(asked).content.decode()
