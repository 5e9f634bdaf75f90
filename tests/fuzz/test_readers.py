"""No reader breaks or hangs, whatever it is given: it answers, or refuses as it says it does."""

from __future__ import annotations

import io
import json
import os
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.infra import sheets
from tests.fuzz import readers
from tests.fuzz.shaking import Counted, give

NAMES = sorted(readers.all_readers(Path()))
EVERY_DAY = 60
MILLION = 1_000_000


@pytest.fixture(autouse=True)
def _what_libraries_grumble():
    """A library may warn of a broken file; what is asked here is whether we break."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def test_all_shares_together_are_a_million():
    assert sum(one.inputs for one in readers.all_readers(Path()).values()) >= MILLION


@pytest.mark.parametrize("name", NAMES)
def test_a_good_input_is_read(name, tmp_path):
    """The seeds reach into the reader: none of them hangs or breaks it."""
    one, counted = readers.all_readers(tmp_path)[name], Counted()
    for seed in one.seeds():
        give(one.read, seed, refusals=readers.REFUSALS, counted=counted, name=name)
    assert counted.broken == []


@pytest.mark.parametrize("name", NAMES)
def test_shaken_inputs_break_nothing(name, tmp_path):
    one, counted = readers.all_readers(tmp_path)[name], Counted()
    seeds = one.seeds()
    for number in range(EVERY_DAY):
        give(one.read, one.shaken(seeds, number), refusals=readers.REFUSALS, counted=counted,
             name=f"{name} {number}")  # fmt: skip
    assert counted.broken == [] and counted.inputs == EVERY_DAY


#: What broke once, as it was found: (reader, input).
FOUND = {
    "a zone that is a folder": ("iCalendar", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\n"
        "UID:1\r\nDTSTART;TZID=Asia:20261201T090000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"),
    "ten and ten": ("addresses", "令和十十年一月一日"),
    "the last day there is": ("case of triage", '{"moved_in_on": "9999-12-31", "today": "2026-11-27", '
        '"move_out_notice_found": true, "card": "lost"}'),
    "the last day of a notice": ("case of deadlines", '{"first_notice_on": "9999-12-31"}'),
    "a draft cut short": ("sealed drafts", "abc"),
}  # fmt: skip


@pytest.mark.parametrize("what", FOUND)
def test_what_broke_once_is_refused(what, tmp_path):
    name, text = FOUND[what]
    counted = Counted()
    read = readers.all_readers(tmp_path)[name].read
    give(read, text.encode(), refusals=readers.REFUSALS, counted=counted, name=what)
    assert counted.broken == []


def test_a_broken_or_unfolding_workbook_is_refused(monkeypatch):
    good = readers._excel()[0]
    assert isinstance(sheets.read_sheet(io.BytesIO(good)), sheets.Sheet)
    at = good.index(b"xl/worksheets/sheet1.xml") + 40
    broken = good[:at] + bytes(40) + good[at + 40 :]
    assert sheets.read_sheet(io.BytesIO(broken)).code == "CARD_SHEET_UNREADABLE"
    monkeypatch.setattr(sheets, "UNFOLDED_MAX", 100)
    assert sheets.read_sheet(io.BytesIO(good)).code == "CARD_SHEET_TOO_LARGE"


TEXTS = [name for name in NAMES if name in ("dates", "addresses", "search", "codes on papers",
         "numbers and labels", "APDU", "IPP", "CSV", "portal", "CJML")]  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_any_text_at_all_breaks_nothing(name, tmp_path):
    one = readers.all_readers(tmp_path)[name]

    @given(st.one_of(st.binary(max_size=300), st.text(max_size=80).map(str.encode)))
    def asked(data):
        counted = Counted()
        give(one.read, data, refusals=readers.REFUSALS, counted=counted, name=name)
        assert counted.broken == []

    asked()


@pytest.mark.full(minutes=2)
@pytest.mark.parametrize("name", NAMES)
def test_its_share_of_a_million_inputs_breaks_nothing_and_none_hangs(name, tmp_path):
    """Counts and times go to a line of MADOGUCHI_FUZZ_REPORT, where that names a file.

    MADOGUCHI_FUZZ_FROM begins elsewhere, so that another night meets other inputs.
    """
    first = int(os.environ.get("MADOGUCHI_FUZZ_FROM", "0"))
    one, counted = readers.all_readers(tmp_path)[name], Counted()
    seeds = one.seeds()
    for number in range(first, first + one.inputs):
        give(one.read, one.shaken(seeds, number), refusals=readers.REFUSALS, counted=counted,
             name=f"{name} {number}")  # fmt: skip
    _report(name, counted)
    assert counted.inputs == one.inputs
    assert counted.broken == []


def _report(name, counted):
    where = os.environ.get("MADOGUCHI_FUZZ_REPORT")
    if where:
        line = json.dumps({
            "reader": name, "inputs": counted.inputs, "refused": counted.refused,
            "broken": len(counted.broken), "seconds": round(counted.seconds, 2),
            "slowest_ms": round(counted.slowest * 1000, 1), "first_broken": counted.broken[:5],
        }, ensure_ascii=False)  # fmt: skip
        with Path(where).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
