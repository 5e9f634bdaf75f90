"""Rules without a database: states, bars, window, numbers, days, parcels."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.dispatch.documents.codes import clerk_bars
from madoguchi.dispatch.domain import parcels
from madoguchi.dispatch.domain.contents import check_content
from madoguchi.dispatch.domain.customer_barcode import address_part, bars_of, symbols_of
from madoguchi.dispatch.domain.envelope import (
    ASSUMED,
    Envelope,
    check_envelope,
    exposed_area,
    safe_area,
    slips,
)
from madoguchi.dispatch.domain.layout import BARS_WIDTH_MM, plan_address
from madoguchi.dispatch.domain.letters import (
    LetterKind,
    LetterState,
    MailClass,
    Recipient,
    Why,
    check_sending,
    check_step,
)
from madoguchi.dispatch.domain.posting import check_receipts, is_receipt
from madoguchi.dispatch.domain.renotices import RenoticeRule, Sent, due_renotices, rule_on
from madoguchi.dispatch.domain.secrets import SECRETS, secrets_on
from madoguchi.dispatch.queries.recipients import area_name_of
from madoguchi.dispatch.testing import CONTENT

S = LetterState

# -- the post office's bars: examples of 郵便番号・バーコードマニュアル, p17, p19, p20, and its list ---


@pytest.mark.parametrize(
    ("behind", "part"),
    [
        ("3丁目30-8 郵便ビル403号", "3-30-8-403"),
        ("南田茂木 添60-1", "60-1"),
        ("5-6-3 ABCビル10F", "5-6-3-10"),
        ("4丁目 郵便センター6号館", "4-6"),
        ("8丁目 郵便センター10号館", "8-10"),
        ("韮崎400", "400"),
        ("東3丁目-20-5 郵便・A&bコーポB604号", "3-20-5B604"),
        ("十一丁目六番地一号 郵便タワー601", "11-6-1-601"),
        ("第二十一地割大淵川480", "21-480"),
        ("6丁目7-14 ABCビル2F", "6-7-14-2"),
        ("29丁目1524-23 第2郵便ハウス501", "29-1524-23-2-501"),
        ("3丁目80-25 J1ビル2-B", "3-80-25J1-2B"),
        ("1丁目3番2号 郵便プラザ503室", "1-3-2-503"),
    ],
)
def test_what_of_an_address_goes_into_the_bars(behind, part):
    assert address_part(behind) == part


def test_the_check_digit_of_the_manual():
    # p21: 100-0013, 1-3-2-503 has the check digit 9.
    assert symbols_of("100-0013", "1-3-2-503")[-1] == "9"


def test_a_letter_cut_in_half_leaves_its_control_code():
    symbols = symbols_of("910-0067", "3-80-25J1-2B")
    assert symbols[7:20] == ("3", "-", "8", "0", "-", "2", "5", "CC1", "9", "1", "-", "2", "CC1")


def test_the_bars_of_the_manuals_first_example():
    # Manual p.6, as published in the tests of two other encoders (F, A, D, T are 1, 2, 3, 4).
    known = "FDFFTFTFFADFTTFTTFDADFADFATFTFFTDAFTFTFADTFTFDAFTTFTFTDATDATDADAFDF"
    assert bars_of("154-0023", "3-16-4-205") == known.translate(str.maketrans("FADT", "1234"))


def test_a_postcode_that_stands_for_not_listed_gets_no_bars():
    assert bars_of("894-1500", "1-1") == ""
    assert bars_of("894", "1-1") == ""


@given(st.text(alphabet="0123456789-", max_size=20), st.integers(0, 9_999_999))
def test_every_code_has_67_bars_and_a_sum_of_nineteens(part, number):
    postcode = f"{number:07d}"
    bars = bars_of(postcode, part)
    if postcode.endswith("00"):
        assert bars == ""
        return
    values = {s: v for v, s in enumerate((*"0123456789-", *(f"CC{n}" for n in range(1, 9))))}
    assert len(bars) == 67
    assert sum(values[symbol] for symbol in symbols_of(postcode, part)) % 19 == 0


def test_the_clerks_bars_begin_and_end_as_code_128_does():
    bars = clerk_bars("MDG-000123")
    assert bars[0][0] == 0
    assert [wide for _, wide in bars[-4:]] == [2, 3, 1, 2]  # stop: 2 3 3 1 1 1 2


# -- the window -------------------------------------------------------------------------------

TO = Recipient(
    name="海野　葵",
    postcode="894-1508",
    address="鹿児島県大島郡せとうち町大字古仁屋45番地6",
    building="コーポ潮騒102号",
    status="RESIDENT",
)


def test_the_assumed_envelope_holds():
    assert check_envelope(ASSUMED) == ()


names = st.text(alphabet="海野葵湊大波凛髙𠮷　SORAmaria ", min_size=1, max_size=40).filter(
    str.strip
)
towns = st.text(alphabet="大字古仁屋船津番地のー0123456789", min_size=1, max_size=60)


@given(names, towns, st.text(alphabet="コーポ潮騒102号 A", max_size=30))
def test_d1_the_address_shows_wherever_the_sheet_slips(name, town, building):
    """D1: all of it, or the letter is not printed."""
    to = Recipient(
        name=name,
        postcode="894-1508",
        address=f"鹿児島県大島郡せとうち町{town}",
        building=building,
        status="RESIDENT",
    )
    plan = plan_address(to, ASSUMED, behind_area=town)
    safe = safe_area(ASSUMED)
    if not plan.lost:
        assert all(safe.holds(line.area) for line in plan.lines)
        assert not any(line.area.meets(plan.bars_area) for line in plan.lines)
        said = "".join(line.text for line in plan.lines).replace(" ", "").replace("　", "")
        for part in (name, town, building):
            assert part.replace(" ", "").replace("　", "") in said
    assert safe.holds(plan.bars_area)


def test_an_ordinary_address_fits_at_reading_size():
    plan = plan_address(TO, ASSUMED, behind_area="45番地6")
    assert not plan.lost
    assert min(line.size_pt for line in plan.lines) >= 10
    assert pytest.approx(63.84) == BARS_WIDTH_MM


@given(
    st.floats(0, 23),
    st.floats(0, 13),
)
def test_what_is_seen_in_any_position_lies_between_the_two_areas(right, down):
    assert slips(ASSUMED) == (23.0, 13.0)
    safe, exposed = safe_area(ASSUMED), exposed_area(ASSUMED)
    left, top = ASSUMED.window_left_mm - right, ASSUMED.window_top_mm - down
    assert left <= safe.left and safe.right <= left + ASSUMED.window_width_mm + 1e-9
    assert top <= safe.top and safe.bottom <= top + ASSUMED.window_height_mm + 1e-9
    assert exposed.left <= left and exposed.top <= top


def test_an_envelope_that_hides_or_shows_too_much_is_refused_for_every_reason():
    wrong = Envelope(
        inner_width_mm=205, inner_height_mm=90, window_left_mm=100, window_top_mm=60,
        window_width_mm=120, window_height_mm=45, first_fold_mm=105, second_fold_mm=201,
    )  # fmt: skip
    codes = {one.code for one in check_envelope(wrong)}
    assert {"ENVELOPE_TOO_SMALL", "ENVELOPE_WINDOW_OUTSIDE", "ENVELOPE_WINDOW_LARGE"} <= codes


# -- states, contents, numbers ------------------------------------------------------------------


def test_every_step_is_in_the_table_or_refused():
    for before in S:
        for after in S:
            assert (check_step(before, after) == ()) == (after in {
                S.QUEUED: {S.PRINTED, S.HELD, S.CANCELLED, S.SUPERSEDED},
                S.PRINTED: {S.PRINTED, S.POSTED, S.QUEUED, S.HELD, S.CANCELLED, S.SUPERSEDED},
                S.POSTED: {S.PRINTED, S.RETURNED, S.DELIVERED},
                S.RETURNED: {S.POSTED},
                S.HELD: {S.QUEUED, S.CANCELLED, S.SUPERSEDED},
            }.get(before, set()))  # fmt: skip


def test_who_may_not_leave_is_told_by_that_alone():
    gone = Recipient(name="", postcode="", address="", building="", status="DEAD")
    assert check_sending(gone, may_leave=False) == (Why.NOT_AVAILABLE,)
    assert check_sending(None, may_leave=True) == (Why.NOT_AVAILABLE,)
    assert check_sending(gone, may_leave=True) == (Why.DEAD, Why.NO_ADDRESS)
    assert check_sending(TO, may_leave=True) == ()


def test_d2_content_takes_no_address_no_number_and_nothing_unknown():
    """D2."""
    wrong = {**CONTENT, "address": "せとうち町", "pin": "1234", "bring": ["番号 123456789018"]}
    codes = [one.code for one in check_content(LetterKind.ISSUE_NOTICE, wrong)]
    assert codes.count("LETTER_CONTENT_UNKNOWN") == 2
    assert "TEXT_HAS_INDIVIDUAL_NUMBER" in codes
    assert check_content(LetterKind.ISSUE_NOTICE, CONTENT) == ()
    assert len(check_content(LetterKind.ISSUE_NOTICE, {})) >= 5


def test_numbers_of_the_post_office():
    assert is_receipt("405548424886")
    assert not is_receipt("405548424887")
    assert not is_receipt("12345")
    wanted = ["a", "b", "c"]
    given_ = {"a": "405548424886", "b": "405548424886"}
    codes = [o.code for o in check_receipts(MailClass.SIMPLE_REGISTERED, given_, wanted=wanted)]
    assert codes == ["RECEIPT_TWICE", "RECEIPT_MISSING"]
    assert check_receipts(MailClass.ORDINARY, {}, wanted=wanted) == ()


# -- days ------------------------------------------------------------------------------------

RULE = RenoticeRule(valid_from=date(2020, 4, 1), first_days=90, second_days=60, source="assumed")
kinds = st.sampled_from([LetterKind.ISSUE_NOTICE, LetterKind.RENOTICE, LetterKind.FINAL_NOTICE])


@given(kinds, st.sampled_from([S.POSTED, S.RETURNED, S.DELIVERED]), st.integers(0, 200))
def test_due_is_due_to_the_day(kind, state, days):
    today = date(2026, 11, 27)
    sent = Sent(letter_id="1", about_no="A", kind=kind, state=state,
                posted_on=today - timedelta(days=days))  # fmt: skip
    wait = {LetterKind.ISSUE_NOTICE: 90, LetterKind.RENOTICE: 60}.get(kind)
    expected = state is S.POSTED and wait is not None and days >= wait
    assert bool(due_renotices([sent], RULE, today=today)) == expected


def test_only_the_last_letter_of_a_matter_counts():
    old = Sent(letter_id="1", about_no="A", kind=LetterKind.ISSUE_NOTICE, state=S.POSTED,
               posted_on=date(2026, 1, 5))  # fmt: skip
    new = Sent(letter_id="2", about_no="A", kind=LetterKind.RENOTICE, state=S.POSTED,
               posted_on=date(2026, 6, 5))  # fmt: skip
    (due,) = due_renotices([new, old], RULE, today=date(2026, 11, 27))
    assert (due.kind, due.last_letter_id) == (LetterKind.FINAL_NOTICE, "2")
    assert due_renotices([new, old], None, today=date(2026, 11, 27)) == ()
    assert rule_on([RULE], day=date(2019, 1, 1)) is None


# -- the sheet of secrets ------------------------------------------------------------------------


def test_d3_two_secrets_and_no_place_to_write_one():
    """D3: the sheet tells two secrets, as dated data."""
    assert len(secrets_on(date(2026, 11, 27))) == 2
    assert secrets_on(date(2015, 1, 1)) == ()
    assert all(row.since for row in SECRETS)


# -- parcels ---------------------------------------------------------------------------------

P, IN, OUT = parcels.ParcelState, parcels.Direction.IN, parcels.Direction.OUT


def step(before, after, *, direction=IN, done=(), last="a", actor="b"):
    return [
        one.code
        for one in parcels.check_parcel_step(
            direction=direction, before=before, after=after, done=done, last_actor=last, actor=actor
        )
    ]


def test_d7_what_came_open_is_never_used():
    """D7."""
    every = [item.code for item in parcels.CHECKLIST[IN]]
    assert step(P.RECEIVED_OPEN, P.USED, done=every) == ["PARCEL_STEP"]
    assert step(P.RECEIVED_SEALED, P.USED, done=every) == []
    assert step(P.RECEIVED_SEALED, P.USED, done=every[:-1]) == ["PARCEL_CHECKS_OPEN"]


def test_d8_a_witness_is_somebody_else():
    """D8."""
    assert step(P.DESTROYING, P.DESTROYED, last="a", actor="a") == ["PARCEL_NEEDS_WITNESS"]
    assert step(P.DESTROYING, P.DESTROYED, last="a", actor="b") == []


@given(st.sampled_from([IN, OUT]), st.data())
def test_neither_desk_waits_unknowingly(direction, data):
    """While anything is open, some desk can go on, and both are told which."""
    done = []
    while parcels.items_missing(direction, done):
        now = parcels.items_open_now(direction, done)
        assert now
        assert parcels.waits_for(direction, done) == {item.desk for item in now}
        early = set(parcels.CHECKLIST[direction]) - set(now)
        assert all(parcels.check_tick(direction, done, item.code) for item in early)
        done.append(data.draw(st.sampled_from(now)).code)
    assert parcels.waits_for(direction, done) == frozenset()


def test_a_secret_travels_sealed_or_not_at_all():
    enclosed = [parcels.Enclosed.SECRET_ENVELOPE]
    codes = [
        one.code
        for one in parcels.check_new_parcel(other_town="", enclosed=enclosed, secret_sealed=False)
    ]
    assert codes == ["PARCEL_NEEDS_TOWN", "PARCEL_NOT_SEALED"]


def test_the_area_of_a_postcode_is_known_to_every_thread_of_the_server():
    """Whoever imports the list and whoever prints are rarely one thread."""
    area_name_of.cache_clear()
    with ThreadPoolExecutor(max_workers=2) as threads:
        found = list(threads.map(area_name_of, ["894-1508", "8941506", "000-0000"]))
    assert found[0] and found[1] and found[2] == ""
