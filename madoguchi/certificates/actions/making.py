"""Make the paper, read the finished file back, and only then release it (作成・照合・出力許可)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from madoguchi.certificates.actions.compose import NUMBER_ASKED, with_numbers
from madoguchi.certificates.actions.releasing import fail, known_of, release
from madoguchi.certificates.documents.comparing import compare_subject
from madoguchi.certificates.documents.keys import SigningKeys
from madoguchi.certificates.documents.move_out import make_codes
from madoguchi.certificates.documents.readback import read_back
from madoguchi.certificates.documents.render import render_pdf
from madoguchi.certificates.documents.signing import sign_pdf
from madoguchi.certificates.documents.token import make_token
from madoguchi.certificates.domain.frozen import Thawed, thaw
from madoguchi.certificates.domain.issue import RELEASE_WITHIN, Compared, State
from madoguchi.certificates.domain.layout import plan_sheets
from madoguchi.certificates.domain.paper import Paper
from madoguchi.certificates.models import Copy, Request
from madoguchi.certificates.queries.requests import open_among
from madoguchi.certificates.queries.town import town
from madoguchi.infra import clock, files, unit
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem
from madoguchi.register.api import numbers_for_paper


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFile:
    """One finished file that was read back and found right (照合済みの一部)."""

    issue_no: str
    sha256: str
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMade:
    """Why a file is not what it must be, and whose it was as far as it can be told."""

    problems: tuple[Problem, ...]
    compared: Compared


def paper_path(request_id: str, copy_no: int) -> Path:
    """Return where a copy's file lies; its name holds the request id and nothing else (I1)."""
    return files.private_folder("papers") / f"{request_id}-{copy_no}.pdf"


def render_now(*, request_id: str, actor: Actor, keys: SigningKeys) -> State:
    """Take a drawn request to RELEASED, or to its end with a reason; return where it is.

    The same code for the worker, the command line and a retry. A request that is no longer
    DRAWN is left as it is, so running twice, or in two workers at once, changes nothing (I7).
    """
    request = Request.objects.filter(request_id=request_id).first()
    if request is None or request.state != State.DRAWN:
        return State(request.state) if request else State.FAILED
    made = _make_files(request, actor=actor, keys=keys)
    if isinstance(made, NotMade):
        return unit.run(
            fail, request_id=request_id, problems=made.problems, compared=made.compared,
            actor=actor, now=clock.now(),
        )  # fmt: skip
    return unit.run(
        release, request_id=request_id, sums={one.issue_no: (one.sha256, one.pages) for one in made},
        actor=actor, now=clock.now(), known=known_of(request),
    )  # fmt: skip


def _make_files(
    request: Request, *, actor: Actor, keys: SigningKeys
) -> tuple[MadeFile, ...] | NotMade:
    """Make every copy; nothing here is shared between two requests (I8)."""
    assert request.content is not None
    try:
        paper = thaw(request.content, seal_svg=town().seal_svg)
    except Thawed:
        return NotMade(problems=(Problem(code="CONTENT_CHANGED"),), compared=Compared.NO_FILE)
    if [one.person_id for one in paper.persons] != request.subject_ids:
        return NotMade(problems=(Problem(code="SUBJECT_DIFFERS"),), compared=Compared.DIFFERENT)
    filled = _fill_numbers(paper, actor=actor)
    if isinstance(filled, Problem):
        return NotMade(problems=(filled,), compared=Compared.NO_FILE)
    made = []
    for copy in Copy.objects.filter(request=request).order_by("copy_no"):
        one = replace(filled, issue_no=copy.issue_no)
        salt = bytes.fromhex(request.content["salts"][copy.copy_no - 1])
        path = paper_path(request.request_id, copy.copy_no)
        found = make_file(one, salt=salt, keys=keys, path=path)
        if isinstance(found, NotMade):
            return found
        made.append(found)
    return tuple(made)


def _fill_numbers(paper: Paper, *, actor: Actor) -> Paper | Problem:
    asked = [one.person_id for one in paper.persons if one.individual_number == NUMBER_ASKED]
    if not asked:
        return paper
    numbers = numbers_for_paper(asked, actor=actor)
    if len(numbers) < len(asked):
        return Problem(code="NUMBER_NOT_REGISTERED")
    return with_numbers(paper, numbers)


def make_file(paper: Paper, *, salt: bytes, keys: SigningKeys, path: Path) -> MadeFile | NotMade:
    """Draw, sign, write under a name nobody else can take, then read the written file back."""
    sheets = plan_sheets(paper)
    token = make_token(paper, sheets, key=keys.token_key, salt=salt)
    codes = make_codes(paper, key=keys.token_key)
    if not path.exists():
        signed = sign_pdf(
            render_pdf(paper, sheets, token=token, codes=codes), keys=keys, at=clock.now()
        )
        with _new_file(path) as part:
            _write(part, signed)
    # What counts is the file on disk, whoever wrote it: a worker killed after writing
    # leaves it here, and it is judged like any other.
    written = path.read_bytes()
    problems = read_back(
        written, sheets, kind=paper.kind, token=token, imprint=paper.imprint, codes=codes
    )
    if problems:
        return NotMade(problems=problems, compared=compare_subject(written, sheets))
    return MadeFile(
        issue_no=paper.issue_no, sha256=hashlib.sha256(written).hexdigest(), pages=len(sheets)
    )


def _write(part: Path, data: bytes) -> None:
    """Write a new private file, without waiting for the disk.

    The sum of what was read back is committed with the release. A file that power failure
    takes does not have it, and is refused at the printer: nothing is gained by waiting.
    """
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)


@contextmanager
def _new_file(path: Path) -> Iterator[Path]:
    """Give a private name to write to, then claim ``path`` for it unless it is taken.

    A half-written file never carries the final name, and of two workers that finish at the
    same moment the operating system lets one win.
    """
    part = path.with_name(f".{path.name}.{new_id()}")
    try:
        yield part
        try:
            os.link(part, path)
        except FileExistsError:
            return
    finally:
        part.unlink(missing_ok=True)


def clear_papers() -> int:
    """Remove the files of requests that are at their end; a paper is not kept twice (後始末, I8).

    A file of no known request is a half-made one of a worker that died; it goes once it is
    older than any paper may take.
    """
    folder = files.private_folder("papers")
    found = {path: path.name.lstrip(".").split("-", 1)[0] for path in folder.iterdir()}
    kept = open_among(set(found.values()))
    late = clock.now().timestamp() - RELEASE_WITHIN.total_seconds()
    gone = 0
    for path, request_id in found.items():
        half_made = path.name.startswith(".")
        if request_id in kept and not (half_made and path.stat().st_mtime < late):
            continue
        if path.stat().st_mtime < late:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
