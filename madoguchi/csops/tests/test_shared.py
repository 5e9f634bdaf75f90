"""Shared use: shares to the yen, and the page where towns meet; no person stands on it."""

import json
from datetime import date

import icalendar
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.accounts import testing as staff
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.csops.domain.shares import (
    Basis,
    Partner,
    ShareRule,
    read_share_rules,
    rule_on,
    shares_of,
    split,
)
from madoguchi.csops.models import Neighbour, Proposed
from madoguchi.infra import clock
from madoguchi.kernel.daytimes import DayRule
from madoguchi.register.testing import at as moment

NOW = moment("2027-01-04T10:00")


def rule(equal=30, population=70, use=0):
    return ShareRule(
        days=DayRule(valid_from=date(2020, 4, 1)), source="x", assumed=True,
        percents={Basis.EQUAL: equal, Basis.POPULATION: population, Basis.USE: use},
    )  # fmt: skip


weights = st.dictionaries(st.text(min_size=1, max_size=4), st.integers(0, 10**6), min_size=1, max_size=8).filter(
    lambda one: sum(one.values())
)  # fmt: skip


@given(st.integers(0, 10**9), weights)
def test_s1_a_cost_split_adds_up_to_the_yen_and_nobody_is_a_yen_off(yen, given_weights):
    found = split(yen, given_weights)
    whole = sum(given_weights.values())
    assert sum(found.values()) == yen
    for name, weight in given_weights.items():
        assert abs(found[name] * whole - yen * weight) < whole
        if not weight:
            assert found[name] == 0


@given(st.integers(0, 10**7), st.lists(st.integers(1, 10**5), min_size=1, max_size=6))
def test_s1_every_part_and_the_whole_add_up(yen, populations):
    partners = [Partner(name=f"町{n}", population=p, uses=p) for n, p in enumerate(populations)]
    found = shares_of(yen, partners, rule(20, 50, 30))
    assert sum(one.yen for one in found) == yen
    again = split(yen, {"EQUAL": 20, "POPULATION": 50, "USE": 30})
    for basis in Basis:
        assert sum(one.parts[basis] for one in found) == again[basis.value]


def test_the_yen_left_over_go_to_the_largest_remainders_then_by_name():
    assert split(10, {"い": 1, "ろ": 1, "は": 1}) == {"い": 4, "は": 3, "ろ": 3}
    assert split(100, {"い": 1, "ろ": 2, "は": 4}) == {"い": 14, "ろ": 29, "は": 57}


def test_what_is_not_known_is_never_counted_as_none():
    towns = [Partner(name="い", population=100), Partner(name="ろ")]
    assert [one.code for one in shares_of(1, towns, rule(0, 50, 50))] == [
        "CS_SHARE_POPULATION_UNKNOWN", "CS_SHARE_USE_UNKNOWN",
    ]  # fmt: skip
    nobody = [Partner(name="い", population=0)]
    assert [one.code for one in shares_of(1, nobody, rule())] == ["CS_SHARE_POPULATION_ALL_NONE"]
    assert len(shares_of(1, towns, rule(100, 0))) == 2


def test_rules_are_dated_and_make_a_whole():
    row = {"from": date(2020, 4, 1), "equal_percent": 100, "source": "x", "assumed": True}
    newer = row | {"from": date(2027, 4, 1), "equal_percent": 40, "use_percent": 60}
    rules = read_share_rules([row, newer])
    assert rule_on(rules, date(2027, 3, 31)).percents[Basis.EQUAL] == 100
    assert rule_on(rules, date(2027, 4, 1)).percents[Basis.USE] == 60
    assert rule_on(rules, date(2019, 1, 1)) is None
    with pytest.raises(AssertionError):
        read_share_rules([row | {"equal_percent": 99}])


# -- the page --------------------------------------------------------------------------------------

page_tests = pytest.mark.django_db
PERIOD = {"first": "2027-01-04", "last": "2027-01-10", "hours": "3", "at_once": "1"}
QUIET = [["2027-01-05T18:00", "2027-01-06T00:00"]]
PLAN = {
    "from": "2027-01-04T00:00", "to": "2027-01-11T00:00", "duration_hours": 3,
    "max_towns_at_once": 1,
    "towns": [{"name": "みなと町", "quiet": QUIET}, {"name": "はまべ村", "quiet": QUIET}],
}  # fmt: skip
ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    "DTSTAMP:20261201T000000Z\r\nDTSTART:20270107T180000\r\nDTEND:20270107T220000\r\n"
    "SUMMARY:秘密の会議\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def at(name):
    return reverse(f"csops:{name}")


@pytest.fixture
def kaede(client, db):
    with clock.frozen(NOW):
        yield staff.signed_in(client, staff.kaede())


def sent(client, name, content, **given):
    data = content if isinstance(content, bytes) else content.encode()
    file = SimpleUploadedFile(name, data)
    where = at("take") + "?" + "&".join(f"{key}={value}" for key, value in PERIOD.items())
    return client.post(where, {"kind": "QUIET", "town": "", "file": file, **given})


def test_a_plan_is_taken_in_windows_found_and_written_as_a_calendar(kaede):
    assert sent(kaede, "plan.json", json.dumps(PLAN)).status_code == 302
    page = kaede.get(at("shared"), PERIOD | {"find": "1"}).text
    assert (
        "2団体すべてに枠がとれました" in page and "R9.1.5 18:00" in page and "R9.1.5 21:00" in page
    )
    file = kaede.get(at("shared_calendar"), PERIOD)
    assert file.headers["Content-Type"].startswith("text/calendar")
    assert file.headers["Cache-Control"] == "no-store"
    events = icalendar.Calendar.from_ical(file.content).walk("VEVENT")
    assert sorted(str(one["SUMMARY"]) for one in events) == [
        "CSの作業枠 はまべ村", "CSの作業枠 みなと町",
    ]  # fmt: skip


def test_a_towns_calendar_takes_the_place_of_what_it_told_for_that_time(kaede):
    kaede.post(at("keep_town"), {"name": "みなと町", "population": "", "uses": ""})
    for _ in range(2):
        assert sent(kaede, "a.ics", ICS, town="みなと町").status_code == 302
    row = Proposed.objects.get()
    assert "秘密" not in str(row.__dict__) and row.kind == "QUIET"
    page = kaede.get(at("shared"), PERIOD | {"find": "1"}).text
    assert "R9.1.7 18:00" in page and "秘密" not in page


def test_towns_in_the_way_are_named_on_the_page(kaede):
    third = PLAN | {"towns": [*PLAN["towns"], {"name": "おか市", "quiet": QUIET}]}
    sent(kaede, "plan.json", json.dumps(third))
    answer = kaede.get(at("shared"), PERIOD | {"find": "1"})
    assert answer.status_code == 200 and "CSOPS_TOWNS_CLASH" in answer.text
    assert "枠のとれない団体" in answer.text
    assert "CSOPS_TOWNS_CLASH" in kaede.get(at("shared_calendar"), PERIOD).text


def test_a_cost_is_split_as_the_rule_says_and_the_page_adds_up(kaede):
    for name, people in (("みなと町", "8000"), ("はまべ村", "1500"), ("おか市", "40000")):
        kaede.post(at("keep_town"), {"name": name, "population": people, "uses": ""})
    page = kaede.get(at("shared"), {"yen": "1,000,000"}).text
    parts = split(300_000, dict.fromkeys(["みなと町", "はまべ村", "おか市"], 1))
    by_people = split(700_000, {"みなと町": 8000, "はまべ村": 1500, "おか市": 40000})
    for name in parts:
        assert f"<b>{parts[name] + by_people[name]:,}円</b>" in page
    assert "<b>1,000,000円</b>" in page and "想定" in page
    kaede.post(at("keep_town"), {"name": "しま町", "population": "", "uses": ""})
    assert "人口の分からない団体があります（しま町）" in kaede.get(at("shared"), {"yen": "10"}).text
    assert "分ける額を読み取れません" in kaede.get(at("shared"), {"yen": "x"}).text


def test_a_town_leaves_with_all_it_told_and_the_record_says_so(kaede):
    sent(kaede, "plan.json", json.dumps(PLAN))
    assert kaede.post(at("drop_town"), {"name": "みなと町"}).status_code == 302
    assert [one.name for one in Neighbour.objects.all()] == ["はまべ村"]
    assert Proposed.objects.count() == 1
    assert "CS_NEIGHBOUR_UNKNOWN" in kaede.post(at("drop_town"), {"name": "みなと町"}).text
    said = {one.note.action for one in list_entries(wanted=EntryFilter()).entries}
    assert {"CS_PROPOSAL_TAKEN", "CS_NEIGHBOUR_DROPPED"} <= said


@page_tests
def test_the_wrong_role_is_refused(client):
    staff.signed_in(client, staff.tsuru())
    for name in ("shared", "shared_calendar"):
        assert client.get(at(name)).status_code == 403
    for name in ("keep_town", "drop_town", "take"):
        assert client.post(at(name)).status_code == 403


@pytest.mark.parametrize(
    ("name", "content", "given", "code"),
    [("a.ics", ICS, {}, "CS_PROPOSAL_OF_NOBODY"), ("a.ics", "x", {"town": "みなと町"}, "CSOPS_CALENDAR_UNREADABLE"),
     ("a.ics", ICS, {"town": "とおい町"}, "FIELD_CHOICE"), ("a.json", "{", {}, "CASE_NOT_JSON"),
     ("a.json", b"\xff\xfe{", {}, "CASE_NOT_JSON"), ("a.json", "{}", {}, "CASE_FIELD_MISSING")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_changes_nothing(kaede, name, content, given, code):
    kaede.post(at("keep_town"), {"name": "みなと町", "population": "", "uses": ""})
    answer = sent(kaede, name, content, **given)
    assert answer.status_code == 422 and code in answer.text
    assert not Proposed.objects.exists()


@pytest.mark.parametrize(
    ("special", "code"),
    [({"last": "2026-01-01"}, "CS_PERIOD_UNKNOWN"), ({"hours": "0.33"}, "CS_HOURS_UNKNOWN"),
     ({"first": "soon"}, "DATE_UNREADABLE"), ({"find": "1"}, "CS_NO_PARTNER")],
)  # fmt: skip
def test_conditions_that_are_none_are_told(kaede, special, code):
    assert code in kaede.get(at("shared"), PERIOD | special).text


def test_a_name_is_checked_like_any_text(kaede):
    answer = kaede.post(at("keep_town"), {"name": "123456789018", "population": "-1"})
    assert answer.status_code == 422 and not Neighbour.objects.exists()
