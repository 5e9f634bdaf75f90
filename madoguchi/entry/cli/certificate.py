"""``madoguchi certificate``: issue one paper, or check one (証明書).

An issue by command is made by the same path as at the desk, in this very process. The
account of the command line never sees protected persons, so it issues nothing for them.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import errno
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from madoguchi.entry.cli.intake import NO_LOAD, import_words, show_import, take_in
from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.system_words import words_of

# The words of the contract; a test compares them with those of the room, which cannot be
# imported before a database is connected.
KINDS = (
    "resident_record_household", "resident_record_individual", "removed_record",
    "record_items", "seal_registration", "tax", "move_out", "move_out_like",
)  # fmt: skip
ITEMS = (
    "HOUSEHOLDER", "DOMICILE", "RESIDENT_CODE", "INDIVIDUAL_NUMBER", "NATIONALITY",
    "RESIDENCE_CLASS", "RESIDENCE_STATUS", "RESIDENCE_PERIOD", "RESIDENCE_EXPIRY",
    "CARD_NUMBER", "ALIAS", "BUILDING", "FURIGANA", "FORMER_SURNAME", "BIRTH_DATE", "SEX",
    "RESIDENT_SINCE", "ADDRESS_SINCE", "FILED_ON", "FORMER_ADDRESS", "REMARKS",
)  # fmt: skip
APPLICANTS = ("public_body", "self", "household", "statutory_agent", "proxy", "third_party")
DOCUMENTS = (
    "my_number_card", "driving_licence", "passport", "residence_card", "disability_certificate",
    "health_insurance_eligibility", "pension_book", "student_id", "employee_id", "bankbook",
    "letter_of_proxy", "guardianship_proof", "official_request", "reason_proof", "seal_card",
    "questions_answered", "move_out_notified", "special_move_out",
)  # fmt: skip

MACHINES = ("KIOSK", "WEB")

_ISSUE = "madoguchi.certificate/1"
_VERIFY = "madoguchi.verify/1"
_NOTHING = {
    "issue_no": None,
    "person_id": None,
    "kind": None,
    "pages": 0,
    "sha256": None,
    "ms": None,
}


def _items(text: str) -> frozenset[str]:
    found = {word.strip().upper() for word in text.replace("，", ",").split(",")} - {""}
    unknown = sorted(found.difference(ITEMS))
    if unknown:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: use {', '.join(ITEMS)}")
    return frozenset(found)


def _issue_words(words: Words) -> None:
    words.add_argument("--person", required=True, metavar="ID", help="宛名番号")
    words.add_argument("--kind", required=True, choices=KINDS)
    words.add_argument("--out", required=True, type=Path, metavar="FILE")
    words.add_argument(
        "--omit", type=_items, action="append", default=[], metavar="ITEM,…",
        help="leave these out; what a form shows always only a record_items paper may leave out: "
             + ", ".join(ITEMS),
    )  # fmt: skip
    words.add_argument(
        "--show",
        type=_items,
        action="append",
        default=[],
        metavar="ITEM,…",
        help="show what is left out unless asked for, such as HOUSEHOLDER, DOMICILE",
    )
    words.add_argument("--year", default="", metavar="YYYY", help="賦課年度 of a tax certificate")
    words.add_argument("--purpose", default="公用", metavar="TEXT")
    words.add_argument(
        "--applicant", choices=APPLICANTS, default="public_body",
        help="who asks; without it the office itself, free of charge (公用)",
    )  # fmt: skip
    words.add_argument(
        "--seen",
        action="append",
        default=[],
        choices=DOCUMENTS,
        help="a document seen at the counter; may be given again",
    )


def _issue(given: Given) -> Answer:
    from madoguchi.accounts.api import cli_actor
    from madoguchi.certificates import api

    with _beside(given.out) as part:
        actor = cli_actor("certificate issue").for_purpose(given.purpose)
        api.warm_up()
        began = time.perf_counter()
        issued = api.issue_now(
            actor=actor,
            person_id=given.person,
            kind=given.kind,
            year=given.year,
            shown=frozenset[str]().union(*given.show),
            omitted=frozenset[str]().union(*given.omit),
            applicant=given.applicant.upper(),
            seen=[one.upper() for one in given.seen],
        )
        took = (time.perf_counter() - began) * 1_000
        if issued.problems:
            known = {"person_id": given.person, "kind": given.kind}
            return Answer(values=_NOTHING | known, problems=issued.problems)
        part.write_bytes(issued.pdf)
        part.replace(given.out)
    return Answer(
        values={
            "issue_no": issued.issue_no,
            "person_id": given.person,
            "kind": given.kind,
            "pages": issued.pages,
            "sha256": issued.sha256,
            "ms": round(took, 1),
            "request_id": issued.request_id,
            "fee_yen": issued.fee_yen,
            "state": issued.state.value,
            "out": str(given.out),
        }
    )


@contextlib.contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """Open a file beside OUT before anything is drawn: no paper is made that cannot be kept."""
    try:
        if out.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(out))
        handle, name = tempfile.mkstemp(prefix=".madoguchi-", dir=out.parent)
    except OSError as error:
        facts = {"file": str(out), "reason": words_of(error)}
        raise Refused(Problem(code="FILE_UNREADABLE", facts=facts)) from error
    os.close(handle)
    part = Path(name)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _verify_words(words: Words) -> None:
    words.add_argument("file", type=Path, metavar="FILE")


def _verify(given: Given) -> Answer:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.entry.settings")
    import django

    django.setup()  # settings only: no database is asked
    from madoguchi.certificates.api import verify_file

    found = verify_file(given.file.read_bytes())
    return Answer(
        values={
            "valid": found.valid,
            "issue_no": found.issue_no or None,
            "kind": found.kind.value if found.kind else None,
            "issued_on": found.issued_on.isoformat() if found.issued_on else None,
            "pages": found.pages,
        },
        problems=found.problems,
        good=found.valid,
    )


def _import_seals(given: Given) -> Answer:
    from madoguchi.certificates.actions import importing

    return _take_in(given, load=importing.import_seals, check=importing.check_seals)


def _import_taxes(given: Given) -> Answer:
    from madoguchi.certificates.actions import importing

    return _take_in(given, load=importing.import_taxes, check=importing.check_taxes)


def _take_in(given: Given, *, load: Any, check: Any) -> Answer:
    with given.file.open("rb") as opened:
        return take_in(
            f"certificate {given.verb}", opened, given=given, purpose="証明書の原簿の取込み",
            load=load, check=check,
        )  # fmt: skip


def _sample_words(words: Words) -> None:
    words.add_argument("--kind", required=True, choices=KINDS)
    words.add_argument("--out", required=True, type=Path, metavar="FILE")


def _sample(given: Given) -> Answer:
    from madoguchi.certificates.api import self_service

    with _beside(given.out) as part:
        part.write_bytes(self_service.sample_paper(given.kind, part="WHOLE"))
        part.replace(given.out)
    return Answer(values={"kind": given.kind, "out": str(given.out)})


def _books_words(words: Words) -> None:
    words.add_argument("--day", type=date.fromisoformat, metavar="DAY", help="today without it")
    words.add_argument("--channel", choices=MACHINES, default="KIOSK")


def _books(given: Given) -> Answer:
    from madoguchi.certificates.api import self_service
    from madoguchi.infra import clock

    day = given.day or clock.today()
    found = self_service.books_of(day, given.channel)
    kinds = [{**dataclasses.asdict(one), "balances": one.balances} for one in found]
    values = {"day": day.isoformat(), "channel": given.channel, "kinds": kinds}
    return Answer(values=values, good=all(one.balances for one in found))


def _show_books(values: Mapping[str, Any]) -> Iterator[str]:
    yield f"{values['day']} {values['channel']}"
    for one in values["kinds"]:
        yield (
            f"{one['kind']}: 申請 {one['asked']}・交付 {one['handed_over']} ({one['copies']}部)・"
            f"交付せず {one['refused']}・失敗 {one['failed']}・やめた {one['void_never_printed']}・"
            f"廃棄 {one['void_printed']}・途中 {one['still_open']}・{one['yen']:,}円"
        )


def _show_issue(values: Mapping[str, Any]) -> Iterator[str]:
    if values["issue_no"]:
        yield f"発行番号 {values['issue_no']} ({values['pages']}頁, {values['ms']} ms)"
        yield f"{values['out']}  sha256 {values['sha256']}"
        if values["state"] == "RELEASED":
            yield f"手数料 {values['fee_yen']:,}円: 渡したら、窓口の一覧で「交付済み」にしてください。"


def _show_verify(values: Mapping[str, Any]) -> Iterator[str]:
    if values["valid"]:
        yield f"この町が {values['issued_on']} に発行した証明書です。発行番号 {values['issue_no']}"
        yield "発行のあとで変わっていません。"


VERBS = (
    Verb(
        name="import-seals",
        help="seals.csv を取り込みます（まず --dry-run で確かめてください）",
        schema="madoguchi.import/1",
        run=_import_seals,
        arguments=partial(import_words, help="seals.csv"),
        show=show_import,
        blank=NO_LOAD,
    ),
    Verb(
        name="import-taxes",
        help="tax.csv を取り込みます（まず --dry-run で確かめてください）",
        schema="madoguchi.import/1",
        run=_import_taxes,
        arguments=partial(import_words, help="tax.csv"),
        show=show_import,
        blank=NO_LOAD,
    ),
    Verb(
        name="sample",
        help="a practice paper of nobody, marked 見本 (体験用の証明書)",
        schema="madoguchi.sample/1",
        run=_sample,
        arguments=_sample_words,
        blank={"kind": None, "out": None},
    ),
    Verb(
        name="books",
        help="one day's books of a machine channel (日締め)",
        schema="madoguchi.books/1",
        run=_books,
        arguments=_books_words,
        show=_show_books,
        blank={"day": None, "channel": None, "kinds": []},
    ),
    Verb(
        name="issue",
        help="make one certificate and write it to a file (証明書を作る)",
        schema=_ISSUE,
        run=_issue,
        arguments=_issue_words,
        show=_show_issue,
        blank=_NOTHING,
    ),
    Verb(
        name="verify",
        help="check a certificate's file, without register or network (証明書を確かめる)",
        schema=_VERIFY,
        run=_verify,
        arguments=_verify_words,
        show=_show_verify,
        needs_database=False,
        blank={"valid": False, "issue_no": None, "kind": None, "issued_on": None},
    ),
)
