"""``madoguchi backup``: the contract other programs rely on, on a town of its own (コマンドの契約)."""

import json
import os
import subprocess
import sys

import pytest

from madoguchi.entry.cli import backup
from madoguchi.entry.cli.verbs import list_nouns, run_verb
from tests.homes import new_home


def called(capsys, *words):
    status = run_verb(["backup", *map(str, words), "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_it_is_a_noun():
    assert "backup" in list_nouns()


def test_everything_missing_is_told_at_once(capsys, tmp_path):
    status, said = called(capsys, "list")
    assert status == 1
    assert [one["code"] for one in said["problems"]] == [
        "BACKUP_PLACE_MISSING",
        "BACKUP_KEY_MISSING",
    ]
    (tmp_path / "k").write_text("nothing")
    status, said = called(capsys, "verify", "--to", tmp_path / "none", "--key", tmp_path / "k")
    assert status == 1 and said["intact"] is False
    assert [one["code"] for one in said["problems"]] == ["BACKUP_PLACE_MISSING", "BACKUP_KEY_WRONG"]


def test_nothing_is_restored_over_a_town_or_from_nothing(capsys, tmp_path):
    called(capsys, "key", "--out", tmp_path / "k")
    status, said = called(capsys, "key", "--out", tmp_path / "k")
    assert status == 1 and said["problems"][0]["code"] == "BACKUP_KEY_THERE"
    (tmp_path / "place").mkdir()
    where = ("--to", tmp_path / "place", "--key", tmp_path / "k")
    status, said = called(capsys, "restore", *where, "--into", tmp_path / "new")
    assert status == 1 and said["problems"][0]["code"] == "BACKUP_NONE"
    assert not (tmp_path / "new").exists()
    assert (
        called(capsys, "restore", *where, "--into", tmp_path, "--until", "2026-11-28T10:00")[0] == 1
    )


@pytest.mark.parametrize(
    ("until", "base"), [("20260102-000000", "20260101-120000"), ("20260101-110000", "")]
)
def test_a_moment_is_restored_from_a_base_before_it(until, base):
    from datetime import datetime

    from madoguchi.infra.clock import JAPAN

    moment = datetime.strptime(until, "%Y%m%d-%H%M%S").replace(tzinfo=JAPAN)
    assert backup._before(("20260101-120000", "20260103-120000"), moment) == base
    assert backup._before(("20260101-120000", "20260103-120000"), None) == "20260103-120000"


@pytest.mark.parametrize(
    ("at", "taken", "proved", "started"),
    [
        ("02:29", (), (), None),
        ("02:31", (), (), ["now", "--verify", "--keep", "14"]),
        ("02:31", ("20260101-023000",), (), ["now", "--verify", "--keep", "14"]),
        # The service was stopped between taking and proving: proved all the same, the same night.
        ("02:31", ("20260102-000500",), (), ["verify", "--base", "20260102-000500"]),
        ("02:31", ("20260102-000500", "20260102-010000"), ("20260102-000500",), None),
    ],
)
def test_each_night_has_a_base_that_is_proved(tmp_path, monkeypatch, at, taken, proved, started):
    from datetime import datetime
    from types import SimpleNamespace

    from madoguchi.entry import backup_proof
    from madoguchi.infra.backup.place import MANIFEST, Place
    from madoguchi.infra.clock import JAPAN

    place = Place(tmp_path)
    place.make()
    for one in taken:
        place.base(one).mkdir()
        (place.base(one) / MANIFEST).touch()
    for one in proved:
        place.write_report(one, {"intact": True})
    calls = []

    def begin(command):
        calls.append(command[command.index("backup") + 1 :])
        return SimpleNamespace(poll=lambda: 0, returncode=0)

    now = datetime.fromisoformat(f"2026-01-02T{at}:00").replace(tzinfo=JAPAN)
    monkeypatch.setattr(backup_proof.clock, "now", lambda: now)
    monkeypatch.setattr(backup_proof.subprocess, "Popen", begin)
    given = SimpleNamespace(to=tmp_path, key=tmp_path / "key", keep=backup.KEEP, at=backup.NIGHT)
    night = backup_proof.Night(given, place)
    for _ in range(3):  # once, however often it is looked at
        night.look()
    where = ["--to", str(tmp_path), "--key", str(tmp_path / "key")]
    assert calls == ([] if started is None else [[*started, *where]])


def test_the_restored_town_is_asked_and_not_the_one_a_file_names(tmp_path, monkeypatch):
    from types import SimpleNamespace

    from madoguchi.entry import backup_proof

    asked = {}

    def begin(command, *, env, **_more):
        asked.update(env, words=command[3:])
        return SimpleNamespace(returncode=0, stdout='{"intact": true}')

    monkeypatch.setenv("MADOGUCHI_DATABASE_URL_FILE", str(tmp_path / "of-the-town-that-runs"))
    monkeypatch.setattr(backup_proof.subprocess, "run", begin)
    found = SimpleNamespace(url="postgresql://restored/town")
    assert backup_proof.ask_its_record(found, tmp_path) == []
    assert (
        asked["MADOGUCHI_DATABASE_URL"] == found.url and "MADOGUCHI_DATABASE_URL_FILE" not in asked
    )
    assert asked["MADOGUCHI_HOME"] == str(tmp_path) and asked["words"][:2] == ["audit", "verify"]


@pytest.fixture
def home():
    with new_home() as one:
        yield one


def test_a_town_is_taken_proved_and_restored_and_a_damaged_one_is_called_that(tmp_path, home):
    place, key = tmp_path / "place", tmp_path / "key"
    where = ("--to", place, "--key", key)

    def madoguchi(*words, home=home):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MADOGUCHI_")}
        done = subprocess.run(
            [sys.executable, "-m", "madoguchi", *map(str, words), "--json"], text=True,
            env={**environment, "MADOGUCHI_HOME": str(home)}, capture_output=True, check=False,
        )  # fmt: skip
        return done.returncode, json.loads(done.stdout)

    assert madoguchi("backup", "key", "--out", key)[0] == 0
    status, taken = madoguchi("backup", "now", "--verify", *where)
    assert status == 0, json.dumps(taken, ensure_ascii=False)  # wholly: a cut one hides why
    assert taken["schema"] == "madoguchi.backup/1" and taken["intact"] is True and taken["rows"] > 0
    status, listed = madoguchi("backup", "list", *where)
    assert listed["bases"][0]["report"]["intact"] is True and listed["log_age_seconds"] < 600
    new = tmp_path / "new"
    status, restored = madoguchi("backup", "restore", *where, "--into", new)
    assert status == 0 and restored["intact"] is True, restored
    # The record of the taking was written after it was counted: the log brought it too.
    assert restored["rows"] > taken["rows"]
    assert madoguchi("audit", "verify", home=new)[0] == 0
    sealed = place / "base" / taken["base"] / "base.tar.sealed"
    changed = bytearray(sealed.read_bytes())
    changed[-1] ^= 1
    sealed.write_bytes(bytes(changed))
    status, said = madoguchi("backup", "verify", *where)
    assert status == 1 and said["intact"] is False
    assert [one["code"] for one in said["problems"]] == ["BACKUP_DAMAGED"]
    assert madoguchi("backup", "list", *where)[1]["bases"][0]["report"]["intact"] is False
