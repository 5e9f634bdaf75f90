import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.certificates.tests.paper_samples import names
from madoguchi.kernel.fitting import (
    LEADING_EM,
    MM_PER_PT,
    SIZE_FLOOR_PT,
    clusters_of,
    fit,
    width_em,
)

texts = st.one_of(
    names,
    st.text(alphabet="ABCDEFGHIJ klmnop-'", max_size=120),
    st.text(alphabet="亜（）「」ーA b", max_size=80),
)
boxes = st.floats(min_value=8, max_value=180)
heights = st.floats(min_value=3, max_value=20)


@given(texts, boxes, heights)
def test_what_is_shown_is_the_beginning_of_the_text_and_nothing_else(text, width, height):
    placed = fit(text, width_mm=width, height_mm=height, size_pt=10)
    shown = "".join("".join(placed.lines).split())
    whole = "".join(text.split())
    assert whole.startswith(shown)
    assert (placed.lost == 0) == (shown == whole)


@given(texts, boxes, heights)
def test_every_line_stays_in_its_box(text, width, height):
    placed = fit(text, width_mm=width, height_mm=height, size_pt=10)
    em = placed.size_pt * MM_PER_PT
    assert SIZE_FLOOR_PT <= placed.size_pt <= 10
    for line in placed.lines:
        # One character wider than the whole box still has to go somewhere.
        assert width_em(line) * em <= width + 1e-6 or len(clusters_of(line)) == 1
    if len(placed.lines) > 1:
        assert em * (1 + LEADING_EM * (len(placed.lines) - 1)) <= height + 1e-6


@given(names)
def test_a_selector_is_never_parted_from_its_character(name):
    for cluster in clusters_of(name):
        assert not 0xE0100 <= ord(cluster[0]) <= 0xE01EF
    placed = fit(name, width_mm=12, height_mm=30, size_pt=10)
    for line in placed.lines:
        assert not line or not 0xE0100 <= ord(line[0]) <= 0xE01EF


def test_a_text_shrinks_before_it_breaks_and_breaks_before_it_is_cut():
    short = fit("湊　太郎", width_mm=60, height_mm=8, size_pt=10)
    assert (short.size_pt, short.lines) == (10, ("湊　太郎",))
    narrow = fit("湊" * 20, width_mm=60, height_mm=4, size_pt=10)
    assert narrow.size_pt < 10 and len(narrow.lines) == 1 and narrow.lost == 0
    tall = fit("湊" * 30, width_mm=60, height_mm=8, size_pt=10)
    assert tall.size_pt == 10 and len(tall.lines) == 2
    endless = fit("湊" * 500, width_mm=60, height_mm=8, size_pt=10)
    assert endless.size_pt == SIZE_FLOOR_PT and endless.lost == 500 - endless.shown > 0


def test_latin_words_and_brackets_are_kept_together():
    placed = fit("MARIA FERNANDEZ GUTIERREZ（空　マリア）", width_mm=45, height_mm=12, size_pt=10)
    assert placed.lines[0].endswith(("MARIA", "FERNANDEZ", "GUTIERREZ"))
    for line in placed.lines:
        assert not line.startswith("）") and not line.endswith("（")


def test_a_text_no_register_holds_is_our_mistake():
    with pytest.raises(AssertionError):
        fit("湊" * 3_000, width_mm=60, height_mm=8, size_pt=10)
