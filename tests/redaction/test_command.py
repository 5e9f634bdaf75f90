"""``madoguchi dispatch redact``: the contract, what it leaves behind, what it writes down."""

import hashlib
import json

import pytest
from django.db import connection
from PIL import Image

from madoguchi.entry.cli.verbs import run_verb
from tests.redaction.judge import as_file, plain_scan


@pytest.fixture
def ask(capsys, monkeypatch, transactional_db, settings, tmp_path):
    from madoguchi.entry import bootstrap

    settings.MADOGUCHI_HOME = tmp_path / "home"
    settings.MADOGUCHI_HOME.mkdir()
    monkeypatch.setattr(bootstrap, "set_up", lambda: None)

    def call(*words):
        status = run_verb(["dispatch", "redact", *map(str, words), "--json"])
        return status, json.loads(capsys.readouterr().out)

    return call


@pytest.fixture
def scan_file(tmp_path):
    path = tmp_path / "in.png"
    path.write_bytes(plain_scan().data)
    return path


def recorded():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT action, detail::text FROM audit_entry WHERE action LIKE 'REDACTION%' ORDER BY seq"
        )
        return cursor.fetchall()


def test_a_copy_and_its_receipt(ask, scan_file, tmp_path):
    out = tmp_path / "out.pdf"
    status, answer = ask(scan_file, out, "--template", "birth")
    assert status == 0 and answer["schema"] == "madoguchi.redact/1" and answer["clean"] is True
    assert answer["checks"] == {
        "text_layer": "passed", "metadata": "passed", "pixels": "passed", "digits": "passed",
        "ocr": answer["checks"]["ocr"],
    }  # fmt: skip
    assert answer["checks"]["ocr"] in ("passed", "not_available")
    assert answer["sha256_out"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert answer["sha256_in"] == hashlib.sha256(plain_scan().data).hexdigest()
    assert [one["code"] for one in answer["warnings"]] == ["SCAN_STILL_THERE"]
    ((action, detail),) = recorded()
    assert action == "REDACTION_MADE"
    kept = json.loads(detail)
    assert kept["receipt"] == answer["receipt"] and kept["sha256_in"] == answer["sha256_in"]
    assert kept["template"] == "birth-2024" and kept["sha256_out"] == answer["sha256_out"]


def test_the_scan_is_removed_when_asked_and_that_is_written_down(ask, scan_file, tmp_path):
    status, answer = ask(scan_file, tmp_path / "out.pdf", "--template", "birth", "--remove-input")
    assert status == 0 and answer["input_removed"] and not scan_file.exists()
    assert "warnings" not in answer
    assert [action for action, _ in recorded()] == ["REDACTION_MADE", "REDACTION_SCAN_REMOVED"]


def test_x4_a_refusal_leaves_no_file_not_even_an_earlier_one(ask, tmp_path):
    out = tmp_path / "out.pdf"
    out.write_bytes(b"of an earlier call")
    blank = tmp_path / "in.png"
    blank.write_bytes(as_file(Image.new("L", (1240, 1754), 255)))
    status, answer = ask(blank, out, "--template", "birth", "--remove-input")
    assert status == 1 and answer["clean"] is False and answer["sha256_out"] is None
    assert [one["code"] for one in answer["problems"]] == ["FORM_NOT_RECOGNISED"]
    assert all(one["cause"] and one["remedy"] for one in answer["problems"])
    assert set(answer["checks"].values()) == {"not_done"}
    assert {path.name for path in tmp_path.iterdir()} - {"home"} == {"in.png"}
    assert [action for action, _ in recorded()] == ["REDACTION_REFUSED"]


@pytest.mark.parametrize("template", ["death", "birth-1999", "nowhere.toml"])
def test_an_unknown_template_is_refused(ask, scan_file, tmp_path, template):
    status, answer = ask(scan_file, tmp_path / "out.pdf", "--template", template)
    assert status == 1 and answer["clean"] is False and answer["problems"]
    assert not (tmp_path / "out.pdf").exists()


def test_the_scan_is_never_the_copy(ask, scan_file):
    status, answer = ask(scan_file, scan_file, "--template", "birth")
    assert status == 1 and answer["problems"]
    assert scan_file.read_bytes() == plain_scan().data


def test_x5_nothing_of_the_scan_stays_in_the_data_folder_or_the_record(
    ask, scan_file, tmp_path, settings
):
    ask(scan_file, tmp_path / "out.pdf", "--template", "birth")
    left = [path for path in settings.MADOGUCHI_HOME.rglob("*") if path.is_file()]
    assert all(plain_scan().data[:64] not in path.read_bytes() for path in left)
    assert all(plain_scan().secret.digits not in detail for _, detail in recorded())


def test_a_wrong_call_is_two(ask, scan_file):
    assert ask(scan_file)[0] == 2
