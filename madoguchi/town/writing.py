"""Writing the town into a folder: all of its files, or none (書き出し)."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import shutil
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TextIO

from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.system_words import words_of
from madoguchi.town.generate import RESIDENTS_MAX, RESIDENTS_MIN, Piece, cut, make_piece
from madoguchi.town.people import REFERENCE_DAY
from madoguchi.town.places import AREA_NAMES
from madoguchi.town.rows import FILES

FIRST_DAY, LAST_DAY = date(2020, 1, 1), date(2060, 12, 31)
WORKERS_MAX = 2
_PART = ".town-part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """What was made: people and households now living, and the files (架空の町)."""

    residents: int
    households: int
    areas: Mapping[str, int]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """One piece as it comes back, maybe from another process."""

    area: str
    residents: int
    households: int
    texts: tuple[str, ...]


Tell = Callable[[int, int], None]


def _tell_nobody(done: int, total: int) -> None:
    """Say nothing of how far the work is (静かに)."""


def generate_town(
    *,
    residents: int,
    seed: int,
    out: Path,
    as_of: date = REFERENCE_DAY,
    workers: int = 1,
    tell: Tell = _tell_nobody,
    imprint_of: Callable[[str], bytes] | None = None,
) -> Town:
    """Write a fictional town into a folder; stopped or failed, it leaves nothing (町の生成).

    The same residents, seed and day give the same bytes, whatever the number of workers.
    ``imprint_of`` draws the seal of a name; without it, and in large towns, 印影 stays blank.
    ``tell`` hears how many residents are done of how many; it may raise to stop the work.
    """
    problems = check_town(residents=residents, as_of=as_of, workers=workers)
    if problems:
        raise Refused(problems)
    pieces = cut(residents, seed=seed, as_of=as_of, imprint_of=imprint_of)
    try:
        with _folder_to_fill(out) as part:
            town = _write(part, pieces, residents, workers, tell)
            # The register last: whoever sees it finds the others.
            for name in reversed(town.files):
                (part / name).replace(out / name)
    except OSError as error:
        facts = {"folder": str(out), "reason": words_of(error)}
        raise Refused(Problem(code="TOWN_NOT_WRITTEN", facts=facts)) from error
    assert town.residents == residents
    return town


def check_town(*, residents: int, as_of: date, workers: int) -> tuple[Problem, ...]:
    """Return every reason why there can be no such town (条件の検査)."""
    found: list[Problem] = []
    if residents < RESIDENTS_MIN:
        facts = {"residents": str(residents), "limit": str(RESIDENTS_MIN)}
        found.append(Problem(code="TOWN_TOO_SMALL", facts=facts))
    if residents > RESIDENTS_MAX:
        facts = {"residents": str(residents), "limit": f"{RESIDENTS_MAX:,}"}
        found.append(Problem(code="TOWN_TOO_LARGE", facts=facts))
    if not FIRST_DAY <= as_of <= LAST_DAY:
        facts = {"first": str(FIRST_DAY), "last": str(LAST_DAY), "given": str(as_of)}
        found.append(Problem(code="TOWN_DAY_OUT_OF_RANGE", facts=facts))
    if not 1 <= workers <= WORKERS_MAX:
        facts = {"given": str(workers), "limit": str(WORKERS_MAX)}
        found.append(Problem(code="TOWN_WORKERS_OUT_OF_RANGE", facts=facts))
    return tuple(found)


@contextmanager
def _folder_to_fill(out: Path) -> Iterator[Path]:
    """Give a place for unfinished files inside the folder, and clear it away in any case."""
    missing = [folder for folder in (out, *out.parents) if not folder.exists()]
    out.mkdir(parents=True, exist_ok=True)
    handle = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(Problem(code="TOWN_BEING_MADE", facts={"folder": str(out)})) from None
        part = out / _PART
        # A run that was killed outright could not clear up after itself.
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        try:
            yield part
        finally:
            shutil.rmtree(part, ignore_errors=True)
            for folder in missing:
                with suppress(OSError):  # not empty: it is wanted
                    folder.rmdir()
    finally:
        os.close(handle)


def _write(part: Path, pieces: Iterable[Piece], residents: int, workers: int, tell: Tell) -> Town:
    """Write every piece in order as it is made (書き出し)."""
    areas = dict.fromkeys(AREA_NAMES, 0)
    households = done = 0
    with ExitStack() as stack:
        files = [stack.enter_context(_begin(part / name, FILES[name])) for name in FILES]
        for made in _make_all(pieces, workers):
            for file, text in zip(files, made.texts, strict=True):
                file.write(text)
            areas[made.area] += made.residents
            households += made.households
            done += made.residents
            tell(done, residents)
    return Town(residents=done, households=households, areas=areas, files=tuple(FILES))


def _begin(path: Path, columns: tuple[str, ...]) -> TextIO:
    file = path.open("w", encoding="utf-8", newline="")
    file.write(",".join(columns) + "\n")
    return file


def _make(piece: Piece) -> _Made:
    lines = make_piece(piece)
    return _Made(
        area=piece.area,
        residents=lines.residents,
        households=lines.households,
        texts=lines.texts(),
    )


def _make_all(pieces: Iterable[Piece], workers: int) -> Iterator[_Made]:
    """Make the pieces, in order, here or in other processes, never many ahead (区分の生成)."""
    if workers == 1:
        yield from map(_make, pieces)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_ignore_ctrl_c)
    waiting: deque[Future[_Made]] = deque()
    try:
        for piece in pieces:
            waiting.append(pool.submit(_make, piece))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _ignore_ctrl_c() -> None:
    """Leave Ctrl-C to the process that clears up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
