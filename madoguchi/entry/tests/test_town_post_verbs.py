"""``madoguchi moves key | post``, and the second town of a demonstration (町どうし)."""

import csv
import json
import tomllib

import pytest

from madoguchi.adapters.townpost.folder import FolderPost
from madoguchi.certificates.testing import shared_keys
from madoguchi.entry import two_towns
from madoguchi.entry.cli.verbs import run_verb
from madoguchi.infra.wiring import adapter_of, provide
from madoguchi.kernel.checkdigits import is_valid_resident_code, make_resident_code
from madoguchi.moves.domain.town_keys import read_town_keys
from madoguchi.moves.ports import Portal, TownPost

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    settings.MADOGUCHI_KEYS = str(shared_keys(tmp_path))
    kept = {one: adapter_of(one) for one in (Portal, TownPost)}
    for port in kept:
        provide(port, FolderPost(tmp_path / port.__name__))
    yield tmp_path
    for port, adapter in kept.items():
        provide(port, adapter)


def said(capsys):
    return json.loads(capsys.readouterr().out)


def test_the_key_is_shown_as_the_row_of_another_towns_table(folder, capsys):
    assert run_verb(["moves", "key", "--json"]) == 0
    found = said(capsys)
    assert (found["schema"], found["code"], found["made"]) == (
        "madoguchi.town_key/1",
        "465259",
        False,
    )
    assert run_verb(["moves", "key"]) == 0
    row = tomllib.loads(capsys.readouterr().out.partition("\n")[2])
    (key,) = read_town_keys(row)
    assert (key.key.hex(), key.takes_post) == (found["public"], True)
    assert key.seal.hex() == found["seal"] != found["public"]


def test_a_key_is_made_once_and_never_written_over(folder, capsys, settings):
    new = folder / "new"
    assert run_verb(["moves", "key", "--make", str(new), "--json"]) == 0
    shown = said(capsys)
    assert run_verb(["moves", "key", "--make", str(new), "--json"]) == 1
    assert [one["code"] for one in said(capsys)["problems"]] == ["KEY_THERE_ALREADY"]
    settings.MADOGUCHI_KEYS = str(new)
    assert run_verb(["moves", "key", "--json"]) == 0
    assert said(capsys) == shown | {"made": False}
    assert (new / "token.key.pem").stat().st_mode & 0o77 == 0
    (new / "token.key.pem").unlink()
    assert run_verb(["moves", "key", "--make", str(new), "--json"]) == 1
    assert [one["code"] for one in said(capsys)["problems"]] == ["KEY_THERE_ALREADY"]
    assert not (new / "token.key.pem").exists()


def test_one_round_takes_in_and_says_what_is_wrong(folder, capsys):
    assert run_verb(["moves", "post", "--json"]) == 0
    assert said(capsys)["taken"] == 0
    (folder / "TownPost" / "in" / "a.json").write_bytes(b"broken")
    assert run_verb(["moves", "post", "--json"]) == 1
    found = said(capsys)
    assert (found["schema"], found["taken"], found["sent"]) == ("madoguchi.post/1", 0, 0)
    assert [one["code"] for one in found["problems"]] == ["MOVE_POST_UNREADABLE"]
    assert list((folder / "TownPost" / "in").iterdir()) == []


def test_the_second_town_lives_elsewhere_and_counts_its_people_apart(tmp_path, monkeypatch):
    codes = [make_resident_code(f"99{n:08d}") for n in (1, 61_803_399, 99_999_999)]
    path = tmp_path / "register.csv"

    def lay():
        rows = [
            ["氏名", "住所", "住民票コード"],
            *(["港　渚", "鹿児島県大島郡瀬戸内町古仁屋1", one] for one in codes),
        ]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([*rows, ["犬　山", "東京都", ""]])

    def read():
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))[1:]

    lay()
    first = read()
    two_towns.settle_here(tmp_path)
    assert read() == first  # the first town stays as it is
    monkeypatch.setenv("MADOGUCHI_TOWN_CODE", two_towns.OTHER_CODE)
    two_towns.settle_here(tmp_path)
    second = read()
    assert {one[1] for one in second[:3]} == {"鹿児島県大島郡みどり町古仁屋1"}
    fresh = [one[2] for one in second[:3]]
    assert all(map(is_valid_resident_code, fresh)) and not {*fresh} & {*codes}
    assert all(one.startswith("99") for one in fresh) and second[3] == ["犬　山", "東京都", ""]


def test_the_row_of_a_demonstration_is_one_a_town_can_trust():
    (row,) = read_town_keys(
        tomllib.loads(
            two_towns.row_for(two_towns.OTHER_CODE, two_towns.OTHER, bytes(32), bytes([1] * 32))
        )
    )
    assert (row.code, row.name, row.takes_post) == ("465992", "鹿児島県大島郡みどり町", True)
