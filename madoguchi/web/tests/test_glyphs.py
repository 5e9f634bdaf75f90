"""The short way past plain names shows what the long way shows."""

from html import escape

import pytest
from django.utils.html import format_html_join
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.web import glyphs
from madoguchi.web.templatetags import madoguchi as tags

# Plain, outside Windows-31J, user-defined, and selectors in any place.
CHARACTERS = "元みなと <&\"'\u3000髙﨑𠮷辻葛\ue000\uf8ff\ufa10\U000e0100\ufe00A"
NAMES = st.text(alphabet=CHARACTERS, max_size=10)


def one_by_one(name):
    """Cut a name without the short way: cluster by cluster."""
    found = []
    for cluster in glyphs._clusters(name):
        if not glyphs.is_screen_safe(cluster):
            code = "-".join(f"{ord(c):x}" for c in cluster)
            found.append(glyphs.Piece(text=cluster, code=code))
        elif found and found[-1].code is None:
            found[-1] = glyphs.Piece(text=found[-1].text + cluster)
        else:
            found.append(glyphs.Piece(text=cluster))
    return tuple(found)


@given(NAMES)
def test_pieces_are_the_same_by_both_ways(name):
    assert glyphs.pieces(name) == one_by_one(name)
    if glyphs.is_plain(name):
        assert all(piece.code is None for piece in one_by_one(name))


@given(NAMES)
def test_a_name_is_shown_the_same_by_both_ways(name):
    long = format_html_join("", "{}", ((tags._piece(one),) for one in one_by_one(name)))
    assert tags._in_glyphs(name) == long


@pytest.mark.parametrize("name", ["辻\U000e0100", "\U000e0100", "𠮷田", "\ue000"])
def test_what_a_screen_font_lacks_is_never_plain(name):
    assert not glyphs.is_plain(name)


@given(NAMES.filter(lambda text: glyphs.is_plain(text) and "\u3000" not in text), NAMES)
def test_furigana_is_text_and_never_markup(name, kana):
    kana = kana.replace("\u3000", "")
    if kana:
        expected = f"<ruby>{escape(name)}<rt>{escape(kana)}</rt></ruby>"
        assert tags.name(name, kana) == expected
