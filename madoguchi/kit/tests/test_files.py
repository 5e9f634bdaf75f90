"""The file that travels and the laptop's journal: sealed, and whole after any cut."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta

import pytest

from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kit.documents.bundle_file import (
    new_key,
    new_word,
    open_with_key,
    open_with_word,
    seal_bundle,
    trip_of,
)
from madoguchi.kit.documents.journal import Journal, read_journal
from madoguchi.kit.domain.operations import Kind, Operation
from madoguchi.kit.domain.trips import Bundle, Resident, check_clock, read_until

NOW = datetime(2026, 11, 28, 9, tzinfo=JAPAN)
TRIP = "t" * 26
BUNDLE = Bundle(
    trip_id=TRIP, area="YORO", town="せとうち町", officers=(), sealed_at=NOW,
    until=NOW + timedelta(hours=9),
    residents=(Resident(person_id="0" * 15, name="港　渚", kana="ミナト　ナギサ", born="昭和23年1月2日",
                        address="与路1", household_no="1" * 15, age=78),),
    cards=(), cases=(), planned=(), surveys=(("s" * 26, "カードの受取"),),
    papers={},
)  # fmt: skip


def made(number, **given):
    return Operation(**{
        "op_id": new_id(), "number": number, "kind": Kind.LOOKED, "at": NOW, "subject": "",
        "person_id": "0" * 15, "base": None, "after": "", "payload": {}, **given,
    })  # fmt: skip


def code(call, *args, **given):
    with pytest.raises(Refused) as refused:
        call(*args, **given)
    return refused.value.problems[0].code


def test_k2_only_the_word_or_the_offices_key_opens_it_and_nothing_is_read_in_it(tmp_path):
    path, word, key = tmp_path / "yoro.kit", new_word(), new_key()
    seal_bundle(path, BUNDLE, key=key, word=word)
    assert "渚".encode() not in path.read_bytes() and trip_of(path) == TRIP
    assert open_with_word(path, word.upper().replace("-", " ")).bundle == BUNDLE
    assert open_with_key(path, key).bundle == BUNDLE
    assert code(open_with_word, path, new_word()) == "KIT_WORD_WRONG"
    assert code(open_with_key, path, new_key()) == "KIT_DAMAGED"
    path.rename(tmp_path / "another name.kit")
    assert open_with_word(tmp_path / "another name.kit", word).key == key


def test_a_byte_changed_anywhere_is_noticed(tmp_path):
    path, word = tmp_path / "yoro.kit", new_word()
    seal_bundle(path, BUNDLE, key=new_key(), word=word)
    whole = path.read_bytes()
    dice = random.Random(5)
    for at in [0, len(whole) - 1, *(dice.randrange(len(whole)) for _ in range(6))]:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(Refused):
            open_with_word(path, word)
    (tmp_path / "no.kit").write_bytes(b"hello")
    assert code(trip_of, tmp_path / "no.kit") == "KIT_NOT_A_KIT"


def test_k3_a_cut_at_any_byte_loses_only_what_was_not_confirmed(tmp_path):
    path, key = tmp_path / "j", new_key()
    ends = []
    with Journal(path, key=key, trip_id=TRIP) as journal:
        for number in range(4):
            journal.add(made(number))
            ends.append(path.stat().st_size)
    whole = path.read_bytes()
    for cut in range(len(whole) + 1):
        path.write_bytes(whole[:cut])
        found = read_journal(path, key=key, trip_id=TRIP)
        kept = [one.number for one in found.operations]
        assert kept == list(range(sum(end <= cut for end in ends)))
        if cut % 97 == 0 or cut in ends:
            with Journal(path, key=key, trip_id=TRIP) as journal:
                journal.add(made(9))
            found = read_journal(path, key=key, trip_id=TRIP)
            assert [one.number for one in found.operations] == [*kept, 9]
            assert not found.torn_bytes


def test_a_disk_that_gave_room_and_no_bytes_is_an_end_cut_off(tmp_path):
    path, key = tmp_path / "j", new_key()
    with Journal(path, key=key, trip_id=TRIP) as journal:
        journal.add(made(0))
    path.write_bytes(path.read_bytes() + bytes(700))
    assert read_journal(path, key=key, trip_id=TRIP).torn_bytes == 700


def test_k3_what_a_full_disk_took_half_of_is_not_confirmed_and_spoils_nothing_after_it(tmp_path):
    path, key = tmp_path / "j", new_key()
    with Journal(path, key=key, trip_id=TRIP) as journal:
        journal.add(made(0))
        kept = resource.getrlimit(resource.RLIMIT_FSIZE)
        before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 40, kept[1]))
            with pytest.raises(OSError):
                journal.add(made(1))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, kept)
            signal.signal(signal.SIGXFSZ, before)
        assert len(journal.operations) == 1
        journal.add(made(2))
    found = read_journal(path, key=key, trip_id=TRIP)
    assert [one.number for one in found.operations] == [0, 2] and not found.torn_bytes


def test_a_record_changed_dropped_or_of_another_trip_is_refused(tmp_path):
    path, key = tmp_path / "j", new_key()
    ends = []
    with Journal(path, key=key, trip_id=TRIP) as journal:
        for number in range(3):
            journal.add(made(number))
            ends.append(path.stat().st_size)
    whole = path.read_bytes()
    changed = whole[:-1] + bytes([whole[-1] ^ 1])
    dropped = whole[: ends[0]] + whole[ends[1] :]
    for data in (changed, dropped):
        path.write_bytes(data)
        assert code(read_journal, path, key=key, trip_id=TRIP) == "KIT_DAMAGED"
    path.write_bytes(whole)
    assert code(read_journal, path, key=key, trip_id="u" * 26) == "KIT_DAMAGED"


def test_one_laptop_window_at_a_time(tmp_path):
    path, key = tmp_path / "j", new_key()
    with Journal(path, key=key, trip_id=TRIP):
        assert code(Journal, path, key=key, trip_id=TRIP) == "KIT_OPEN_ALREADY"


WRITER = """
import sys
from datetime import datetime
from pathlib import Path
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.ids import new_id
from madoguchi.kit.documents.journal import Journal
from madoguchi.kit.domain.operations import Kind, Operation
with Journal(Path(sys.argv[1]), key=bytes.fromhex(sys.argv[2]), trip_id="t" * 26) as journal:
    while True:
        one = Operation(op_id=new_id(), number=len(journal.operations), kind=Kind.LOOKED,
                        at=datetime(2026, 11, 28, 9, tzinfo=JAPAN), subject="", person_id="",
                        base=None, after="", payload={"fill": "x" * 900})
        journal.add(one)
        print(one.op_id, flush=True)
"""


def test_k3_killed_in_the_middle_again_and_again_it_keeps_all_it_confirmed(tmp_path):
    path, key = tmp_path / "j", new_key()
    confirmed: list[str] = []
    dice = random.Random(7)
    for _ in range(6):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), key.hex()], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        confirmed.append(writer.stdout.readline().strip())
        time.sleep(dice.random() / 30)
        os.kill(writer.pid, signal.SIGKILL)
        rest, _ = writer.communicate()
        confirmed += [line for line in rest.splitlines() if len(line) == 26]
        kept = [one.op_id for one in read_journal(path, key=key, trip_id=TRIP).operations]
        assert len(kept) == len(set(kept))
        assert set(confirmed) <= set(kept) and len(kept) - len(confirmed) <= 6
    assert len(confirmed) > 6


def test_k4_it_is_over_in_the_evening_and_a_clock_put_back_is_noticed():
    given = {"sealed_at": NOW, "until": NOW + timedelta(hours=9)}
    at = lambda hours: NOW + timedelta(hours=hours)  # noqa: E731  a table of hours
    assert check_clock(at(1), noted=at(1), **given) == ()
    assert check_clock(at(9), noted=None, **given)[0].code == "KIT_EXPIRED"
    assert check_clock(at(1), noted=at(5), **given)[0].code == "KIT_CLOCK_BACK"
    assert check_clock(at(-1), noted=None, **given)[0].code == "KIT_CLOCK_BACK"
    assert check_clock(at(8.999), noted=at(9), **given)[0].code == "KIT_EXPIRED"


def test_until_is_the_next_such_hour_and_a_kit_of_the_evening_is_for_tomorrow():
    assert read_until("18:00", now=NOW) == NOW.replace(hour=18)
    assert read_until("08:00", now=NOW) == NOW.replace(hour=8) + timedelta(days=1)
    for text in ("soon", "", "25:00"):
        assert isinstance(read_until(text, now=NOW), Problem)
