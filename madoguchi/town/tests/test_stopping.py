"""Refusals, and work that is stopped or fails: all files or none."""

import fcntl
import os
from datetime import date

import pytest

from madoguchi.kernel.outcome import Refused
from madoguchi.town.api import generate_town
from madoguchi.town.rows import FILES


class Stopped(BaseException):
    pass


def stop_half_way(done, total):
    if done < total:
        raise Stopped


def codes(**changed):
    given = {"residents": 200, "seed": 1, **changed}
    with pytest.raises(Refused) as caught:
        generate_town(**given)
    return [problem.code for problem in caught.value.problems]


def test_stopped_work_leaves_no_folder_behind(tmp_path):
    out = tmp_path / "deep" / "town"
    with pytest.raises(Stopped):
        generate_town(residents=300, seed=1, out=out, tell=stop_half_way)
    assert list(tmp_path.iterdir()) == []


def test_stopped_work_leaves_an_older_town_as_it_was(tmp_path):
    generate_town(residents=300, seed=1, out=tmp_path)
    before = {name: (tmp_path / name).read_bytes() for name in FILES}
    with pytest.raises(Stopped):
        generate_town(residents=300, seed=2, out=tmp_path, tell=stop_half_way)
    assert {path.name for path in tmp_path.iterdir()} == set(FILES)
    assert {name: (tmp_path / name).read_bytes() for name in FILES} == before


def test_what_a_killed_run_left_is_cleared_away(tmp_path):
    (tmp_path / ".town-part").mkdir()
    (tmp_path / ".town-part" / "register.csv").write_text("half")
    generate_town(residents=12, seed=1, out=tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(FILES)


def test_two_runs_do_not_write_one_folder(tmp_path):
    handle = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert codes(out=tmp_path) == ["TOWN_BEING_MADE"]
    finally:
        os.close(handle)
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_is_a_clear_refusal(tmp_path):
    (tmp_path / "town").write_text("not a folder")
    assert codes(out=tmp_path / "town") == ["TOWN_NOT_WRITTEN"]
    assert codes(out=tmp_path / "town" / "below") == ["TOWN_NOT_WRITTEN"]
    assert (tmp_path / "town").read_text() == "not a folder"


def test_all_that_is_wrong_is_said_at_once(tmp_path):
    found = codes(out=tmp_path / "x", residents=11, as_of=date(1999, 1, 1), workers=3)
    assert found == ["TOWN_TOO_SMALL", "TOWN_DAY_OUT_OF_RANGE", "TOWN_WORKERS_OUT_OF_RANGE"]
    assert codes(out=tmp_path / "x", residents=10_000_001) == ["TOWN_TOO_LARGE"]
    assert list(tmp_path.iterdir()) == []


def test_progress_reaches_the_whole(tmp_path):
    seen = []
    generate_town(residents=500, seed=1, out=tmp_path, tell=lambda *step: seen.append(step))
    assert seen == sorted(seen)
    assert seen[-1] == (500, 500)
