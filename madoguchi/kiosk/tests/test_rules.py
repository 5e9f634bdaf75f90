"""Steps, choices, hours, stores, payments, prints: rules by table and by property."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.infra.clock import JAPAN
from madoguchi.kiosk.domain import choices as c
from madoguchi.kiosk.domain.devices import (
    JobStage,
    JobState,
    NoAnswer,
    PaymentStage,
    PrinterTrouble,
)
from madoguchi.kiosk.domain.hints import hints_after
from madoguchi.kiosk.domain.hours import (
    ClosedTime,
    Hours,
    Timetable,
    YearlyClosing,
    check_closed,
    check_hours,
    check_yearly,
    hours_on,
    last_closing,
    opening_at,
)
from madoguchi.kiosk.domain.idle import BESIDE_SECONDS, GRACE_SECONDS, idle_seconds_max, is_overdue
from madoguchi.kiosk.domain.payments import SETTLED, Method, Stage, taken_back, told
from madoguchi.kiosk.domain.prints import (
    ENDED,
    HELD_UP_MAX,
    LONG_MAX,
    SILENT_MAX,
    is_lost,
    may_have_left_paper,
    moved_on,
    trouble_of,
)
from madoguchi.kiosk.domain.shops import Shop, check_shop, way_to_shop
from madoguchi.kiosk.domain.snapshot import choices_of, pack_choices, pack_offer, shown_of
from madoguchi.kiosk.domain.steps import (
    SKIPPABLE,
    STORE_ORDER,
    Mode,
    Step,
    next_step,
    previous_step,
)

skips = st.frozensets(st.sampled_from(sorted(SKIPPABLE)))
steps = st.sampled_from(list(Step))

# -- steps ----------------------------------------------------------------------------------


def test_the_order_is_the_stores():
    assert [str(one) for one in STORE_ORDER] == [
        "ACCEPT", "CARD", "TOWN", "PIN", "CARD_BACK", "KIND", "PART", "ITEMS", "COPIES",
        "CONFIRM", "PAY", "PRINT", "TAKE",
    ]  # fmt: skip


@given(step=steps, skip=skips)
def test_back_leads_where_next_came_from_and_never_over_the_card(step, skip):
    back = previous_step(step, skip=skip)
    if back is not None:
        assert next_step(back, skip=skip) is step or step in skip
        assert STORE_ORDER.index(back) < STORE_ORDER.index(step)
        before_card = STORE_ORDER.index(Step.CARD_BACK)
        sides = {STORE_ORDER.index(one) > before_card for one in (back, step)}
        assert len(sides) == 1, "the card is in the resident's hand again"
        assert step not in (Step.PRINT, Step.TAKE, Step.CARD_BACK)


@given(skip=skips)
def test_nobody_comes_to_kind_without_taking_the_card(skip):
    reached, at = [], Step.ACCEPT
    while at is not None:
        reached.append(at)
        at = next_step(at, skip=skip)
    assert reached.index(Step.CARD_BACK) == reached.index(Step.KIND) - 1
    assert reached[-1] is Step.TAKE
    assert set(Step) - set(reached) == skip


# -- choices ----------------------------------------------------------------------------------

HOUSEHOLD = c.KindShown(
    kind="resident_record_household", title="住民票", fee_yen=200, parts=tuple(c.Part),
    items=("HOUSEHOLDER", "DOMICILE"),
)  # fmt: skip
TAX = c.KindShown(kind="tax", title="課税証明書", fee_yen=200, parts=(c.Part.SELF,), items=(),
                  years=("2026", "2025"))  # fmt: skip
SEAL = c.KindShown(kind="seal_registration", title="印鑑登録証明書", fee_yen=200,
                   parts=(c.Part.SELF,), items=())  # fmt: skip
OFFER = c.Shown(
    kinds=(HOUSEHOLD, TAX, SEAL),
    members=tuple(c.MemberShown(name=f"湊　{one}", kana="") for one in "一二三"),
)

anything = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 30), st.text("aあ0", max_size=5),
    st.lists(st.one_of(st.integers(-2, 5), st.text("aあ0", max_size=3)), max_size=4),
    st.sampled_from(["SELF", "WHOLE", "SOME", "tax", "resident_record_household", "2026"]),
    st.just(["HOUSEHOLDER"]),
)  # fmt: skip
values = st.dictionaries(
    st.sampled_from(["kind", "part", "member_nos", "items", "year", "copies"]), anything
)
presses = st.lists(st.tuples(steps, values), max_size=12)


@given(presses=presses)
def test_whatever_is_pressed_the_choices_stay_possible_and_come_back_from_storage(presses):
    chosen = c.Choices()
    for step, given_values in presses:
        found = c.choose(chosen, step=step, values=given_values, offer=OFFER)
        if isinstance(found, tuple):
            assert found, "a refusal without a reason helps nobody"
            continue
        for kind, one in chosen.by_kind.items():
            if step not in (Step.PART, Step.ITEMS) or kind != chosen.kind:
                assert found.by_kind[kind] == one, "nothing entered elsewhere is lost"
        chosen = found
        assert choices_of(pack_choices(chosen)) == chosen
    shown = OFFER.kind(chosen.kind)
    for kind, one in chosen.by_kind.items():
        offered = OFFER.kind(kind)
        assert set(one.items) <= set(offered.items)
        assert one.part is None or one.part in offered.parts
        assert all(0 <= place < len(OFFER.members) for place in one.member_nos)
    if not c.check_complete(chosen, offer=OFFER):
        assert shown is not None
        assert c.part_of(shown, chosen.here) in shown.parts
        assert not shown.years or c.year_of(shown, chosen.here) in shown.years
        assert 1 <= chosen.copies <= c.COPIES_MAX


def test_all_that_is_missing_is_told_at_once():
    chosen = c.Choices(kind="tax", copies=99, by_kind={"tax": c.ForKind(items=("X",))})
    assert [one.code for one in c.check_complete(chosen, offer=OFFER)] == [
        "KIOSK_ITEM_UNKNOWN", "KIOSK_CHOOSE_YEAR", "KIOSK_COPIES_OUT_OF_RANGE",
    ]  # fmt: skip


def test_screens_with_nothing_to_choose_are_left_out():
    assert c.skipped(HOUSEHOLD) == frozenset()
    assert c.skipped(TAX) == {Step.PART}
    assert c.skipped(SEAL) == {Step.PART, Step.ITEMS}
    assert c.skipped(SEAL, copies_max=1) == SKIPPABLE


def test_what_is_shown_of_an_offer_holds_no_number():
    packed = pack_offer(kinds=OFFER.kinds, members=[("000000000000019", "湊　一", "ミナト")])
    assert "000000000000019" not in repr(shown_of(packed))
    assert shown_of(packed).kinds == OFFER.kinds


# -- hours ------------------------------------------------------------------------------------

STORE = Timetable(
    hours=(Hours(opens=time(6, 30), closes=time(23), valid_from=date(2020, 4, 1)),),
    yearly=(YearlyClosing(first=(12, 29), last=(1, 3), reason="年末年始"),),
)


def at(*when):
    return datetime(*when, tzinfo=JAPAN)


@pytest.mark.parametrize(
    ("now", "is_open", "change"),
    [
        (at(2026, 11, 27, 6, 29), False, at(2026, 11, 27, 6, 30)),
        (at(2026, 11, 27, 6, 30), True, at(2026, 11, 27, 23)),
        (at(2026, 11, 27, 22, 59), True, at(2026, 11, 27, 23)),
        (at(2026, 11, 27, 23, 0), False, at(2026, 11, 28, 6, 30)),
        (at(2026, 12, 28, 23, 30), False, at(2027, 1, 4, 6, 30)),
        (at(2027, 1, 3, 12, 0), False, at(2027, 1, 4, 6, 30)),
    ],
)
def test_the_stores_hours(now, is_open, change):
    found = opening_at(now, STORE)
    assert found.is_open is is_open
    assert (found.until, found.reopens_at) == ((change, None) if is_open else (None, change))


def test_a_closing_says_why_and_maintenance_cuts_a_day_in_two():
    table = Timetable(
        hours=STORE.hours,
        closed=(ClosedTime(starts_at=at(2026, 11, 27, 12), ends_at=at(2026, 11, 27, 14),
                           reason="点検"),),
    )  # fmt: skip
    found = opening_at(at(2026, 11, 27, 13), table)
    assert (found.reason, found.reopens_at) == ("点検", at(2026, 11, 27, 14))
    assert opening_at(at(2026, 11, 27, 9), table).until == at(2026, 11, 27, 12)
    assert last_closing(date(2026, 11, 27), table, zone=JAPAN) == at(2026, 11, 27, 23)
    assert opening_at(at(2026, 12, 31, 9), STORE).reason == "年末年始"
    assert last_closing(date(2026, 12, 31), STORE, zone=JAPAN) is None


def test_a_weekdays_row_wins_and_a_later_row_wins():
    early = Hours(opens=time(8), closes=time(17), valid_from=date(2020, 1, 1))
    later = Hours(opens=time(9), closes=time(17), valid_from=date(2026, 1, 1))
    friday = Hours(opens=time(10), closes=time(12), valid_from=date(2020, 1, 1), weekday=4)
    table = Timetable(hours=(friday, later, early))
    assert hours_on(date(2025, 11, 26), table) is early
    assert hours_on(date(2026, 11, 26), table) is later
    assert hours_on(date(2026, 11, 27), table) is friday
    assert opening_at(at(2019, 1, 1, 9), Timetable(hours=())).reopens_at is None


@given(
    minutes=st.integers(0, 60 * 24 * 40),
    closed=st.lists(st.tuples(st.integers(0, 60 * 24 * 40), st.integers(1, 5_000)), max_size=3),
)
def test_open_and_closed_agree_with_the_next_change(minutes, closed):
    start = at(2026, 12, 10)
    table = Timetable(
        hours=STORE.hours, yearly=STORE.yearly,
        closed=tuple(
            ClosedTime(starts_at=start + timedelta(minutes=first),
                       ends_at=start + timedelta(minutes=first + length), reason="点検")
            for first, length in closed
        ),
    )  # fmt: skip
    now = start + timedelta(minutes=minutes)
    found = opening_at(now, table)
    if found.is_open:
        assert found.until > now
        assert opening_at(found.until - timedelta(seconds=1), table).is_open
        assert not opening_at(found.until, table).is_open
        assert not any(one.starts_at <= now < one.ends_at for one in table.closed)
    else:
        assert found.reopens_at > now
        assert opening_at(found.reopens_at, table).is_open
        assert not opening_at(found.reopens_at - timedelta(seconds=1), table).is_open


def test_rows_that_cannot_be_are_refused_with_every_reason():
    row = Hours(opens=time(9), closes=time(9), valid_from=date(2026, 1, 2),
                valid_until=date(2026, 1, 1), weekday=7)  # fmt: skip
    assert [one.code for one in check_hours(row)] == [
        "KIOSK_HOURS_BACKWARDS", "KIOSK_WEEKDAY_UNKNOWN", "KIOSK_DAYS_BACKWARDS",
    ]  # fmt: skip
    now = at(2026, 1, 1)
    assert [one.code for one in check_closed(ClosedTime(starts_at=now, ends_at=now, reason=" "))] == [
        "KIOSK_DAYS_BACKWARDS", "KIOSK_CLOSING_NEEDS_REASON",
    ]  # fmt: skip


# -- on to the store ----------------------------------------------------------------------------

SHOP = Shop(name="エーコープ見本店", where="古仁屋", opens=time(9), closes=time(23, 59),
            valid_from=date(2026, 4, 1), valid_until=date(2026, 12, 31))  # fmt: skip


def test_a_store_is_open_no_longer_than_the_service():
    way = way_to_shop([SHOP], service=STORE, fee_yen=200, now=at(2026, 11, 27, 10))
    (shop,) = way.shops
    assert (shop.opens, shop.closes, way.fee_yen) == (time(9), time(23), 200)
    assert (way.day, way.closed_until) == (date(2026, 11, 28), None)


def test_no_store_is_said_honestly():
    way = way_to_shop([], service=STORE, fee_yen=200, now=at(2026, 11, 27, 10))
    assert (way.shops, way.closed_until) == ((), None)
    gone = way_to_shop([SHOP], service=STORE, fee_yen=200, now=at(2027, 2, 1, 10))
    assert gone.shops == ()


def test_the_turn_of_the_year_says_until_when():
    way = way_to_shop([SHOP], service=STORE, fee_yen=200, now=at(2026, 12, 28, 10))
    assert way.shops == ()
    assert way.closed_until == at(2027, 1, 4, 6, 30)


def test_a_store_needs_a_name_a_place_and_hours():
    row = Shop(name=" ", where="", opens=time(9), closes=time(8), valid_from=date(2026, 1, 2),
               valid_until=date(2026, 1, 1))  # fmt: skip
    assert [one.code for one in check_shop(row)] == [
        "KIOSK_SHOP_NEEDS_NAME", "KIOSK_SHOP_NEEDS_PLACE", "KIOSK_HOURS_BACKWARDS",
        "KIOSK_DAYS_BACKWARDS",
    ]  # fmt: skip


# -- money ----------------------------------------------------------------------------------------

STAGES = {
    Stage.WAITING: {Stage.PAID, Stage.CANCEL_DUE, Stage.CANCELLED},
    Stage.PAID: {Stage.REFUND_DUE},
    Stage.CANCEL_DUE: {Stage.CANCELLED, Stage.REFUND_DUE},
    Stage.CANCELLED: set(),
    Stage.REFUND_DUE: {Stage.REFUNDED},
    Stage.REFUNDED: set(),
}


@given(
    events=st.lists(st.one_of(st.sampled_from(list(PaymentStage)), st.just("BACK")), max_size=12),
    method=st.sampled_from(list(Method)),
)
def test_no_order_of_news_loses_or_keeps_money_wrongly(events, method):
    """The model: is the money with us, and do we still want it?"""
    stage, ours, wanted = Stage.WAITING, False, True
    for event in events:
        if event == "BACK":
            after = taken_back(stage, method=method)
            wanted = False
        else:
            after = told(stage, by_till=event)
            if event is PaymentStage.PAID and stage in (Stage.WAITING, Stage.CANCEL_DUE):
                ours = True
            if event is PaymentStage.REFUNDED and stage is Stage.REFUND_DUE:
                ours = False
        assert after == stage or after in STAGES[stage]
        stage = after
        assert (stage in (Stage.PAID, Stage.REFUND_DUE)) is ours
        if ours and not wanted:
            assert stage is Stage.REFUND_DUE, "owed back, and in sight until it is"
    if not wanted:
        assert stage is not Stage.WAITING
    assert (STAGES[stage] == set()) <= (stage in SETTLED)


# -- paper ------------------------------------------------------------------------------------------


@given(stages=st.lists(st.sampled_from(list(JobStage)), max_size=10))
def test_what_the_printer_ended_stays_ended(stages):
    at_stage, ended = JobStage.WAITING, None
    for one in stages:
        at_stage = moved_on(at_stage, one)
        if ended is not None:
            assert at_stage is ended
        if at_stage in ENDED:
            ended = at_stage


@given(
    held=st.one_of(st.none(), st.integers(0, 400)), heard=st.integers(0, 400),
    began=st.integers(0, 3_000),
)  # fmt: skip
def test_a_job_is_given_up_by_one_of_three_clocks(held, heard, began):
    now = at(2026, 11, 27, 12)
    lost = is_lost(
        JobStage.PRINTING, now=now, started_at=now - timedelta(seconds=began),
        held_up_at=None if held is None else now - timedelta(seconds=held),
        heard_at=now - timedelta(seconds=heard),
    )  # fmt: skip
    clocks = (
        (held or 0) >= HELD_UP_MAX.total_seconds() and held is not None,
        heard >= SILENT_MAX.total_seconds(),
        began >= LONG_MAX.total_seconds(),
    )
    assert lost is any(clocks)


@pytest.mark.parametrize(
    ("given_state", "looks"),
    [
        ({"sheets_done": 0, "jammed": False, "sent": True, "silence": ""}, False),
        ({"sheets_done": 1, "jammed": False, "sent": True, "silence": ""}, True),
        ({"sheets_done": 0, "jammed": True, "sent": True, "silence": ""}, True),
        ({"sheets_done": 0, "jammed": False, "sent": True, "silence": NoAnswer.CUT_OFF}, True),
        ({"sheets_done": 0, "jammed": False, "sent": True, "silence": NoAnswer.NOT_REACHED}, True),
        (
            {"sheets_done": 0, "jammed": False, "sent": False, "silence": NoAnswer.NOT_REACHED},
            False,
        ),
        ({"sheets_done": 0, "jammed": False, "sent": False, "silence": NoAnswer.CUT_OFF}, True),
    ],
)
def test_somebody_looks_wherever_a_page_may_lie(given_state, looks):
    assert may_have_left_paper(**given_state) is looks


def test_the_first_thing_to_mend_is_told():
    both = frozenset({PrinterTrouble.TONER_OUT, PrinterTrouble.PAPER_JAM})
    assert trouble_of(JobState(stage=JobStage.HELD_UP, sheets_done=0, troubles=both)) == "PAPER_JAM"
    assert trouble_of(JobState(stage=JobStage.DONE, sheets_done=1, troubles=frozenset())) is None


# -- time and hints -----------------------------------------------------------------------------------


def test_elders_and_those_with_a_clerk_have_more_time():
    plain, elder = (
        idle_seconds_max(mode=mode, staff_beside=False) for mode in (Mode.PLAIN, Mode.ELDER)
    )
    assert plain < elder < BESIDE_SECONDS
    assert idle_seconds_max(mode=Mode.PLAIN, staff_beside=True) == BESIDE_SECONDS


@given(quiet=st.integers(0, 400), step=steps)
def test_the_server_waits_longer_than_the_page_and_never_counts_printing(quiet, step):
    now = at(2026, 11, 27, 12)
    over = is_overdue(step=step, touched_at=now - timedelta(seconds=quiet), seconds_max=90, now=now)
    assert over is (quiet >= 90 + GRACE_SECONDS and step is not Step.PRINT)


@given(st.integers(0, 50))
def test_hints_never_grow(visits):
    assert hints_after(visits) >= hints_after(visits + 1) >= 0


# -- closed each year ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ({}, []),
        ({"first": (2, 29), "last": (2, 29)}, []),
        ({"first": (2, 30)}, ["KIOSK_NO_SUCH_DAY"]),
        ({"first": (0, 1), "last": (13, 1), "reason": " "},
         ["KIOSK_NO_SUCH_DAY", "KIOSK_NO_SUCH_DAY", "KIOSK_CLOSING_NEEDS_REASON"]),
        ({"valid_from": date(2027, 1, 1), "valid_until": date(2026, 1, 1)}, ["KIOSK_DAYS_BACKWARDS"]),
    ],
)  # fmt: skip
def test_days_closed_each_year_are_checked_all_at_once(row, codes):
    given = {"first": (12, 29), "last": (1, 3), "reason": "年末年始", **row}
    assert [one.code for one in check_yearly(YearlyClosing(**given))] == codes


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2026, 12, 31), False), (date(2027, 1, 2), False), (date(2027, 12, 29), True),
        (date(2028, 1, 3), True), (date(2028, 1, 4), False), (date(2029, 12, 31), True),
        (date(2030, 1, 1), False),
    ],
)  # fmt: skip
def test_they_hold_from_their_first_day_to_their_last(day, holds):
    row = YearlyClosing(first=(12, 29), last=(1, 3), reason="年末年始",
                        valid_from=date(2027, 4, 1), valid_until=date(2029, 12, 31))  # fmt: skip
    assert row.holds_on(day) is holds
