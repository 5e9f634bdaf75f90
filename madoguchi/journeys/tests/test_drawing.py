"""P5: a drawing holds what its report shows and nothing of what it hides (図)."""

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.journeys.documents import svg
from madoguchi.journeys.documents.drawing import draw_report
from madoguchi.journeys.domain.privacy import report_of
from madoguchi.journeys.tests.test_privacy import RULES, island, islands
from tests.patience import at_length

LANES = {"FRONT": "窓口", "BACK": "事務"}
GROUPS = {code: one.ja for code, one in RULES.areas.items()}


def draw(*cases):
    return draw_report(report_of(island(*cases), rules=RULES), lanes=LANES, groups=GROUPS)


def words_of(drawing):
    return " ".join(one.text or "" for one in ET.fromstring(drawing).iter() if one.text)


def test_p5_what_is_rare_is_not_in_the_file_at_all():
    drawing = draw(*[("MAIN", "AB")] * 8, ("YORO", "AZ"))
    assert "Z" not in words_of(drawing)
    assert "8件" in words_of(drawing)


def test_p5_with_nothing_to_show_it_says_so():
    assert "見せられる数はありません" in words_of(draw(("YORO", "AB")))


@at_length(100)
@given(islands)
def test_p5_any_report_is_a_whole_drawing_with_a_name(cases):
    root = ET.fromstring(draw(*cases))
    kinds = {one.tag.split("}")[-1] for one in root.iter()}
    assert {"title", "desc"} <= kinds
    assert not kinds & {"script", "image", "foreignObject", "a"}


def test_names_are_text_and_no_markup():
    name = '<script>alert("1")&'
    assert "<script" not in svg.text(0, 0, name)
    assert ET.fromstring(svg.text(0, 0, name)).text == name


def test_a_long_wait_is_cut_and_said():
    axis = svg.axis_of([0, 10, 20, 30, 9_000], left=0, gap=100, gap_max=250)
    assert axis.x == (0, 100, 200, 300, 550)
    assert axis.cuts == ((300, 550, 8_970),)


@given(st.text(max_size=80), st.integers(20, 400))
def test_a_broken_text_loses_nothing_but_spaces(words, width):
    lines = svg.lines_of(words, size=14, width=width, most=10_000)
    assert "".join("".join(lines).split()) == "".join(words.split())


def test_times_are_said_as_people_say_them():
    said = [svg.span(one) for one in (0.5, 1, 12.5, 119, 120, 600, 2_880, 14_400)]
    assert said == ["30秒", "1分", "12.5分", "119分", "2時間", "10時間", "2日", "10日"]


def test_a_line_ends_where_no_word_is_cut():
    for words, width, lines in (
        ("次の船を待って島へ帰る", 130, ("次の船を待って", "島へ帰る")),
        ("次の船を待って島へ帰る", 100, ("次の船を待って", "島へ帰る")),
        ("交付通知書が届き、予約する", 110, ("交付通知書が", "届き、予約する")),
        ("キオスクで住民票をとってみる", 120, ("キオスクで住民票を", "とってみる")),
    ):
        assert "".join(svg.lines_of(words, size=13, width=width, most=4)) == words
        assert svg.lines_of(words, size=13, width=width, most=4)[0] == lines[0]
