from dataclasses import fields, replace

import pytest
from hypothesis import given, settings

from madoguchi.certificates.domain.kinds import OMITTED_UNLESS_ASKED, Kind, Omit
from madoguchi.certificates.domain.layout import check_paper, plan_sheets
from madoguchi.certificates.domain.paper import (
    LEFT_BLANK,
    LEFT_OUT,
    OverflowRule,
    subject_hash,
    subject_hash_of,
)
from madoguchi.certificates.domain.sheets import (
    PAGE_HEIGHT_MM,
    PAGE_WIDTH_MM,
    Role,
    canonical_text,
    fold_layout,
    problems_of,
)
from madoguchi.certificates.tests.paper_samples import (
    EVERYTHING,
    HARU,
    MINATO,
    SAMPLES,
    SORA,
    TARO,
    UME,
    YOSHIKO,
    paper,
    papers,
    person,
)
from madoguchi.kernel.fitting import MM_PER_PT, width_em

KINDS = (Kind.RESIDENT_RECORD_HOUSEHOLD, Kind.RESIDENT_RECORD_INDIVIDUAL, Kind.RECORD_ITEMS)


def codes(problems):
    return [problem.code for problem in problems]


@given(papers(KINDS))
@settings(max_examples=60, deadline=None)
def test_every_person_stands_on_the_paper_once_and_in_order(given_paper):
    sheets = plan_sheets(given_paper)
    placed = [place for sheet in sheets for place in sheet.persons]
    if given_paper.kind is Kind.RESIDENT_RECORD_INDIVIDUAL:
        assert set(placed) == {0}
    else:
        assert placed == list(range(len(given_paper.persons)))


@given(papers(KINDS))
@settings(max_examples=40, deadline=None)
def test_i4_every_page_says_whose_it_is(given_paper):
    sheets = plan_sheets(given_paper)
    for number, sheet in enumerate(sheets, start=1):
        said = fold_layout(sheet.text)
        assert said.endswith(
            f"発行番号{given_paper.issue_no}頁{number}/{len(sheets)}"
            f"受付{given_paper.request_id}照合{subject_hash_of(given_paper)}"
        )


@given(papers(KINDS))
@settings(max_examples=40, deadline=None)
def test_only_the_last_page_is_certified(given_paper):
    sheets = plan_sheets(given_paper)
    for sheet in sheets:
        last = sheet is sheets[-1]
        assert (given_paper.certification in sheet.text) == last
        assert (sheet.qr is not None) == last
        assert (sheet.seal is not None) == last


@given(papers(KINDS))
@settings(max_examples=40, deadline=None)
def test_nothing_overlaps_and_nothing_leaves_the_page(given_paper):
    for sheet in plan_sheets(given_paper):
        boxes = []
        for run in sheet.runs:
            em = run.size_pt * MM_PER_PT
            left, right = run.x_mm, run.x_mm + width_em(run.text) * em
            top, bottom = run.y_mm - 0.86 * em, run.y_mm + 0.1 * em
            assert left >= 10 and right <= PAGE_WIDTH_MM - 10 + 0.5, run
            assert top >= 8 and bottom <= PAGE_HEIGHT_MM - 8, run
            if run.role is not Role.WATERMARK:
                boxes.append((left, top, right, bottom, run.text))
        for place in (sheet.seal, sheet.qr):
            if place is not None:
                right, bottom = place.x_mm + place.width_mm, place.y_mm + place.height_mm
                boxes.append((place.x_mm, place.y_mm, right, bottom, "figure"))
        for index, one in enumerate(boxes):
            for other in boxes[index + 1 :]:
                apart = (
                    one[2] <= other[0] + 0.05
                    or other[2] <= one[0] + 0.05
                    or one[3] <= other[1] + 0.05
                    or other[3] <= one[1] + 0.05
                )
                assert apart, (one, other)


def test_four_persons_fit_on_a_sheet_and_a_fifth_opens_the_next():
    assert len(plan_sheets(paper(*MINATO[:4]))) == 1
    pages = plan_sheets(paper(*MINATO))
    assert [sheet.persons for sheet in pages] == [(0, 1, 2, 3), (4,)]
    assert "（次の頁に続く）" in pages[0].text and "（以下余白）" in pages[1].text


def test_items_not_asked_for_say_so_and_keep_their_secret():
    pages = plan_sheets(paper(*MINATO))
    text = canonical_text(pages)
    for secret in (TARO.individual_number, TARO.resident_code, TARO.domicile, TARO.domicile_head):
        assert secret not in text
    # 世帯主・続柄: neither at the head nor beside a name.
    assert "妻の子" not in text
    assert text.count(LEFT_OUT) == len(pages) + 5 * len(MINATO)


@pytest.mark.parametrize("item", sorted(OMITTED_UNLESS_ASKED))
def test_leaving_one_item_out_hides_it_and_only_it(item):
    shown = canonical_text(plan_sheets(paper(SORA, YOSHIKO, omitted=EVERYTHING)))
    hidden = canonical_text(plan_sheets(paper(SORA, YOSHIKO, omitted=frozenset({item}))))
    values = {
        Omit.HOUSEHOLDER: ["世帯主\nSORA"],
        Omit.DOMICILE: [YOSHIKO.domicile, YOSHIKO.domicile_head],
        Omit.RESIDENT_CODE: [TARO.resident_code],
        Omit.INDIVIDUAL_NUMBER: [TARO.individual_number],
        Omit.NATIONALITY: ["国籍・地域\nフィリピン"],
        Omit.RESIDENCE_CLASS: [SORA.foreign.residence_class],
        Omit.RESIDENCE_STATUS: [SORA.foreign.status],
        Omit.RESIDENCE_PERIOD: ["在留期間等\n5年"],
        Omit.RESIDENCE_EXPIRY: [SORA.foreign.expires_on],
        Omit.CARD_NUMBER: [SORA.foreign.card_no],
        Omit.ALIAS: [SORA.foreign.alias, SORA.foreign.alias_furigana],
    }
    for other, secrets in values.items():
        for secret in secrets:
            assert secret in shown
            assert (secret in hidden) == (other is not item), (other, secret)


def test_a_record_items_paper_holds_only_what_was_asked():
    wanted = {Omit.BIRTH_DATE, Omit.SEX}
    asked = paper(
        *MINATO[:2], kind=Kind.RECORD_ITEMS, omitted=frozenset(Omit) - wanted, building="潮風荘"
    )
    text = canonical_text(plan_sheets(asked))
    assert TARO.birth_date in text and YOSHIKO.name in text
    for absent in ("本籍", "続柄", "転入前住所", "個人番号", "潮風荘", "届出日", "振り仮名"):
        assert absent not in text


def test_a_person_who_never_moved_inside_has_no_address_date():
    text = canonical_text(plan_sheets(paper(TARO)))
    assert f"住所を定めた日\n{LEFT_BLANK}" in text
    assert "住所を定めた日\n令和3年10月1日" in canonical_text(plan_sheets(paper(YOSHIKO)))


def test_a_household_without_a_head_says_so():
    text = canonical_text(plan_sheets(paper(TARO, householder="", omitted=EVERYTHING)))
    assert f"世帯主\n{LEFT_BLANK}" in text


def test_a_removed_record_tells_why_and_where_to():
    text = canonical_text(plan_sheets(SAMPLES["moved out"]))
    assert text.startswith("住　民　票　の　除　票")
    for part in ("国内転出", "令和8年11月10日", HARU.removal.moved_to_confirmed):
        assert part in text


def test_a_long_history_goes_on_on_further_pages():
    history = tuple(f"令和{year}年1月1日　転居" for year in range(1, 80))
    pages = plan_sheets(paper(replace(UME, history=history), kind=Kind.REMOVED_RECORD))
    assert len(pages) > 1
    text = canonical_text(pages)
    assert [text.index(line) for line in history] == sorted(text.index(line) for line in history)
    assert all(UME.name in sheet.text for sheet in pages)
    assert not problems_of(pages)


def test_a5_what_does_not_fit_is_told_with_person_and_field():
    long = replace(SORA, name=SORA.name * 6)
    cut = plan_sheets(paper(TARO, long, omitted=EVERYTHING))
    (problem,) = problems_of(cut)
    assert (problem.code, problem.where) == ("OVERFLOW", "2人目 氏名")
    assert int(problem.facts["lost"]) > 0
    shown = "".join(run.text for run in cut[0].runs if run.where == "2人目 氏名")
    assert fold_layout(long.name).startswith(fold_layout(shown))
    assert len(long.name) - len(shown) >= int(problem.facts["lost"])
    blank = plan_sheets(paper(TARO, long, omitted=EVERYTHING, overflow=OverflowRule.LEAVE_BLANK))
    assert codes(problems_of(blank)) == ["OVERFLOW"]
    assert "SORA" not in blank[0].text


def test_a5_remarks_without_a_row_are_told():
    crowded = replace(TARO, remarks=tuple(f"記載{number}" for number in range(9)))
    (problem,) = problems_of(plan_sheets(paper(crowded)))
    assert (problem.code, problem.where) == ("REMARKS_OVERFLOW", "1人目 統合記載欄")
    assert problem.facts["lost"] == "3"


def test_a_change_of_any_printed_field_changes_the_text():
    """What one person's page says is all of what the register gave for it."""
    before = canonical_text(plan_sheets(paper(YOSHIKO, omitted=EVERYTHING)))
    not_printed = {"person_id", "history", "foreign", "removal", "remarks"}
    for field in fields(YOSHIKO):
        if field.name in not_printed:
            continue
        changed = replace(YOSHIKO, **{field.name: "別の値"})
        after = canonical_text(
            plan_sheets(paper(changed, omitted=EVERYTHING, householder=YOSHIKO.name))
        )
        assert after != before, field.name


def test_canonical_text_is_neither_normalised_nor_stripped_of_selectors():
    text = canonical_text(plan_sheets(paper(*MINATO)))
    assert "葛\U000e0102城" in text and "葛\U000e0103葉" in text and "渡邉\U000e0110" in text
    compatibility = paper(person(1, name="神\ufa19　か\u3099"))
    assert "神\ufa19　か\u3099" in canonical_text(plan_sheets(compatibility))


def test_the_subject_hash_knows_request_persons_and_their_order():
    base = subject_hash(request_id="a", person_ids=["1", "2"])
    assert base == subject_hash(request_id="a", person_ids=["1", "2"])
    for request_id, ids in (("b", ["1", "2"]), ("a", ["2", "1"]), ("a", ["12"]), ("a", ["1"])):
        assert subject_hash(request_id=request_id, person_ids=ids) != base


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (paper(TARO, TARO), "PAPER_PERSON_TWICE"),
        (paper(*MINATO[:2], kind=Kind.RESIDENT_RECORD_INDIVIDUAL), "PAPER_ONE_PERSON_ONLY"),
        (paper(TARO, UME), "PAPER_MIXES_REMOVED"),
        (paper(UME), "PAPER_MIXES_REMOVED"),
        (paper(TARO, kind=Kind.REMOVED_RECORD), "PAPER_MIXES_REMOVED"),
        (paper(TARO, UME, kind=Kind.RECORD_ITEMS), "PAPER_MIXES_REMOVED"),
        (paper(replace(TARO, name="　")), "PAPER_FIELD_EMPTY"),
        (paper(TARO, issue_no=""), "PAPER_FIELD_EMPTY"),
        (replace(paper(TARO), persons=()), "PAPER_WITHOUT_PERSON"),
        (paper(*(person(number) for number in range(65))), "PAPER_TOO_MANY_PERSONS"),
    ],
)
def test_what_cannot_be_a_paper_is_refused_with_a_reason(wrong, code):
    assert code in codes(check_paper(wrong))
    with pytest.raises(AssertionError):
        plan_sheets(wrong)


def test_every_sample_is_a_paper():
    for name, sample in SAMPLES.items():
        assert check_paper(sample) == (), name
        assert problems_of(plan_sheets(sample)) == (), name
