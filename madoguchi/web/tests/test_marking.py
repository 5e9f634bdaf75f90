"""Which words of an English page are said to be Japanese."""

import re

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.web.marking import mark_japanese


def test_an_element_that_holds_nothing_else_says_it_itself():
    assert mark_japanese("<td>海野 1番</td>") == '<td lang="ja">海野 1番</td>'
    assert mark_japanese('<option value="1">役場</option>') == (
        '<option lang="ja" value="1">役場</option>'
    )


def test_amid_english_words_each_has_a_span_of_its_own():
    assert mark_japanese("<p>Hand to 海野 うみ (森) today</p>") == (
        '<p>Hand to <span lang="ja">海野 うみ (森</span>) today</p>'
    )
    assert mark_japanese("<p><b>Name</b> 海野</p>") == (
        '<p><b>Name</b> <span lang="ja">海野</span></p>'
    )


def test_what_is_marked_already_or_is_no_text_is_left():
    for page in (
        '<div lang="ja"><p>海野</p></div>',
        '<script>const a = "海"; if (1 < 2) {}</script>',
        "<!-- 海 -->",
        "<title>海野 | Desk</title>",
        "<p>English only</p>",
    ):
        assert mark_japanese(page) == page


def test_a_field_says_in_which_language_its_value_is():
    assert (
        mark_japanese('<input name="n" value="海野">') == '<input lang="ja" name="n" value="海野">'
    )
    assert mark_japanese('<img alt="海野, a name" src="x">') == '<img alt="海野, a name" src="x">'


PARTS = st.sampled_from(
    ["<p>", "</p>", "<b>", "</b>", '<i lang="ja">', "</i>", "海", "かな", "A", " ", "&amp;", "\n",
     '<input value="海">', "<br>", "</td>", '<a title="町 > 村">', "</a>", "<!-- 海 -->", "<"]
)  # fmt: skip


@given(st.lists(PARTS).map("".join))
def test_whatever_a_page_is_nothing_is_lost_and_twice_is_as_once(page):
    marked = mark_japanese(page)
    bare = re.sub(r'<span lang="ja">(.*?)</span>', r"\1", marked, flags=re.DOTALL)
    assert bare.replace(' lang="ja"', "") == page.replace(' lang="ja"', "")
    assert mark_japanese(marked) == marked
