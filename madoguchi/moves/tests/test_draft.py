"""Drafts: one thing a screen, an end, every field with its origin, and no secret (下書きの決まり)."""

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kernel.language import Language
from madoguchi.moves.domain.case import Card
from madoguchi.moves.domain.draft import (
    CODE_LENGTH,
    CODE_LETTERS,
    kept,
    next_step,
    read_code,
    read_step,
    show_code,
    steps,
)
from madoguchi.moves.domain.drafted import expectation_of, household_of_draft, with_notice
from madoguchi.moves.domain.filing import Arrival, Evidence, Kind, check_told
from madoguchi.moves.domain.household import MoveKind
from madoguchi.moves.domain.notices import decode, encode, read_notice
from madoguchi.moves.domain.online import read_online
from madoguchi.moves.queries.planning import plan_of
from madoguchi.moves.queries.rulebook import online_book
from madoguchi.moves.testing import told as shown
from madoguchi.moves.tests.drafts import HOME, TODAY, answered, family, sittings
from madoguchi.moves.views import words
from madoguchi.visits.api import plan_cards

YESTERDAY = date(2026, 11, 26)


@given(sittings())
def test_m11_every_sitting_ends_and_becomes_a_case_whose_fields_say_who_and_when(told):
    case = expectation_of(told, drafted_on=YESTERDAY)
    said = [*case.once.values(), *(one for each in case.people for one in each.items.values())]
    assert {(one.evidence, one.told_on) for one in said} == {(Evidence.DRAFTED, YESTERDAY)}
    assert all(one.value for one in said)
    assert len(case.people) == int(told["people"])
    # Nothing is lost on the way to the table and back.
    assert decode(encode(case)) == case
    assert plan_of(household_of_draft(told, today=TODAY), plan_cards=plan_cards).steps


@given(sittings(), st.data())
def test_m11_a_changed_mind_leaves_no_answer_nobody_asks_for(told, data):
    step = data.draw(st.sampled_from([one for one in steps(told) if one.choices]))
    changed = kept(told | {step.at: data.draw(st.sampled_from(step.choices))})
    asked = {key for one in steps(changed) for key in one.keys}
    assert set(changed) <= asked
    assert kept(changed) == changed
    # What is asked next is asked because it is not told.
    following = next_step(changed, today=TODAY)
    assert following is None or any(key not in changed for key in following.keys) or following.ticks


def test_the_family_of_five_is_asked_one_thing_a_screen():
    told, seen = answered(family())
    assert len(seen) == 9 + 7 * 5 + 1
    assert all(len(one.boxes or "") <= 3 for one in steps(told))
    assert told["postcode"] == "894-1508" and told["1_facts"] == "insurance pension"


def test_a_move_within_the_town_asks_only_who_when_and_where():
    given_ = HOME | {"kind": "change_address", "notifier": "self", "people": "1",
                     "1_name": "港　渚", "1_name_kana": "みなと　なぎさ", "1_birth": "S60.6.1"}  # fmt: skip
    told, seen = answered(given_)
    assert seen == ["kind", "moved_on", "home", "notifier", "people", "1_who", "1_birth"]
    assert told["1_name_kana"] == "ミナト　ナギサ" and told["1_birth"] == "1985-06-01"
    assert expectation_of(told, drafted_on=TODAY).kind is MoveKind.CHANGE_ADDRESS


@pytest.mark.parametrize(
    ("at", "given_", "codes"),
    [("kind", {"kind": "DOG"}, ["MOVE_DRAFT_CHOOSE"]),
     ("home", {"postcode": "12", "address": ""}, ["MOVE_DRAFT_POSTCODE", "MOVE_DRAFT_EMPTY"]),
     ("home", {"postcode": "894-1508", "address": "番号 123456789018"}, ["TEXT_HAS_INDIVIDUAL_NUMBER"]),
     ("home", {"postcode": "894-1508", "address": "暗証番号は1234"}, ["TEXT_HAS_PIN"]),
     ("home", {"postcode": "894-1508", "address": "あ" * 121}, ["TEXT_TOO_LONG"]),
     ("moved_on", {"moved_on": "soon"}, ["DATE_UNREADABLE"]),
     ("moved_on", {"moved_on": "2027-02-01"}, ["MOVE_DRAFT_TOO_EARLY"]),
     ("1_who", {"1_name": "123456789018", "1_name_kana": "\u202eア"},
      ["TEXT_HAS_INDIVIDUAL_NUMBER", "TEXT_HAS_CONTROL_CHARACTER"]),
     ("1_birth", {"1_birth": "2026-11-28"}, ["MOVE_NOT_BORN_YET"])],
)  # fmt: skip
def test_m13_what_cannot_be_kept_is_refused_all_at_once(at, given_, codes):
    told, _seen = answered(family())
    step = next(one for one in steps(told) if one.at == at)
    found = read_step(step, given_, today=TODAY)
    assert [one.code for one in found] == codes
    assert "123456789018" not in str(found)


def test_every_screen_has_its_words_in_three_languages():
    shapes = [family(), family(came_from="nowhere", last_registered="みどり市"),
              family(**{"1_group": "FOREIGN", "1_name_alphabet": "MINATO", "1_nationality": "x"}),
              HOME | {"kind": "change_address", "notifier": "agent"}]  # fmt: skip
    for language in Language:
        texts = words.texts(language)
        for given_ in shapes:
            for step in steps(given_):
                wanted = [f"q_{step.name}", *(f"box_{one}" for one in step.boxes or ()),
                          *(f"{step.name}_{one}" for one in step.choices),
                          *(f"fact_{one}" for one in step.ticks)]  # fmt: skip
                assert [one for one in wanted if one not in texts] == []


# -- the code --------------------------------------------------------------------------------------


@given(st.text(CODE_LETTERS, min_size=CODE_LENGTH, max_size=CODE_LENGTH))
def test_a_code_reads_as_it_was_shown_typed_or_misread(code):
    shown_as = show_code(code)
    for typed in (shown_as, shown_as.lower(), f" {shown_as.replace('-', 'ー')} ",
                  shown_as.replace("0", "O").replace("1", "l")):  # fmt: skip
        assert read_code(typed) == code


@pytest.mark.parametrize("typed", ["", "K7Q3M", "K7Q3M-9TX4WW", "K7Q3M-9TXU!", "港" * 10])
def test_what_is_no_code_is_none(typed):
    assert read_code(typed) is None


# -- beside the old town's data --------------------------------------------------------------------


def notice(*people, **more):
    raw = {"schema": "madoguchi.move_out/1", "old_town": "みどり市", "people": list(people)} | more
    return read_notice(raw, arrival=Arrival.SPECIAL)


NAGISA = {"name": "港　渚", "name_kana": "ミナト　ナギサ", "birth": "昭和60年6月1日", "sex": "FEMALE",
          "honseki": "福岡県みどり市緑町1番地", "has_card": True}  # fmt: skip


def test_the_old_towns_data_stands_and_what_was_drafted_otherwise_stands_beside_it():
    told, _seen = answered(family(2))
    case = with_notice(notice(NAGISA), expectation_of(told, drafted_on=YESTERDAY))
    first, second = case.people
    assert first.items["sex"].value == "FEMALE" and first.items["sex"].evidence is Evidence.NOTICE
    # Another shape of a letter, of a space or of a day is no difference; another answer is.
    assert first.drafted == {"sex": "MALE"}
    # The old town did not tell of a standing: the draft's, with its day.
    assert first.items["relationship"].told_on == YESTERDAY
    assert first.facts == ("insurance", "pension") and first.card is Card.PRESENT
    # Drafted, and unknown to the old town: asked about, under a number of their own.
    assert (second.no, second.items["name"].value) == ("2", "港　波")
    assert case.old_town == "みどり市" and case.once["address"].evidence is Evidence.DRAFTED


def test_people_born_on_one_day_are_told_apart_by_name_and_nobody_is_joined_by_name_alone():
    told, _seen = answered(family(1))
    drafted = expectation_of(told, drafted_on=YESTERDAY)
    twin = NAGISA | {"name": "港　岸", "name_kana": "ミナト　キシ"}
    father = NAGISA | {"birth": "昭和30年1月1日"}
    for other in (twin, father):
        case = with_notice(notice(other), drafted)
        assert len(case.people) == 2 and not case.people[0].drafted


def test_a_notice_about_where_from_wins_over_the_draft():
    told, _seen = answered(family(1, previous_address="みどり市のどこか"))
    drafted = expectation_of(told, drafted_on=YESTERDAY)
    assert with_notice(notice(NAGISA), drafted).previous_address == "みどり市のどこか"
    case = with_notice(notice(NAGISA, previous_address="緑町5番6号"), drafted)
    assert case.once["previous_address"].evidence is Evidence.NOTICE


@pytest.mark.parametrize(
    ("given_", "arrival"),
    [({}, Arrival.SPECIAL), ({"moved_out": "paper"}, Arrival.PAPER),
     ({f"{no}_card": "lost" for no in range(1, 6)}, Arrival.PAPER),
     ({"came_from": "abroad"}, Arrival.ABROAD),
     ({"came_from": "nowhere", "last_registered": "みどり市"}, Arrival.UNREGISTERED)],
)  # fmt: skip
def test_how_somebody_arrives_follows_from_what_was_told(given_, arrival):
    told, _seen = answered(family(**given_))
    assert expectation_of(told, drafted_on=TODAY).arrival is arrival


# -- presence is the law ---------------------------------------------------------------------------


def test_m14_nothing_is_filed_from_home_until_the_law_dates_it():
    book = online_book()
    assert not book.may_file(TODAY) and not book.may_file(date(2099, 1, 1))
    absent = dataclasses.replace(shown(), present=False)
    assert [one.code for one in check_told(absent, kind=Kind.MOVE_IN)] == ["MOVE_PRESENCE_WANTED"]
    assert check_told(absent, kind=Kind.CHANGE_ADDRESS, from_home=True) == ()


def test_m14_a_town_dates_the_switch_in_a_table_of_its_own():
    table = {"online_filing": {"from": "2030-04-01", "until": "2031-03-31", "source": "x"},
             "draft": {"keep_days": 10}}  # fmt: skip
    book = read_online(table)
    days = ("2030-03-31", "2030-04-01", "2031-03-31", "2031-04-01")
    assert [book.may_file(date.fromisoformat(one)) for one in days] == [False, True, True, False]
