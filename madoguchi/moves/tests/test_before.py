"""Before coming: every path ends, in three languages, and says what the rule says (来る前の確認)."""

import itertools
import re
import tomllib
from datetime import date
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from madoguchi.accounts.testing import kaede, signed_in, tsuru
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.infra import clock
from madoguchi.kernel.language import Language
from madoguchi.kernel.ruby import pieces
from madoguchi.moves.domain.questions import household_of, next_question, questions
from madoguchi.moves.queries.planning import plan_of
from madoguchi.moves.queries.rulebook import sort_case
from madoguchi.moves.views import words
from madoguchi.register.testing import at as moment
from madoguchi.visits.api import plan_cards
from madoguchi.web.messages import label

HOME, PHONE, LETTER = "/prepare/move/", "/moves/ask/", "/moves/letter/"
TODAY = date(2026, 11, 27)
READY = {"came_from": "town", "moved_out": "online", "moved_in": "days_7", "card": "present",
         "pin": "known", "people": "4", "comer": "all", "children": "both", "care": "none"}  # fmt: skip


def all_paths(at_counter):
    """Every way through the questions up to the family, and each family once."""
    found = []

    def walk(told):
        asked = next_question(told, at_counter=at_counter)
        if asked is None:
            found.append(told)
            return
        choices = asked.choices if asked.name != "people" else asked.choices[:3]
        if asked.name == "comer" and told["people"] != "2":
            choices = choices[:1]  # who comes changes nothing but what is asked of the cards
        for code in choices:
            walk(told | {asked.name: code})

    walk({})
    return found


ALL = all_paths(False)


@pytest.fixture(autouse=True)
def today():
    with clock.frozen(moment("2026-11-27T10:00")):
        yield


@pytest.fixture
def desk(client, db):
    return signed_in(client, kaede())


def test_every_path_ends_in_the_case_of_the_rule():
    assert len(ALL) > 1000
    seen = set()
    for told in ALL:
        household = household_of(told, today=TODAY)
        found = sort_case(household.case)
        seen.add(found.key)
        assert plan_of(household, plan_cards=plan_cards).steps
        for key in (f"say_{found.key}", f"do_{found.key}"):
            assert all(key in words.texts(language) for language in Language)
    assert seen == {"A_READY", "A_PAPER", "B_NOT_MOVED_OUT", "C_CARD_NOT_HERE", "D_LATE",
                    "D_LATE_WITH_PAPER", "F_PIN", "G_ABROAD", "G_UNREGISTERED"}  # fmt: skip


def test_who_never_moved_out_is_told_before_the_boat_whatever_card_they_hold():
    for told in ALL:
        if told.get("moved_out") in ("not_yet", "unsure"):
            assert sort_case(household_of(told, today=TODAY).case).case == "B"


def test_the_answer_of_the_rule_does_not_hang_on_the_order_of_words():
    for told in ALL[:50]:
        again = dict(reversed(told.items()))
        assert questions(again) == questions(told)


@pytest.mark.parametrize("language", Language)
def test_a_resident_is_told_in_each_language_and_no_database_is_asked(client, language):
    """No database mark: a query would fail the test. Every end of every path is drawn."""
    seen = set()
    for told in ALL:
        shape = {f"{name}={code}" for name, code in told.items()}
        if shape <= seen:
            continue
        seen |= shape
        answer = client.get(HOME, {"language": language, **told})
        assert answer.status_code == 200
        assert 'class="bring"' in answer.text, told
        for cut in itertools.accumulate(([one] for one in told), lambda a, b: a + b):
            half = {name: told[name] for name in cut[:-1]}
            assert 'class="picks"' in client.get(HOME, {"language": language, **half}).text
    assert len(seen) > 25


def test_in_easy_japanese_every_kanji_has_its_reading():
    for key, text in words.texts(Language.EASY_JAPANESE).items():
        bare = "".join(base for base, reading in pieces(text) if not reading)
        assert not re.search("[一-鿿]", bare.replace("日本語", "")), key


def test_the_page_keeps_nothing_and_asks_for_no_name(client):
    answer = client.get(HOME, READY)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<input" not in answer.text and "<form" not in answer.text
    assert client.post(HOME, READY).status_code == 405


@pytest.mark.parametrize("query", ["came_from=dog", "came_from=town&moved_out=%00", "x=1"])
def test_bad_input_is_the_question_again(client, query):
    answer = client.get(f"{HOME}?{query}")
    assert answer.status_code == 200
    assert 'class="picks"' in answer.text and "dog" not in answer.text


def test_what_cannot_be_done_today_is_said_first_and_as_a_stop(client):
    text = client.get(HOME, READY | {"moved_out": "not_yet"}).text
    assert "このまま来ても" in text and "notice--stop" in text
    ready = client.get(HOME, READY).text
    assert "notice--stop" not in ready and "母子健康手帳" in ready and "教育委員会" in ready


@pytest.mark.parametrize("language", Language)
def test_no_word_of_this_page_is_another_pages(language):
    """All sets of texts are read as one: a key that stands in both would show the other's words."""
    folder = Path(words.__file__).resolve().parents[1] / "texts"
    pages = [tomllib.loads((folder / f"{name}.{language}.toml").read_text("utf-8"))
             for name in ("before", "draft", "visit")]  # fmt: skip
    shared = {
        key
        for one, other in itertools.combinations(pages, 2)
        for key in one.keys() & other.keys()
        if one[key] != other[key]
    }
    assert shared == set()


def test_who_comes_says_what_they_bring_besides(client):
    def told(**more):
        return client.get(HOME, READY | more).text

    assert (
        "だれが役場に来ますか" in told()
        and "委任状" not in told()
        and "家族全員のカードを持って、それぞれ" not in told()
    )
    assert "委任状（本人が書いたもの）" in told(comer="proxy") and "代理人の本人確認書類" in told(
        comer="proxy"
    )
    assert "それぞれの4けたの暗証番号を聞いて" in told(comer="one")
    alone = client.get(HOME, {key: READY[key] for key in list(READY)[:5]} | {"people": "1"}).text
    assert "ほかの人（代理人）" in alone and "家族のひとり" not in alone


# -- the clerk's sheet -----------------------------------------------------------------------------


def test_the_clerk_sees_case_reason_steps_and_source(desk):
    text = desk.get(PHONE, READY | {"card": "lost"}).text
    assert label(kind="move_reason", code="C_CARD_NOT_HERE") in text
    assert label(kind="move_step", code="REQUEST_PAPER") in text
    assert "町の要望（切）" in text and LETTER in text


def test_the_clerk_also_asks_for_the_paper_of_an_employer(desk):
    assert "勤め先" in desk.get(PHONE, {k: READY[k] for k in list(READY)[:5]}).text
    assert "E " in desk.get(PHONE, READY | {"paper": "yes"}).text


def test_nobody_is_looked_at_and_nothing_is_written(desk):
    before = len(list_entries(wanted=EntryFilter()).entries)
    desk.get(PHONE, READY)
    desk.post(LETTER, {"old_town": "みどり市", "moved_in_on": "2026-11-20"})
    assert len(list_entries(wanted=EntryFilter()).entries) == before


@pytest.mark.parametrize("url", [PHONE, LETTER])
def test_a_wrong_role_and_a_stranger_are_refused(client, db, url):
    assert client.get(url).status_code == 302
    assert signed_in(client, tsuru()).get(url).status_code == 403


def test_the_request_letter_is_two_pages_and_names_nobody(desk):

    answer = desk.post(LETTER, {"old_town": "みどり市", "moved_in_on": "2026-11-09"})
    assert answer.headers["Content-Type"] == "application/pdf"
    pages = [one.get_textpage().get_text_bounded() for one in pdfium.PdfDocument(answer.content)]
    assert len(pages) == 2
    assert "みどり市" in pages[0] and "転出証明書の交付請求書" in pages[0]
    # The fourteenth day is a holiday, so the filing ends on the day after.
    assert "令和8年11月24日" in pages[1]


@pytest.mark.parametrize(
    ("given", "code"),
    [({"old_town": ""}, "FIELD_REQUIRED"), ({"old_town": "あ" * 41}, "FIELD_TOO_LONG"),
     ({"old_town": "番号 123456789018"}, "TEXT_HAS_INDIVIDUAL_NUMBER"),
     ({"old_town": "みどり市", "moved_in_on": "soon"}, "DATE_UNREADABLE")],
)  # fmt: skip
def test_a_letter_that_cannot_be_drawn_is_refused(desk, given, code):
    answer = desk.post(LETTER, given)
    assert answer.status_code == 422 and code in answer.text
