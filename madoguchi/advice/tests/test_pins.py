"""Two secrets: the rule, and the page around the script that says the same (test_browser.py)."""

import re
import string
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.advice.domain.pins import judge_pin, read_plans
from madoguchi.advice.queries.pins import FOLDER, pin_plan
from madoguchi.kernel.language import Language
from madoguchi.web.tongues import sentences

TODAY = date(2026, 11, 27)
PLAN = pin_plan(TODAY)
DIGITS, LETTERS = PLAN.secrets
SCRIPT = Path(__file__).parents[1] / "static" / "advice" / "pins.js"
TEXTS = Path(__file__).parents[1] / "texts"
PAGE = "/prepare/pins/"


def against(text, row):
    return set(judge_pin(text, row).against)


def advice(text, row):
    found = judge_pin(text, row)
    assert found.against == ()
    return set(found.advice)


# -- the rule ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", {"short"}), ("123", {"short"}), ("12345", {"long"}), ("12a4", {"characters"}),
        ("１２３４", {"characters"}), ("12 4", {"characters"}), ("A", {"characters", "short"}),
        ("3861", set()), ("٣٨٦١", {"characters"}),
    ],
)  # fmt: skip
def test_four_digits(text, said):
    assert against(text, DIGITS) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", {"short", "both"}), ("ABCDEF", {"both"}), ("123456", {"both"}), ("AB123", {"short"}),
        ("K7Q2M9", set()), ("K7Q2M9K7Q2M9K7Q2", set()), ("K7Q2M9K7Q2M9K7Q2X", {"long"}),
        ("k7q2m9", {"small", "both"}), ("K7q2M9", {"small"}), ("K7Q-2M9", {"characters"}),
        ("Ｋ７Q2M9", {"characters"}), ("ß", {"characters", "short", "both"}),
        ("𝟕K7Q2M9", {"characters"}),
    ],
)  # fmt: skip
def test_letters_and_digits(text, said):
    assert against(text, LETTERS) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0000", {"same"}), ("1234", {"run"}), ("9876", {"run"}), ("2345", {"run"}),
        ("0412", {"day"}), ("2912", {"day"}), ("1990", {"day"}), ("3861", set()),
        ("0231", set()), ("0229", {"day"}), ("7474", {"few"}), ("1300", set()),
    ],
)  # fmt: skip
def test_what_is_easily_guessed_among_digits(text, said):
    assert advice(text, DIGITS) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ABC123", {"run"}), ("AAA111", {"few", "run"}), ("A11111", {"few", "run"}),
        ("K7Q2M9", set()), ("SORA19900412", {"day", "alike"}), ("MX900412", {"day"}),
        ("K0412Q", {"day"}), ("CBA987", {"run"}), ("I7Q2M9", {"alike"}), ("AB1CD2", set()),
    ],
)  # fmt: skip
def test_what_is_easily_guessed_among_letters(text, said):
    assert advice(text, LETTERS) == said


@given(st.text(max_size=20))
def test_a_pin_is_of_its_alphabet_and_length_and_nothing_else(text):
    found = judge_pin(text, LETTERS)
    plain = set(text) <= set(string.ascii_uppercase + string.digits)
    mixed = bool(re.search("[A-Z]", text)) and bool(re.search("[0-9]", text))
    assert (found.against == ()) == (plain and mixed and 6 <= len(text) <= 16)
    assert (judge_pin(text, DIGITS).against == ()) == bool(re.fullmatch("[0-9]{4}", text))


def test_advice_refuses_nothing_and_leaves_most_numbers_alone():
    """Advice that speaks of nearly everything would be read by nobody."""
    spoken = [n for n in range(10_000) if advice(f"{n:04}", DIGITS)]
    assert 0.05 < len(spoken) / 10_000 < 0.20


# -- the table -----------------------------------------------------------------------------------


def test_today_four_kinds_are_two_secrets():
    assert [(row.code, row.secret, row.tries) for row in PLAN.kinds] == [
        ("auth", "digits", 3), ("resident", "digits", 3), ("face", "digits", 3),
        ("sign", "letters", 5),
    ]  # fmt: skip
    assert len(PLAN.secrets) == 2
    assert all(row.source for row in (*PLAN.secrets, *PLAN.kinds))


def test_the_next_card_has_two_kinds_and_begins_when_its_day_is_written():
    table = tomllib.loads((FOLDER / "pins.toml").read_text(encoding="utf-8"))
    assert {plan.card for plan in read_plans(table)} == {"current"}
    (following,) = (row for row in table["card"] if row["code"] == "next")
    following["from"] = "2028-04-01"
    plan = read_plans(table)[1]
    assert [row.code for row in plan.kinds] == ["auth", "sign"]
    assert all(row.assumed for row in (*plan.secrets, *plan.kinds))


def test_a_town_writes_the_day_in_its_own_table(tmp_path):
    text = (FOLDER / "pins.toml").read_text(encoding="utf-8")
    text = text.replace('code = "next"\n', 'code = "next"\nfrom = "2028-04-01"\n', 1)
    (tmp_path / "pins.toml").write_text(text, encoding="utf-8")
    assert pin_plan(date(2028, 3, 31), folder=str(tmp_path)).card == "current"
    assert pin_plan(date(2028, 4, 1), folder=str(tmp_path)).card == "next"


# -- the page --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", Language)
def test_the_page_is_for_everybody_and_reads_no_database(client, language):
    """No database mark: a query would fail the test."""
    answer = client.get(PAGE, {"language": language})
    assert answer.status_code == 200
    assert answer.text.count("data-secret=") == 2
    assert not re.search(
        r"<form|\sname=\"(?!viewport|format-detection|htmx-config)|\saction=", answer.text
    )
    assert answer.text.count('autocomplete="off"') == 2
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.post(PAGE, {"pin": "3861"}).status_code == 405


def test_the_policy_of_the_page_lets_nothing_out(client):
    policy = client.get(PAGE).headers["Content-Security-Policy"]
    assert "connect-src 'none'" in policy
    assert "form-action 'none'" in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy


def test_what_is_asked_for_in_the_address_is_not_shown(client):
    assert "K7Q2M9" not in client.get(PAGE, {"language": "K7Q2M9", "pin": "K7Q2M9"}).text


def test_the_script_has_no_way_out():
    text = SCRIPT.read_text(encoding="utf-8")
    code = "\n".join(line.split("//")[0] for line in text.splitlines())
    for word in ("fetch", "XMLHttp", "Beacon", "WebSocket", "EventSource", "Storage", "indexedDB",
                 "cookie", "location", "history", "src", "href", "import", "postMessage"):  # fmt: skip
        assert word not in code, word


@pytest.mark.parametrize("name", ["around", "pins", "bring"])
def test_every_sentence_is_there_in_three_languages(name):
    keys = [set(sentences(TEXTS, name, language)) for language in Language]
    assert keys[1] == keys[2]
    # Japanese has the counter's words where a page says nothing else (test_checker_web.py).
    assert keys[0] == keys[1] if name != "bring" else keys[0] < keys[1]
    for text in sentences(TEXTS, name, Language.EASY_JAPANESE).values():
        bare = re.sub(r"｜[^｜《》]+《[^｜《》]+》", "", text)
        assert not re.search("[一-鿿]", bare), text
