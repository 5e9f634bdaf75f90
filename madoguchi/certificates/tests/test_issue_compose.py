"""From the register's rows to the words on the paper."""

import json
from dataclasses import replace
from datetime import date

import pytest

from madoguchi.certificates import testing as t
from madoguchi.certificates.actions.compose import compose
from madoguchi.certificates.actions.reading import Subject
from madoguchi.certificates.domain.frozen import Thawed, freeze, thaw
from madoguchi.certificates.domain.kinds import Kind, Omit
from madoguchi.certificates.queries.town import town
from madoguchi.register.testing import make_person, make_version

ON = date(2026, 11, 23)


def paper(row, *, history=(), whole=True, **given):
    return compose(
        command=t.command_for(row.person_id, **given),
        subjects=[Subject(row=row, history=tuple(history))],
        householder="海野　葵", whole_household=whole, issue_no="1", request_id="r", on=ON,
        town=town(),
    )  # fmt: skip


def only(row, **given):
    (found,) = paper(row, **given).persons
    return found


def person(**given):
    return make_person("000000000000019", **given)


def status(code):
    return type(person().status)(code)


def test_a_name_is_printed_as_it_is_kept():
    # A variation selector and a plane-2 character, neither normalised nor lost.
    assert only(person(name="葛\U000e0102城　𠮷子")).name == "葛\U000e0102城　𠮷子"


def test_furigana_stands_only_when_it_was_confirmed():
    assert only(person(name_kana="ウンノ　アオイ")).furigana == ""
    assert (
        only(person(name_kana="ウンノ　アオイ", kana_confirmed=True)).furigana == "ウンノ　アオイ"
    )


@pytest.mark.parametrize(
    ("written", "printed"),
    [("1990-04-12", "平成2年4月12日"), ("平成2年4月12日", "平成2年4月12日"),
     ("昭和10年頃", "昭和10年頃"), ("平成13年2月29日", "平成13年2月29日"), ("年月日不詳", "年月日不詳")],
)  # fmt: skip
def test_a_birth_date_stands_in_eras_or_as_written(written, printed):
    assert only(person(birth=written, birth_sort=None)).birth_date == printed


def test_a_foreign_resident_has_western_dates_and_the_name_in_letters():
    row = person(
        nationality_group=type(person().nationality_group)("FOREIGN"), name="",
        name_alphabet="SORA CRUZ", birth="平成9年8月17日", stay_until="令和10年10月1日",
        nationality="フィリピン", honseki="", hittosha="",
    )  # fmt: skip
    found = only(row)
    assert (found.name, found.birth_date) == ("SORA CRUZ", "1997年8月17日")
    assert found.foreign.expires_on == "2028年10月1日"
    assert found.domicile == ""


def test_the_day_of_the_address_is_left_blank_for_who_never_moved_here():
    came = {"became_resident": "令和2年4月1日", "became_resident_sort": date(2020, 4, 1)}
    same = person(address_since="令和2年4月1日", address_since_sort=date(2020, 4, 1), **came)
    later = person(address_since="令和5年6月15日", address_since_sort=date(2023, 6, 15), **came)
    assert only(same).address_since == ""
    assert only(later).address_since == "令和5年6月15日"


def test_the_building_is_left_out_only_where_a_record_items_paper_asks_for_it():
    row = person(building="コーポ潮騒102号")
    assert paper(row).building == "コーポ潮騒102号"
    asked = paper(row, kind=Kind.RECORD_ITEMS, left_out=frozenset({Omit.BUILDING}))
    assert asked.building == ""


def test_a_removed_record_says_when_and_by_which_filing_it_was_closed():
    died = {"status": status("DEAD"), "removal_reason": "DEATH"}
    entered = make_version("000000000000019", 1)
    closing = make_version(
        "000000000000019", 2, reason=type(entered.reason)("DEATH"),
        effective_on=date(2026, 11, 16), filed_on=date(2026, 11, 17), **died,
    )  # fmt: skip
    row = person(
        removed="令和8年11月16日", removed_sort=date(2026, 11, 16), notified="令和2年4月2日", **died
    )
    found = only(row, history=(entered, closing), kind=Kind.REMOVED_RECORD).removal
    assert (found.reason, found.effective_on) == ("死亡", "令和8年11月16日")
    assert found.filed_on == "令和8年11月17日"


def test_a_planned_move_is_not_told_before_its_day():
    gone = {
        "status": status("MOVED_OUT"),
        "removal_reason": "MOVE_OUT_DOMESTIC",
        "move_out_to": "奄美市",
    }
    before = person(move_out_planned_on=date(2026, 11, 24), **gone)
    after = person(move_out_planned_on=date(2026, 11, 23), **gone)
    assert only(before, kind=Kind.REMOVED_RECORD).removal.moved_to_planned == ""
    assert only(after, kind=Kind.REMOVED_RECORD).removal.moved_to_planned == "奄美市"


def test_the_history_tells_where_somebody_lived_and_no_more():
    first = make_version("000000000000019", 1, address="せとうち町清水1番地")
    reason = type(first.reason)
    moved = make_version(
        "000000000000019", 2, reason=reason("CHANGE_ADDRESS"), address="せとうち町古仁屋2番地",
        effective_on=date(2023, 6, 15),
    )  # fmt: skip
    mended = make_version(
        "000000000000019", 3, reason=reason("AMEND_MINOR"), address="せとうち町古仁屋2番地",
        remarks_c="内部の覚え",
    )  # fmt: skip
    lines = only(person(), history=(first, moved, mended)).history
    assert lines == ("令和5年6月15日 転居 旧住所 せとうち町清水1番地",)


def test_nobody_is_told_a_number_that_was_not_asked_for():
    assert only(person()).individual_number == ""
    assert only(person(resident_code="12345678901")).resident_code == ""
    asked = only(person(resident_code="12345678901"), asked_for=frozenset({Omit.RESIDENT_CODE}))
    assert asked.resident_code == "12345678901"


def test_what_is_frozen_comes_back_to_the_byte_and_nothing_else_does():
    drawn = paper(person(name="葛\U000e0102城　𠮷子"), asked_for=frozenset({Omit.HOUSEHOLDER}))
    drawn = replace(drawn, seal_svg=b"<svg/>")
    kept = json.loads(json.dumps(freeze(drawn)))
    assert thaw(kept, seal_svg=b"<svg/>") == drawn
    with pytest.raises(Thawed):
        thaw(kept, seal_svg=b"<svg>another</svg>")
    kept["paper"]["address"] += "　"
    with pytest.raises(Thawed):
        thaw(kept, seal_svg=b"<svg/>")
