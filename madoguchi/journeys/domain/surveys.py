"""Short surveys at the window (窓口のアンケート): three faces with words, and one sentence.

Nobody says who they are, and only the day is kept. Figures come out in *batches* of whole days
with ``k`` answers or more, today never among them: who looks every day and subtracts sees a
batch, not the one who answered yesterday. Sentences come out with their batch, in the order of
their letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from itertools import groupby

from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import has_control_character, has_individual_number

SENTENCE_MAX = 120


@unique
class Face(StrEnum):
    """One of three faces, each with its word (表情)."""

    GOOD = "GOOD"  # よかった
    SO_SO = "SO_SO"  # ふつう
    BAD = "BAD"  # いやだった


#: Where a face lies on the map's line from -2 to 2. *assumed*: three faces do not reach the ends.
FEELING = {Face.GOOD: 1, Face.SO_SO: 0, Face.BAD: -1}


@unique
class Channel(StrEnum):
    """How an answer came (回答の経路)."""

    QR = "QR"
    TABLET = "TABLET"
    PAPER = "PAPER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer: a day, a face, perhaps a sentence (回答)."""

    on: date
    face: Face
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What may be told of the answers (アンケートの集計).

    ``waiting`` tells only whether some have come that are not told yet, never how many.
    """

    n: int
    faces: dict[Face, int]
    sentences: tuple[str, ...]
    waiting: bool

    @property
    def mean(self) -> float | None:
        """Return the mean on the line of feelings (平均)."""
        if not self.n:
            return None
        return sum(FEELING[face] * count for face, count in self.faces.items()) / self.n

    @property
    def spread(self) -> float | None:
        """Return the standard deviation about the mean (ばらつき)."""
        mean = self.mean
        if mean is None:
            return None
        square = sum((FEELING[face] - mean) ** 2 * count for face, count in self.faces.items())
        return float((square / self.n) ** 0.5)


def tally_of(answers: Iterable[Answer], *, k: int, today: date) -> Tally:
    """Count the answers of whole batches (集計)."""
    past = sorted((one for one in answers if one.on < today), key=lambda one: one.on)
    told: list[Answer] = []
    batch: list[Answer] = []
    for _, day in groupby(past, key=lambda one: one.on):
        batch += day
        if len(batch) >= k:
            told, batch = [*told, *batch], []
    return Tally(
        n=len(told), faces={face: sum(one.face is face for one in told) for face in Face},
        sentences=tuple(sorted(one.sentence for one in told if one.sentence)), waiting=bool(batch),
    )  # fmt: skip


def check_sentence(text: str) -> tuple[Problem, ...]:
    """Return why a sentence is not kept (一言の確認)."""
    problems = []
    if len(text) > SENTENCE_MAX:
        problems.append(Problem(code="JOURNEY_TEXT_LONG", where="sentence", facts={"most": f"{SENTENCE_MAX}"}))  # fmt: skip
    if has_control_character(text):
        problems.append(Problem(code="JOURNEY_TEXT_UNSEEN", where="sentence"))
    if has_individual_number(text):
        problems.append(Problem(code="JOURNEY_NUMBER_IN_TEXT", where="sentence"))
    return tuple(problems)


def answers_of(rows: Sequence[tuple[date, str, str]]) -> tuple[Answer, ...]:
    """Make answers of what is kept: day, face, sentence (回答)."""
    return tuple(Answer(on=on, face=Face(face), sentence=text) for on, face, text in rows)
