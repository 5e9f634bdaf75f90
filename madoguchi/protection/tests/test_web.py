"""Pages: works, wrong role, somebody else's object, bad input, protected person."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.infra import clock, unit
from madoguchi.protection import models
from madoguchi.protection.actions.endings import propose_end
from madoguchi.protection.actions.errands import receive_town_request
from madoguchi.protection.api import Use, gate, list_accepted_not_effective, propose_unlock
from madoguchi.protection.domain.measures import MeasureState
from madoguchi.protection.queries.errands import list_errands_of
from madoguchi.protection.queries.measures import measures_by_id
from madoguchi.protection.testing import CHIEF, CLERK, SENIOR, protect, version_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def nagi(client):
    return staff.signed_in(client, staff.nagi())


@pytest.fixture
def kai(client_of):
    return client_of(staff.kai())


@pytest.fixture
def client_of():
    from django.test import Client

    return lambda member: staff.signed_in(Client(), member)


def text(answer) -> str:
    return answer.content.decode()


ACCEPT = {
    "applicant_id": "rin",
    "together_ids": "rin-child\nrin-mother",
    "category": "STALKING",
    "scope": ["COPIES", "VIEWING"],
    "accepted_on": "R8.4.1",
    "from_town": "",
    "reference": "元交際相手。",
    "errand_id": "",
}


def test_accepting_holds_everybody_named(nagi):
    answer = nagi.post(reverse("protection:accept"), ACCEPT)
    (measure,) = measures_by_id(models.Measure.objects.values_list("measure_id", flat=True))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("protection:detail", args=[measure.measure_id])
    assert measure.person_ids == {"rin", "rin-child", "rin-mother"}
    assert measure.accepted_on.isoformat() == "2026-04-01"
    assert gate(measure.person_ids, actor=CLERK, use=Use.VIEW).blocked == measure.person_ids
    page = text(nagi.get(answer["Location"]))
    assert "受付（未完了）" in page and "元交際相手。" in page and "rin-child" in page


def test_bad_input_is_told_all_at_once_and_nothing_is_lost(nagi):
    bad = {**ACCEPT, "applicant_id": "", "accepted_on": "R8.2.30", "from_town": "12", "scope": []}
    answer = nagi.post(reverse("protection:accept"), bad)
    page = text(answer)
    assert answer.status_code == 422
    assert "4つのことを確かめてください" in page
    assert "DATE_NOT_IN_CALENDAR" in page and "元交際相手。" in page
    assert not models.Measure.objects.exists()


def test_the_rules_own_refusals_stand_beside_the_fields(nagi):
    bad = {**ACCEPT, "together_ids": "rin", "reference": "1234 5678 9018"}
    answer = nagi.post(reverse("protection:accept"), bad)
    assert answer.status_code == 422
    assert "PROTECTION_SAME_PERSON" in text(answer)
    assert not models.Measure.objects.exists()


def every_page() -> list[str]:
    measure_id = protect("rin", state=MeasureState.FULL)
    return [
        reverse("protection:list"),
        reverse("protection:accept"),
        reverse("protection:detail", args=[measure_id]),
        reverse("protection:second"),
        reverse("protection:errands"),
        reverse("protection:blocks"),
    ]


def every_deed() -> list[str]:
    measure_id = protect("haru", state=MeasureState.FULL)
    one = ("confirm", "extend", "forward", "propose_end")
    other = (
        "grant_unlock", "decline_unlock", "decline_end", "confirm_system", "attach",
        "clear_block", "open_block",
    )  # fmt: skip
    plain = ("accept", "grant_ends", "receive", "set_block")
    return [
        *(reverse(f"protection:{name}", args=[measure_id]) for name in one),
        *(reverse(f"protection:{name}", args=["x"]) for name in other),
        *(reverse(f"protection:{name}") for name in plain),
    ]


def test_those_with_the_right_see_every_page(nagi, kai):
    for url in every_page():
        for officer in (nagi, kai):
            assert officer.get(url).status_code == 200, url


@pytest.mark.parametrize("member", [staff.kaede, staff.tsuru, staff.sango])
def test_those_without_the_right_see_and_do_nothing(client_of, member):
    client = client_of(member())
    protect("rin")
    for url in every_page():
        answer = client.get(url)
        assert answer.status_code == 403, url
        assert "rin" not in text(answer)
    before = list(models.Measure.objects.order_by("case_no").values_list("version", "state"))
    for url in every_deed():
        assert client.post(url, {}).status_code == 403, url
    after = list(models.Measure.objects.order_by("case_no").values_list("version", "state"))
    assert after[: len(before)] == before


def test_a_senior_can_neither_end_nor_clear(nagi):
    measure_id = protect("rin", state=MeasureState.FULL)
    pair = f"{measure_id}:{version_of(measure_id)}"
    assert nagi.post(reverse("protection:grant_ends"), {"pair": pair}).status_code == 403
    assert nagi.post(reverse("protection:clear_block", args=["x"])).status_code == 403
    assert gate(["rin"], actor=CLERK, use=Use.VIEW).blocked == {"rin"}


def test_an_unknown_measure_is_simply_not_found(nagi):
    assert nagi.get(reverse("protection:detail", args=["nobody"])).status_code == 404


def test_a_look_is_recorded_before_the_page_leaves(nagi):
    protect("rin", together=["rin-child"])
    nagi.get(reverse("protection:list"))
    entries = list_entries(wanted=EntryFilter(action="PROTECTION_LIST")).entries
    assert entries[0].note.subjects == ("rin", "rin-child")
    assert entries[0].note.staff_id == "nagi"


def test_the_list_names_what_is_not_in_effect_on_top(nagi):
    with clock.frozen(datetime(2020, 4, 1, 9, tzinfo=clock.JAPAN)):
        protect("haru", state=MeasureState.FULL)
    protect("rin")
    page = text(nagi.get(reverse("protection:list")))
    assert "まだ有効になっていないものが 1件" in page
    assert "期間を過ぎています" in page
    assert page.index("受付（未完了）") < page.index("期間を過ぎています")


def test_from_acceptance_to_extension_by_pages_alone(nagi):
    with clock.frozen(datetime(2026, 4, 1, 9, tzinfo=clock.JAPAN)):
        nagi.post(reverse("protection:accept"), ACCEPT)
        measure_id = models.Measure.objects.get().measure_id
        (errand,) = list_errands_of(measure_id, actor=SENIOR)
        for channel in errand.waiting:
            url = reverse("protection:confirm_system", args=[errand.errand_id])
            assert nagi.post(url, {"channel": channel}).status_code == 302
        assert list_accepted_not_effective(actor=SENIOR) == ()
        answer = nagi.post(
            reverse("protection:confirm", args=[measure_id]),
            {"version": 2, "begins_on": "令和8年4月1日", "ground": "COURT_ORDER"},
        )
        assert answer.status_code == 302
        page = text(nagi.get(reverse("protection:detail", args=[measure_id])))
        assert "令和9年3月31日" in page and "令和9年2月28日" in page
        early = nagi.post(reverse("protection:extend", args=[measure_id]), {"version": 3})
        assert early.status_code == 422 and "PROTECTION_TOO_EARLY" in text(early)
    with clock.frozen(datetime(2027, 3, 1, 9, tzinfo=clock.JAPAN)):
        page = text(nagi.get(reverse("protection:detail", args=[measure_id])))
        assert "1年 延長する" in page and "令和10年3月31日" in page
        nagi.post(reverse("protection:extend", args=[measure_id]), {"version": 3})
    (measure,) = measures_by_id([measure_id])
    assert measure.period.ends_on.isoformat() == "2028-03-31"


def test_a_page_left_open_over_a_change_does_nothing(nagi):
    with clock.frozen(datetime(2026, 4, 1, 9, tzinfo=clock.JAPAN)):
        measure_id = protect("rin", state=MeasureState.FULL)
    shown = version_of(measure_id)
    with clock.frozen(datetime(2027, 3, 10, 9, tzinfo=clock.JAPAN)):
        protect("rin")
        answer = nagi.post(reverse("protection:extend", args=[measure_id]), {"version": shown})
        assert answer.status_code == 422 and "STALE_STATE" in text(answer)
        # The page that answers carries the live version, so the officer looks and decides.
        assert f'name="version" value="{shown + 1}"' in text(answer)
    (measure,) = measures_by_id([measure_id])
    assert measure.period.ends_on.isoformat() == "2027-03-31"


def test_ending_by_pages_takes_two(nagi, kai):
    measure_id = protect("rin", state=MeasureState.FULL)
    version = version_of(measure_id)
    given = {"version": version, "reason": "REQUEST", "words": "本人から求めがあった"}
    assert nagi.post(reverse("protection:propose_end", args=[measure_id]), given).status_code == 302
    assert gate(["rin"], actor=CLERK, use=Use.VIEW).blocked == {"rin"}
    page = text(kai.get(reverse("protection:second")))
    assert f'value="{measure_id}:{version}"' in page and "本人から求めがあった" in page
    assert "えらんだ支援措置を終了する" not in text(nagi.get(reverse("protection:second")))
    url = reverse("protection:grant_ends")
    assert kai.post(url, {}).status_code == 422
    assert kai.post(url, {"pair": "not a pair"}).status_code == 422
    assert kai.post(url, {"pair": f"{measure_id}:{version}"}).status_code == 302
    assert gate(["rin"], actor=CLERK, use=Use.VIEW).open == {"rin"}


def test_a_stale_proposal_is_shown_as_such_and_cannot_be_ticked(kai):
    measure_id = protect("rin", state=MeasureState.FULL)
    pair = [(measure_id, version_of(measure_id))]
    unit.run(propose_end, pair, actor=SENIOR, reason="MAYOR", words="整理")
    protect("rin")
    page = text(kai.get(reverse("protection:second")))
    assert "申請後に状態が変わりました" in page and 'type="checkbox"' not in page
    answer = kai.post(
        reverse("protection:grant_ends"), {"pair": f"{measure_id}:{version_of(measure_id)}"}
    )
    assert answer.status_code == 422 and "STALE_STATE" in text(answer)
    assert gate(["rin"], actor=CLERK, use=Use.VIEW).blocked == {"rin"}


def test_granting_an_unlock_by_page(nagi, kai):
    protect("rin", state=MeasureState.FULL)
    unlock_id = unit.run(
        propose_unlock, actor=SENIOR, request_id="r-1", kind="JUMINHYO", use=Use.PRINT,
        person_ids=["rin"], requester="THIRD_PARTY", reason="債権者。契約書の写しを確認した",
    )  # fmt: skip
    url = reverse("protection:grant_unlock", args=[unlock_id])
    own = nagi.post(url)
    assert own.status_code == 422 and "SECOND_OFFICER_IS_FIRST" in text(own)
    page = text(kai.get(reverse("protection:second")))
    assert "債権者。契約書の写しを確認した" in page and "第三者" in page
    assert kai.post(url).status_code == 302
    assert models.Unlock.objects.get().state == "GRANTED"
    assert kai.post(url).status_code == 422


def test_declining_an_unlock_and_an_end_by_page(nagi, kai):
    measure_id = protect("rin", state=MeasureState.FULL)
    unlock_id = unit.run(
        propose_unlock, actor=SENIOR, request_id="r-1", kind="JUMINHYO", use=Use.PRINT,
        person_ids=["rin"], requester="SELF", reason="対面",
    )  # fmt: skip
    assert kai.post(reverse("protection:decline_unlock", args=[unlock_id])).status_code == 302
    pair = [(measure_id, version_of(measure_id))]
    (ending_id,) = unit.run(propose_end, pair, actor=SENIOR, reason="MAYOR", words="整理")
    assert nagi.post(reverse("protection:decline_end", args=[ending_id])).status_code == 302
    assert models.Ending.objects.get().state == "DECLINED"


def test_a_towns_request_goes_through_the_queue(nagi, kai):
    url = reverse("protection:receive")
    assert nagi.post(url, {"kind": "SET", "from_town": "abc"}).status_code == 422
    given = {"kind": "SET", "from_town": "462012", "reference_no": "市第5号"}
    assert nagi.post(url, given).status_code == 302
    page = text(kai.get(reverse("protection:errands")))
    assert "462012" in page and "まだ受け付けていません" in page
    errand_id = models.Errand.objects.get().errand_id
    assert f"errand={errand_id}" in page
    answer = kai.post(reverse("protection:accept"), {**ACCEPT, "errand_id": errand_id})
    assert answer.status_code == 302
    assert models.Errand.objects.get().measure_id is not None


def test_a_request_can_be_tied_to_a_measure_that_is_there(nagi):
    measure_id = protect("rin", state=MeasureState.FULL)
    errand_id = unit.run(receive_town_request, actor=SENIOR, kind="EXTEND", from_town="462012")
    url = reverse("protection:attach", args=[errand_id])
    assert nagi.post(url, {"measure_id": "nobody"}).status_code == 422
    assert nagi.post(url, {"measure_id": measure_id}).status_code == 302
    assert nagi.post(url, {"measure_id": measure_id}).status_code == 422


def test_blocks_by_page(nagi, kai):
    given = {
        "subject_kind": "PERSON", "subject_id": "aoi", "process": "ISSUE", "level": "ERROR",
        "reason": "記録の修正中", "starts_on": "R8.4.1", "ends_on": "",
    }  # fmt: skip
    assert nagi.post(reverse("protection:set_block"), {**given, "reason": ""}).status_code == 422
    assert nagi.post(reverse("protection:set_block"), given).status_code == 302
    assert gate(["aoi"], actor=CLERK, use=Use.PRINT).blocked == {"aoi"}
    block_id = models.Block.objects.get().block_id
    assert nagi.post(reverse("protection:open_block", args=[block_id])).status_code == 302
    assert gate(["aoi"], actor=CLERK, use=Use.PRINT).open == {"aoi"}
    assert kai.post(reverse("protection:clear_block", args=[block_id])).status_code == 302
    assert "記録の修正中" not in text(kai.get(reverse("protection:blocks")))
    assert kai.post(reverse("protection:clear_block", args=[block_id])).status_code == 422


def test_what_was_typed_is_escaped(nagi):
    nagi.post(reverse("protection:accept"), {**ACCEPT, "reference": "<b>x</b>"})
    measure_id = models.Measure.objects.get().measure_id
    page = text(nagi.get(reverse("protection:detail", args=[measure_id])))
    assert "&lt;b&gt;x" in page and "<b>x</b>" not in page


def test_pages_cost_the_same_however_many_and_stay_small(nagi, django_assert_max_num_queries):
    for number in range(12):
        protect(f"p{number}", together=[f"q{number}"])
        unit.run(
            propose_unlock, actor=CHIEF, request_id=f"r-{number}", kind="JUMINHYO", use=Use.PRINT,
            person_ids=[f"p{number}"], requester="SELF", reason="対面",
        )  # fmt: skip
    for name in ("list", "errands", "second"):
        with django_assert_max_num_queries(22):
            answer = nagi.get(reverse(f"protection:{name}"))
        assert len(answer.content) < 100_000


def test_times_are_shown_as_they_were_in_japan(nagi):
    with clock.frozen(datetime(2026, 4, 1, 8, 45, tzinfo=clock.JAPAN)):
        measure_id = protect("rin")
    page = text(nagi.get(reverse("protection:detail", args=[measure_id])))
    assert "R8.4.1 08:45" in page
