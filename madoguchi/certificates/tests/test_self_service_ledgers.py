"""Seal and tax at machines, and the town's wish: tax from the town somebody has left."""

import io
from datetime import date, datetime

import pypdfium2
import pytest

from madoguchi.certificates import testing as t
from madoguchi.certificates.actions import self_service
from madoguchi.certificates.actions.drawing import Drawn, NotDrawn
from madoguchi.certificates.documents.imprint import drawn_imprint
from madoguchi.certificates.domain.issue import State
from madoguchi.certificates.models import TownRule
from madoguchi.certificates.queries.requests import find_request
from madoguchi.infra import clock, unit
from madoguchi.kernel.checkdigits import make_addressee_no, make_household_no
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.protection.testing import protect
from madoguchi.register.testing import keep, make_version, resident_code

SEAL, TAX, RECORD = "seal_registration", "tax", "resident_record_household"
GONE = {
    "name": "渡　鳥子", "birth": "昭和50年6月1日", "birth_sort": date(1975, 6, 1),
    "status": t._Status("MOVED_OUT"), "removal_reason": "MOVE_OUT_DOMESTIC",
    "removed": "令和8年4月1日", "removed_sort": date(2026, 4, 1),
    "move_out_to": "兵庫県神戸市中央区加納町6丁目5番1号", "address": t.ADDRESS,
}  # fmt: skip


def settle(serial, household, **special):
    person_id = make_addressee_no(serial)
    keep(
        make_version(
            person_id, household_no=make_household_no(household),
            resident_code=resident_code(serial), **special,
        )
    )  # fmt: skip
    return person_id


@pytest.fixture
def gone(people):
    person_id = settle(31, 31, **GONE)
    t.assess(person_id)
    t.assess(person_id, year=2025)
    return person_id


def kinds(offer):
    return {one.kind: one for one in offer.kinds}


def codes(found):
    assert isinstance(found, NotDrawn)
    return [one.code for one in found.problems]


def text_of(pdf):
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def made(drawn):
    assert isinstance(drawn, Drawn), drawn
    state = t.make(drawn.request_id, actor=t.MACHINE)
    assert state is State.RELEASED, find_request(drawn.request_id).problems
    return drawn.request_id


def print_it(request_id, paid=200):
    return unit.run(self_service.check_out, request_id=request_id, copy_no=1, actor=t.MACHINE,
                    now=clock.now(), paid_yen=paid)  # fmt: skip


# --- 印鑑登録証明書 ---------------------------------------------------------------------


def test_a_seal_is_offered_to_the_person_alone_and_printed(people):
    t.register_seal(people.mother)
    found = kinds(t.offered(people.mother))[SEAL]
    assert (found.parts, found.items, found.years) == (("SELF",), (), ())
    assert SEAL not in kinds(t.offered(people.father))
    said = text_of(print_it(made(t.choose(people.mother, kind=SEAL))))
    assert "印鑑登録証明書" in said and "湊　渚" in said
    for part in ("WHOLE", "SOME"):
        drawn = t.choose(people.mother, kind=SEAL, part=part, chosen_ids=[people.father])
        assert (drawn.request_id, codes(drawn)) == ("", ["NOT_AT_MACHINES"])


def test_i6_a_struck_seal_bars_the_very_next_paper_and_the_one_already_made(people):
    """Niigata, Saitama, Kumamoto 2020 to 2023: papers of deleted registrations still left."""
    t.register_seal(people.aoi)
    before = made(t.choose(people.aoi, kind=SEAL))
    between = t.choose(people.aoi, kind=SEAL)
    t.strike_seal(people.aoi)
    assert t.make(between.request_id, actor=t.MACHINE) is State.REFUSED
    assert find_request(between.request_id).problems == ("LEDGER_CHANGED_MEANWHILE",)
    answer = print_it(before)
    assert isinstance(answer, Problem) and answer.code == "LEDGER_CHANGED_MEANWHILE"
    assert find_request(before).state is State.VOID
    assert codes(t.choose(people.aoi, kind=SEAL)) == ["SEAL_STRUCK"]
    assert SEAL not in kinds(t.offered(people.aoi))


def test_a_seal_registered_anew_is_another_seal(people):
    t.register_seal(people.aoi)
    drawn = t.choose(people.aoi, kind=SEAL)
    t.strike_seal(people.aoi)
    t.register_seal(people.aoi, registration_no="S2", imprint=drawn_imprint("葵"))
    assert t.make(drawn.request_id, actor=t.MACHINE) is State.REFUSED
    made(t.choose(people.aoi, kind=SEAL))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"imprint": None}, "SEAL_WITHOUT_IMPRINT"),
        ({"registered_name": "海野　旧姓"}, "SEAL_NAME_DIFFERS"),
        ({"state": "STRUCK", "ended_on": date(2026, 1, 1)}, "SEAL_STRUCK"),
    ],
)
def test_a_seal_that_cannot_be_certified_says_why(people, given, code):
    t.register_seal(people.aoi, **given)
    assert codes(t.choose(people.aoi, kind=SEAL)) == [code]
    assert SEAL not in kinds(t.offered(people.aoi))


# --- 所得・課税証明書 --------------------------------------------------------------------


def test_the_years_this_town_assessed_are_offered_and_no_other(people):
    t.assess(people.aoi)
    t.assess(people.aoi, year=2024)
    assert kinds(t.offered(people.aoi))[TAX].years == ("2026", "2024")
    said = text_of(print_it(made(t.choose(people.aoi, kind=TAX, year="2024"))))
    assert "令和6年度（令和5年分の所得）" in said and "1,234,000円" in said
    for year in ("2025", "x"):
        assert codes(t.choose(people.aoi, kind=TAX, year=year)) == ["NOT_AT_MACHINES"]


def test_the_address_is_that_of_the_first_of_january(people):
    t.assess(people.aoi)
    t.move(people.aoi, address="鹿児島県大島郡せとうち町大字諸鈍55番地")
    said = text_of(print_it(made(t.choose(people.aoi, kind=TAX))))
    assert "古仁屋45番地6" in said and "諸鈍" not in said
    t.assess(people.father, address="鹿児島県大島郡せとうち町大字阿木名1番地")
    assert "阿木名1番地" in text_of(print_it(made(t.choose(people.father, kind=TAX))))


def test_i6_a_changed_assessment_bars_the_paper(people):
    row = t.assess(people.aoi)
    drawn = t.choose(people.aoi, kind=TAX)
    row.version, row.income_yen = 2, 9_999_000
    row.save()
    assert t.make(drawn.request_id, actor=t.MACHINE) is State.REFUSED
    made(t.choose(people.aoi, kind=TAX))


# --- 以前住んでいた町 --------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["KIOSK", "WEB"])
def test_who_has_left_gets_the_tax_of_the_years_here_and_nothing_else(gone, channel):
    offer = t.offered(gone, channel=channel)
    assert {kind: one.years for kind, one in kinds(offer).items()} == {TAX: ("2026", "2025")}
    assert offer.members == ()
    request_id = made(t.choose(gone, kind=TAX, year="2025", channel=channel))
    said = text_of(print_it(request_id))
    assert "渡　鳥子" in said and "神戸" not in said
    assert RECORD not in kinds(offer)
    refused = t.choose(gone, kind=RECORD)
    assert "RECORD_IS_REMOVED" in codes(refused)


def test_the_web_page_gives_tax_alone(people):
    t.assess(people.aoi)
    t.register_seal(people.aoi)
    assert set(kinds(t.offered(people.aoi, channel="WEB"))) == {TAX}
    assert codes(t.choose(people.aoi, kind=SEAL, channel="WEB")) == ["KIND_NOT_OFFERED"]


def test_nothing_leaves_before_the_fee_is_paid(gone):
    request_id = made(t.choose(gone, kind=TAX, channel="WEB"))
    for paid in (0, 199, 201):
        with pytest.raises(Refused) as refused:
            print_it(request_id, paid=paid)
        assert [one.code for one in refused.value.problems] == ["FEE_NOT_PAID"]
    assert find_request(request_id).printed_at is None
    assert print_it(request_id).startswith(b"%PDF")


def test_the_dead_get_no_tax_certificate(people):
    t.assess(people.ume)
    assert t.offered(people.ume, channel="WEB").refused
    assert "PERSON_IS_DEAD" in codes(t.choose(people.ume, kind=TAX))


def test_who_left_and_is_protected_does_not_exist(gone):
    protect(gone)
    assert t.offered(gone, channel="WEB") == t.offered(make_addressee_no(9_999), channel="WEB")
    assert codes(t.choose(gone, kind=TAX)) == ["UNKNOWN_PERSON"]


def test_unpaid_tax_is_no_reason_unless_the_town_says_so(people):
    t.assess(people.aoi, unpaid=True)
    made(t.choose(people.aoi, kind=TAX))
    TownRule.objects.create(code="REFUSE_IF_UNPAID", stands=True)
    assert codes(t.choose(people.aoi, kind=TAX)) == ["TAX_UNPAID"]
    assert TAX not in kinds(t.offered(people.aoi))


def test_who_is_about_to_leave_gets_the_tax_but_no_record(people):
    leaving = settle(41, 41, name="岬　巡", birth="平成2年1月1日", birth_sort=date(1990, 1, 1),
                     status=t._Status("MOVE_OUT_PLANNED"), removed_sort=date(2030, 1, 1))  # fmt: skip
    assert "HOUSEHOLD_LEAVES_TOWN" in t.offered(leaving).reasons
    t.assess(leaving)
    t.register_seal(leaving)
    assert set(kinds(t.offered(leaving))) == {TAX}


def test_who_moves_in_today_waits_for_tomorrow(people):
    today = clock.today()
    fresh = settle(42, 42, name="沖　新", birth="平成2年1月1日", birth_sort=date(1990, 1, 1),
                   became_resident="", became_resident_sort=today, notified_sort=today)  # fmt: skip
    t.assess(fresh)
    assert t.offered(fresh).refused and "MOVED_IN_TODAY" in t.offered(fresh).reasons
    assert "MOVED_IN_TODAY" in codes(t.choose(fresh, kind=TAX))
    tomorrow = datetime(today.year, today.month, today.day, 9, tzinfo=clock.JAPAN)
    tomorrow = tomorrow.replace(year=today.year + 1)
    with clock.frozen(tomorrow):
        assert RECORD in kinds(t.offered(fresh))
