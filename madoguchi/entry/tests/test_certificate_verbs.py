"""``madoguchi certificate`` and ``audit verify``: the contract other programs rely on."""

import base64
import hashlib
import json

import pytest
from django.db import connection

from madoguchi.certificates import testing as t
from madoguchi.certificates.documents.imprint import drawn_imprint
from madoguchi.certificates.domain.asking import Applicant, Evidence
from madoguchi.certificates.domain.issue import State
from madoguchi.certificates.domain.kinds import MACHINES, Kind, Omit
from madoguchi.certificates.models import Request
from madoguchi.entry.cli import certificate
from madoguchi.entry.cli.verbs import run_verb
from madoguchi.kernel.actor import Right
from madoguchi.protection.testing import CLERK, protect

HOUSEHOLD = "resident_record_household"


@pytest.fixture
def people(transactional_db, settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path / "home"
    settings.MADOGUCHI_DEMO = True
    settings.MADOGUCHI_KEYS = ""
    return t.settle()


@pytest.fixture
def ask(capsys, monkeypatch):
    """Call a verb with --json; give back its exit status and the one object it printed."""
    from madoguchi.entry import bootstrap

    monkeypatch.setattr(bootstrap, "set_up", lambda: None)

    def call(*words):
        status = run_verb([*map(str, words), "--json"])
        out = capsys.readouterr().out
        assert out.endswith("\n") and out.count("\n") == 1
        return status, json.loads(out)

    return call


@pytest.fixture
def issue(ask, tmp_path):
    out = tmp_path / "out.pdf"

    def call(person_id, kind=HOUSEHOLD, *more):
        return (
            *ask(
                "certificate", "issue", "--person", person_id, "--kind", kind, "--out", out, *more
            ),
            out,
        )

    return call


def codes(said):
    return [one["code"] for one in said["problems"]]


def test_issue_then_verify(ask, issue, people):
    status, said, out = issue(people.aoi)
    assert status == 0, said
    assert said["schema"] == "madoguchi.certificate/1"
    assert said["person_id"] == people.aoi
    assert said["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert (said["kind"], said["pages"], said["problems"]) == (HOUSEHOLD, 1, [])
    assert isinstance(said["ms"], float)
    status, checked = ask("certificate", "verify", out)
    assert (status, checked["schema"], checked["valid"]) == (0, "madoguchi.verify/1", True)
    assert (checked["issue_no"], checked["kind"]) == (said["issue_no"], HOUSEHOLD)
    assert Request.objects.get().state == State.HANDED_OVER
    status, chain = ask("audit", "verify")
    assert (status, chain["intact"], chain["first_bad_row"]) == (0, True, None)


def test_a_paper_that_costs_waits_for_the_desk_to_take_the_fee(issue, people):
    more = ("--applicant", "self", "--seen", "driving_licence", "--purpose", "車の登録")
    status, said, _ = issue(people.aoi, HOUSEHOLD, *more)
    assert (status, said["fee_yen"], said["state"]) == (0, 300, "RELEASED")


def test_items_are_shown_and_left_out_by_name(issue, people):
    assert issue(people.aoi, HOUSEHOLD, "--show", "HOUSEHOLDER,DOMICILE")[0] == 0
    assert issue(people.aoi, "record_items", "--omit", "sex", "--omit", "BUILDING")[0] == 0
    assert issue(people.aoi, HOUSEHOLD, "--omit", "DOMICILE")[0] == 0
    status, said, _ = issue(people.aoi, HOUSEHOLD, "--omit", "SEX")
    assert (status, codes(said)) == (1, ["ITEM_NOT_OMITTABLE"])
    assert issue(people.aoi, HOUSEHOLD, "--omit", "SHOE_SIZE")[0] == 2


@pytest.mark.parametrize(
    ("who", "kind", "code"),
    [("ume", HOUSEHOLD, "RECORD_IS_REMOVED"), ("aoi", "removed_record", "NOT_REMOVED_YET"),
     ("aoi", "tax", "TAX_NOT_ASSESSED")],
)  # fmt: skip
def test_a_refusal_has_its_reason_and_leaves_no_file(issue, people, who, kind, code):
    status, said, out = issue(getattr(people, who), kind)
    assert (status, codes(said)) == (1, [code])
    assert not out.exists()
    assert said["issue_no"] is None


def test_a_protected_person_is_unknown_to_the_command_line(issue, people):
    protect(people.rin)
    protect(people.baby)
    held = issue(people.rin)
    unknown = issue("999999999999999")
    assert held[:2] == unknown[:2]
    assert codes(held[1]) == ["UNKNOWN_PERSON"]
    assert codes(issue(people.father)[1]) == ["NOT_AVAILABLE_HERE"]


def test_a_place_that_cannot_be_written_is_found_before_anything_is_drawn(ask, people, tmp_path):
    words = ("certificate", "issue", "--person", people.aoi, "--kind", HOUSEHOLD, "--out")
    for out in (tmp_path / "no" / "where.pdf", tmp_path):
        status, said = ask(*words, out)
        assert (status, codes(said)) == (1, ["FILE_UNREADABLE"])
    assert not Request.objects.exists()


@pytest.mark.parametrize("words", [["--kind", "passport"], ["--person"], []])
def test_a_wrong_call(ask, people, words):
    status, said = ask("certificate", "issue", *words)
    assert (status, codes(said)) == (2, ["WRONG_CALL"])


def test_an_edited_a_strange_and_a_missing_file_are_not_valid(ask, issue, people, tmp_path):
    _, _, out = issue(people.aoi)
    edited = bytearray(out.read_bytes())
    edited[5_000] ^= 1
    out.write_bytes(edited)
    strange = tmp_path / "strange.pdf"
    strange.write_bytes(b"%PDF-1.4\nhello")
    for file, code in (
        (out, "PDF_EDITED"),
        (strange, "PDF_UNREADABLE"),
        (tmp_path / "x", "FILE_UNREADABLE"),
    ):
        status, said = ask("certificate", "verify", file)
        assert (status, said["valid"], codes(said)) == (1, False, [code])


def test_a_changed_row_of_the_record_is_found(ask, people):
    t.ask(people.aoi)
    t.ask(people.haru)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE audit_entry SET purpose = 'x' WHERE seq = 1")
        cursor.execute("SET session_replication_role = DEFAULT")
    status, said = ask("audit", "verify")
    assert (status, said["intact"], said["first_bad_row"]) == (1, False, 1)
    assert codes(said) == ["AUDIT_CHAIN_BROKEN"]


def test_the_words_of_the_contract_are_those_of_the_room():
    assert set(certificate.KINDS) == set(Kind)
    assert set(certificate.ITEMS) == set(Omit)
    assert {one.upper() for one in certificate.APPLICANTS} == set(Applicant)
    assert {one.upper() for one in certificate.DOCUMENTS} == set(Evidence) - {Evidence.CARD_PROOF}


def test_the_books_of_a_machine_are_told(ask, people):
    assert tuple(sorted(MACHINES)) == certificate.MACHINES
    t.choose(people.aoi)
    status, said = ask("certificate", "books")
    assert status == 0
    (kind,) = said["kinds"]
    assert (kind["kind"], kind["asked"], kind["still_open"], kind["balances"]) == (
        HOUSEHOLD, 1, 1, True,
    )  # fmt: skip
    assert ask("certificate", "books", "--channel", "WEB")[1]["kinds"] == []


SEALS = (
    "宛名番号,印鑑登録番号,登録氏名,登録年月日,登録状態,廃止年月日,廃止事由,印影\n"
    "{person},S-1,海野　葵,令和2年5月1日,登録,,,{picture}\n"
)


@pytest.fixture
def importing(monkeypatch):
    """The account of the command line may import here."""
    from madoguchi.accounts import api

    actor = t.with_rights(CLERK, Right.IMPORT_EXPORT)
    monkeypatch.setattr(api, "cli_actor", lambda _verb: actor)


def test_seals_come_in_by_command_and_go_out_on_paper(ask, issue, people, importing, tmp_path):
    file = tmp_path / "seals.csv"
    picture = base64.b64encode(drawn_imprint("海野")).decode()
    file.write_text(SEALS.format(person=people.aoi, picture=picture), encoding="cp932")
    status, said = ask("certificate", "import-seals", file, "--dry-run")
    assert (status, said["rows"], said["loaded"], said["new"]) == (0, 1, 0, 1)
    status, said = ask("certificate", "import-seals", file)
    assert (status, said["loaded"], said["schema"]) == (0, 1, "madoguchi.import/1")
    status, said, out = issue(people.aoi, "seal_registration")
    assert (status, said["kind"], said["pages"]) == (0, "seal_registration", 1)
    assert ask("certificate", "verify", out)[1]["valid"] is True


def test_a_wrong_tax_file_says_every_line(ask, people, importing, tmp_path):
    file = tmp_path / "tax.csv"
    file.write_text("宛名番号,賦課年度\n1,x\n", encoding="utf-8")
    status, said = ask("certificate", "import-taxes", file)
    assert (status, said["loaded"]) == (1, 0)
    assert "CSV_COLUMN_MISSING" in codes(said)


def test_a_tax_paper_is_of_the_year_asked_for(issue, people):
    t.assess(people.aoi, year=2025)
    t.assess(people.aoi, year=2026)
    assert issue(people.aoi, "tax", "--year", "2025")[0] == 0
    status, said, _ = issue(people.aoi, "tax", "--year", "2020")
    assert (status, codes(said)) == (1, ["TAX_NOT_ASSESSED"])


def test_a_practice_paper_needs_nobody(ask, people, tmp_path):
    for kind in certificate.KINDS:
        out = tmp_path / f"{kind}.pdf"
        assert ask("certificate", "sample", "--kind", kind, "--out", out)[0] == 0
        assert out.read_bytes().startswith(b"%PDF")
        assert ask("certificate", "verify", out)[1]["valid"] is False
    assert not Request.objects.exists()
