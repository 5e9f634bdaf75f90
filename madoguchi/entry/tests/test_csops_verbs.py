"""``madoguchi csops …``: the contract other programs rely on (コマンドの契約)."""

import json
from datetime import datetime

import icalendar
import pytest

from madoguchi.entry.cli.verbs import run_verb

SPANS = [["2027-01-04T18:00", "2027-01-05T00:00"]]
PLAN = {
    "from": "2027-01-01T00:00", "to": "2027-02-01T00:00", "duration_hours": 3,
    "max_towns_at_once": 1,
    "towns": [{"name": "みなと町", "quiet": SPANS}, {"name": "はまべ村", "quiet": SPANS}],
}  # fmt: skip


@pytest.fixture
def ask(tmp_path, capsys):
    def call(case, *more):
        path = tmp_path / "plan.json"
        path.write_text(json.dumps(case), encoding="utf-8")
        status = run_verb(["csops", "windows", str(path), "--json", *more])
        return status, json.loads(capsys.readouterr().out)

    return call


def test_every_town_gets_a_window(ask):
    status, said = ask(PLAN)
    assert (status, said["schema"], said["feasible"]) == (0, "madoguchi.windows/1", True)
    starts = sorted((one["start"], one["end"]) for one in said["windows"])
    assert starts == [("2027-01-04T18:00", "2027-01-04T21:00"),
                      ("2027-01-04T21:00", "2027-01-05T00:00")]  # fmt: skip
    assert {one["town"] for one in said["windows"]} == {"みなと町", "はまべ村"}
    assert said["seconds"] >= 0 and said["problems"] == []


def test_towns_in_the_way_are_named_with_what_would_help(ask):
    third = PLAN["towns"] + [{"name": "おか市", "quiet": SPANS},
                             {"name": "とおい町", "quiet": [["2027-01-20T00:00", "2027-01-21T00:00"]]}]  # fmt: skip
    status, said = ask(PLAN | {"towns": third})
    assert (status, said["feasible"], said["windows"]) == (1, False, [])
    assert said["in_the_way"] == ["みなと町", "はまべ村", "おか市"]
    (problem,) = said["problems"]
    assert problem["code"] == "CSOPS_TOWNS_CLASH" and "おか市" in problem["cause"]
    assert "同時に2団体" in problem["remedy"] and said["max_towns_at_once_enough"] == 2


def test_towns_without_room_are_all_named(ask):
    towns = [{"name": "い", "quiet": SPANS, "peaks": [["2027-01-04T19:00", "2027-01-04T22:00"]]},
             {"name": "ろ", "quiet": []}]  # fmt: skip
    status, said = ask(PLAN | {"towns": towns})
    assert (status, said["in_the_way"]) == (1, ["い", "ろ"])
    assert [one["code"] for one in said["problems"]] == ["CSOPS_TOWN_HAS_NO_ROOM",
                                                         "CSOPS_TOWN_HAS_NO_QUIET"]  # fmt: skip


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_claimed(ask):
    status, said = ask({
        "from": "soon", "duration_hours": 0, "max_towns_at_once": True, "colour": "red",
        "towns": [
            {"name": "い", "quiet": [["2027-01-02T00:00", "2027-01-01T00:00"], ["x"]]},
            {"name": "い", "peaks": 3, "size": 1}, "village",
        ],
    })  # fmt: skip
    assert (status, said["feasible"]) == (1, None)
    assert {(one["code"], one["where"]) for one in said["problems"]} == {
        ("CASE_FIELD_UNKNOWN", "colour"), ("CASE_FIELD_MISSING", "to"),
        ("CASE_VALUE_WRONG", "from"), ("CASE_VALUE_WRONG", "duration_hours"),
        ("CASE_VALUE_WRONG", "max_towns_at_once"), ("CSOPS_SPAN_BACKWARDS", "towns[1].quiet[1]"),
        ("CASE_VALUE_WRONG", "towns[1].quiet[2]"), ("CSOPS_TOWN_TWICE", "towns[2]"),
        ("CASE_FIELD_MISSING", "towns[2].quiet"), ("CASE_VALUE_WRONG", "towns[2].peaks"),
        ("CASE_FIELD_UNKNOWN", "towns[2].size"), ("CASE_VALUE_WRONG", "towns[3]"),
    }  # fmt: skip
    assert all(one["cause"] and one["remedy"] for one in said["problems"])


@pytest.mark.parametrize("hours", [1 / 3, 1e9, float("inf"), float("nan"), "4"])
def test_a_length_is_whole_minutes(ask, hours):
    status, said = ask(PLAN | {"duration_hours": hours})
    assert (status, [one["where"] for one in said["problems"]]) == (1, ["duration_hours"])


def test_the_schema_has_an_example_that_runs(ask, capsys):
    assert run_verb(["csops", "windows", "--schema", "--json"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert ask(schema["examples"][0])[0] == 0
    assert set(schema["required"]) == set(PLAN)


def event(body, uid="1"):
    return f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261201T000000Z\r\n{body}\r\nEND:VEVENT\r\n"


def calendar(*events):
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//JA\r\n{''.join(events)}END:VCALENDAR\r\n"
    )


def test_calendars_in_and_out(ask, tmp_path):
    """Every way a calendar says when: zones, no zone, whole days, repeats, exceptions, cancelled."""
    quiet = calendar(
        # Daily from the 4th to the 7th; the 5th is left out, the 6th is moved a day's part later.
        event("DTSTART;TZID=Asia/Tokyo:20270104T180000\r\nDTEND;TZID=Asia/Tokyo:20270104T210000\r\n"
              "RRULE:FREQ=DAILY;UNTIL=20270107T090000Z\r\nEXDATE;TZID=Asia/Tokyo:20270105T180000"),
        event("RECURRENCE-ID;TZID=Asia/Tokyo:20270106T180000\r\nDTSTART:20270106T200000\r\n"
              "DURATION:PT3H"),
        event("STATUS:CANCELLED\r\nDTSTART:20270110T000000Z\r\nDTEND:20270111T000000Z", uid="2"),
    )  # fmt: skip
    (tmp_path / "quiet.ics").write_text(quiet)
    (tmp_path / "peaks.ics").write_text(calendar(event("DTSTART;VALUE=DATE:20270104")))
    towns = [{"name": "い", "quiet_ics": "quiet.ics", "peaks_ics": ["peaks.ics"]},
             {"name": "ろ", "quiet_ics": "quiet.ics"}, {"name": "は", "quiet_ics": "quiet.ics"}]  # fmt: skip
    status, said = ask(PLAN | {"towns": towns}, "--ics", str(tmp_path / "out.ics"))
    assert status == 0, said
    starts = {one["start"] for one in said["windows"]}
    assert starts == {"2027-01-04T18:00", "2027-01-06T20:00", "2027-01-07T18:00"}
    assert next(one for one in said["windows"] if one["town"] == "い")["start"] > "2027-01-05"
    written = icalendar.Calendar.from_ical((tmp_path / "out.ics").read_bytes())
    moments = {one["DTSTART"].dt for one in written.walk("VEVENT")}
    assert moments == {datetime.fromisoformat(f"{one}+09:00") for one in starts}


def test_what_we_write_is_read_back_as_it_was(ask, tmp_path):
    ask(PLAN, "--ics", str(tmp_path / "out.ics"))
    one = {"name": "つぎ町", "quiet_ics": "out.ics"}
    status, said = ask(PLAN | {"towns": [one]})
    assert (status, said["windows"][0]["start"]) == (0, "2027-01-04T18:00")


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [("gone.ics", None, "CSOPS_CALENDAR_NOT_THERE"), ("../up.ics", "", "CSOPS_CALENDAR_NOT_THERE"),
     ("bad.ics", "no calendar", "CSOPS_CALENDAR_UNREADABLE"),
     ("back.ics", calendar(event("DTSTART:20270104T180000\r\nDTEND:20270104T170000")),
      "CSOPS_CALENDAR_UNREADABLE"),
     ("none.ics", calendar(event("DTSTART:20270104T180000")), "CSOPS_CALENDAR_UNREADABLE"),
     ("every.ics", calendar(event("DTSTART:20270101T000000\r\nDURATION:PT1M\r\n"
                                  "RRULE:FREQ=MINUTELY")), "CSOPS_CALENDAR_UNREADABLE"),
     ("long.ics", calendar(event("DTSTART:20000101T000000\r\nDURATION:PT1M\r\n"
                                 "RRULE:FREQ=DAILY;BYHOUR=0,4,8,12,16,20;BYMINUTE=0,30")),
      "CSOPS_CALENDAR_UNREADABLE"),
     ("many.ics", calendar(*(event(f"DTSTART:202701{1 + n // 1400:02}T{n % 1400 // 60:02}{n % 60:02}00"
                                   "\r\nDURATION:PT1M", uid=str(n)) for n in range(2_001))),
      "CSOPS_CALENDAR_TOO_LARGE")],
)  # fmt: skip
def test_a_calendar_that_cannot_be_read_is_never_an_empty_one(ask, tmp_path, name, text, code):
    if text is not None:
        (tmp_path / name).write_text(text)
    status, said = ask(PLAN | {"towns": [{"name": "い", "quiet_ics": name}]})
    assert (status, said["feasible"]) == (1, None)
    assert [(one["code"], one["where"]) for one in said["problems"]] == [
        (code, "towns[1].quiet_ics")
    ]


def test_a_person_reads_it_in_words(tmp_path, capsys):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(PLAN))
    assert run_verb(["csops", "windows", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "2027-01-04 18:00 〜 2027-01-04 21:00" in shown and "2団体すべてに枠" in shown
