"""The script a robot works screens by (手順書): one step a line, in words a clerk reads.

Read as a whole before anything is touched: every problem of a script is told at once, with its
line. A script names what is seen on a screen, never an address of a part of it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique
from pathlib import Path

from madoguchi.cards.domain.card import SetupOutcome
from madoguchi.cards.domain.terminal import COMPARED_MIN
from madoguchi.kernel.outcome import Problem

SIZE_MAX = 64 * 1024
WAIT_SECONDS, WAIT_SECONDS_MAX = 10, 120


@unique
class Verb(StrEnum):
    """What one step does (操作)."""

    OPEN = "開く"
    FILL = "入れる"
    PRESS = "押す"
    EXPECT = "待つ"
    WHEN = "もし"
    READ = "読む"


@unique
class Part(StrEnum):
    """A part of the script, by what it is for (手順書の部分)."""

    SIGN_ON = "ログイン"
    BEGIN = "読取り"
    SET_UP = "設定"
    LOOK_UP = "照会"
    SIGN_OFF = "ログオフ"


@unique
class Value(StrEnum):
    """What is typed into a field, or read from a screen (値)."""

    OPERATOR = "操作者番号"
    OPERATOR_CODE = "操作者コード"
    NOTICE_NO = "交付通知書番号"
    KANA = "カナ"
    BIRTH = "生年月日"
    APPLICATION_NO = "申請書ID"
    STATE = "状態"


SESSION_LOST = "時間切れ"
#: Words of ours that a word of the terminal can mean.
MEANINGS: Mapping[str, SetupOutcome] = {
    "済み": SetupOutcome.DONE,
    "未設定": SetupOutcome.NONE,
    "読めない": SetupOutcome.CARD_UNREADABLE,
    "出てこない": SetupOutcome.NOT_FOUND,
    "ちがう": SetupOutcome.DIFFERS,
    "受け付けない": SetupOutcome.REFUSED,
}
_SECRETS = frozenset({Value.OPERATOR, Value.OPERATOR_CODE})
_FILLED: Mapping[Part, Collection[Value]] = {
    Part.SIGN_ON: _SECRETS,
    Part.LOOK_UP: {Value.NOTICE_NO},
    Part.BEGIN: {Value.NOTICE_NO},
}
_SEEN = (Value.KANA, Value.BIRTH, Value.APPLICATION_NO)
_READ: Mapping[Part, Collection[Value]] = {
    Part.BEGIN: {Value.NOTICE_NO, *_SEEN, Value.STATE},
    Part.LOOK_UP: {Value.NOTICE_NO, Value.STATE},
}
_NEEDED: Mapping[Part, Collection[Value]] = {
    Part.BEGIN: {Value.NOTICE_NO, Value.STATE},
    Part.LOOK_UP: {Value.NOTICE_NO, Value.STATE},
}
#: None of these is ever read or typed by a robot.
_NEVER = ("個人番号", "マイナンバー", "暗証番号", "住民票コード")
_HEAD = re.compile(r"\[\s*(\S+?)\s*\]")
_STEP = re.compile(r"(\S+?)\s*「([^「」]+)」(?:\s*(に|なら|を|は)\s*(\S+))?")
_WAIT = re.compile(r"時間\s*([0-9]{1,3})")
#: The particle each verb wants, and whether a word follows it.
_PARTICLES = {Verb.FILL: "に", Verb.WHEN: "なら", Verb.READ: "を"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the script (手順の1行)."""

    line: int
    verb: Verb
    label: str
    value: Value | None = None
    #: What a screen of this name means; None with WHEN: the session was lost.
    outcome: SetupOutcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A whole script that can be worked (手順書)."""

    title: str
    wait_seconds: float
    words: Mapping[str, SetupOutcome]
    always: tuple[Step, ...]
    parts: Mapping[Part, tuple[Step, ...]]


def read_script(path: Path) -> Script | tuple[Problem, ...]:
    """Read a script from a file (手順書の読込み)."""
    data = path.read_bytes()[: SIZE_MAX + 1]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return (Problem(code="ROBOT_SCRIPT_UNREADABLE", where=path.name),)
    if len(data) > SIZE_MAX:
        return (Problem(code="ROBOT_SCRIPT_UNREADABLE", where=path.name),)
    return parse_script(text, name=path.name)


def parse_script(text: str, *, name: str) -> Script | tuple[Problem, ...]:
    """Read a script, or return everything that is wrong with it, by line (手順書の検査)."""
    reading = _Reading(name)
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if bare and not bare.startswith("#"):
            reading.take(number, bare)
    reading.problems += _check(reading)
    if reading.problems:
        return tuple(sorted(reading.problems, key=lambda one: _line_of(one.where)))
    return Script(
        title=reading.title,
        wait_seconds=reading.wait,
        words=reading.words,
        always=tuple(reading.always),
        parts={part: tuple(steps) for part, steps in reading.parts.items()},
    )


class _Reading:
    """A script while it is read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.title = ""
        self.wait: float = WAIT_SECONDS
        self.words: dict[str, SetupOutcome] = {}
        self.always: list[Step] = []
        self.parts: dict[Part, list[Step]] = {}
        self.heads: dict[Part, int] = {}
        self.problems: list[Problem] = []
        self._part: Part | None = None
        self._lost = False

    def wrong(self, code: str, line: int, **facts: str) -> None:
        self.problems.append(Problem(code=code, where=f"{self.name}:{line}", facts=facts))

    def take(self, line: int, text: str) -> None:
        if head := _HEAD.fullmatch(text):
            self._begin(line, head.group(1))
        elif wait := _WAIT.fullmatch(text):
            seconds = int(wait.group(1))
            if not 1 <= seconds <= WAIT_SECONDS_MAX:
                self.wrong("ROBOT_SCRIPT_WAIT", line, max=str(WAIT_SECONDS_MAX))
            self.wait = float(seconds)
        elif found := _STEP.fullmatch(text):
            self._step(line, *found.groups())
        else:
            self.wrong("ROBOT_SCRIPT_LINE", line)

    def _begin(self, line: int, word: str) -> None:
        self._lost = word not in list(Part)
        if self._lost:
            known = "・".join(Part)
            self.wrong("ROBOT_SCRIPT_PART_UNKNOWN", line, word=word, known=known)
            return
        self._part = Part(word)
        if self._part in self.parts:
            self.wrong("ROBOT_SCRIPT_PART_TWICE", line, word=word)
        self.parts.setdefault(self._part, [])
        self.heads.setdefault(self._part, line)

    def _step(self, line: int, verb: str, label: str, particle: str, word: str) -> None:
        label = label.strip()
        if verb == "端末":
            self.title = label
        elif verb == "言葉":
            if particle != "は" or word not in MEANINGS:
                self.wrong("ROBOT_SCRIPT_MEANING_UNKNOWN", line, known="・".join(MEANINGS))
            else:
                self.words[label] = MEANINGS[word]
        elif verb == "いつでも":
            if particle != "なら" or word != SESSION_LOST:
                self.wrong("ROBOT_SCRIPT_ALWAYS", line, known=SESSION_LOST)
            self.always.append(Step(line=line, verb=Verb.WHEN, label=label))
        elif verb not in list(Verb):
            self.wrong("ROBOT_SCRIPT_VERB_UNKNOWN", line, word=verb, known="・".join(Verb))
        elif self._part is None:
            self.wrong("ROBOT_SCRIPT_BEFORE_PARTS", line)
        elif not self._lost:
            self._keep(line, Verb(verb), label, particle, word)

    def _keep(self, line: int, verb: Verb, label: str, particle: str, word: str) -> None:
        assert self._part is not None
        value: Value | None = None
        outcome: SetupOutcome | None = None
        if (particle or "") != _PARTICLES.get(verb, ""):
            self.wrong("ROBOT_SCRIPT_LINE", line)
        elif verb is Verb.WHEN:
            if word not in MEANINGS:
                self.wrong("ROBOT_SCRIPT_MEANING_UNKNOWN", line, known="・".join(MEANINGS))
            outcome = MEANINGS.get(word)
        elif verb in (Verb.FILL, Verb.READ):
            allowed = (_FILLED if verb is Verb.FILL else _READ).get(self._part, ())
            if any(never in label for never in _NEVER):
                self.wrong("ROBOT_SCRIPT_NEVER", line, word=label)
            elif word not in allowed:
                known = "・".join(one for one in Value if one in allowed) or "なし"
                self.wrong("ROBOT_SCRIPT_VALUE_UNKNOWN", line, word=word, known=known)
            else:
                value = Value(word)
        if verb is Verb.OPEN and not label.startswith("/"):
            self.wrong("ROBOT_SCRIPT_OPEN", line)
        self.parts[self._part].append(
            Step(line=line, verb=verb, label=label, value=value, outcome=outcome)
        )


def _check(reading: _Reading) -> Iterator[Problem]:
    """Say what of the whole is missing or in the wrong order."""

    def at(code: str, line: int, **facts: str) -> Problem:
        return Problem(code=code, where=f"{reading.name}:{line}", facts=facts)

    for part in Part:
        if part not in reading.parts and part is not Part.SIGN_OFF:
            yield Problem(
                code="ROBOT_SCRIPT_PART_MISSING", where=reading.name, facts={"word": part}
            )
    if SetupOutcome.DONE not in reading.words.values():
        yield Problem(code="ROBOT_SCRIPT_NO_WORD_FOR_DONE", where=reading.name)
    for part, steps in reading.parts.items():
        yield from _check_part(part, steps, head=reading.heads[part], at=at)
    pressed = {one.label for one in reading.parts.get(Part.SET_UP, []) if one.verb is Verb.PRESS}
    for step in reading.parts.get(Part.BEGIN, []):
        if step.verb is Verb.PRESS and step.label in pressed:
            yield at("ROBOT_SCRIPT_SETS_TOO_EARLY", step.line, word=step.label)


def _check_part(
    part: Part, steps: Sequence[Step], *, head: int, at: Callable[..., Problem]
) -> Iterator[Problem]:
    read = {step.value for step in steps if step.verb is Verb.READ}
    missing = [one for one in Value if one in _NEEDED.get(part, ()) and one not in read]
    if part is Part.BEGIN and len(read & set(_SEEN)) < COMPARED_MIN:
        missing += [one for one in _SEEN if one not in read]
    if missing:
        yield at("ROBOT_SCRIPT_READS_TOO_LITTLE", head, known="・".join(missing))
    if not any(step.verb is Verb.EXPECT for step in steps):
        yield at("ROBOT_SCRIPT_EXPECTS_NOTHING", head, word=part)
    for step, following in itertools.zip_longest(steps, steps[1:]):
        last = following is None or following.verb not in (Verb.WHEN, Verb.EXPECT)
        if step.verb in (Verb.WHEN, Verb.PRESS, Verb.OPEN) and last:
            yield at("ROBOT_SCRIPT_NOT_AWAITED", step.line)
    awaited = [step for step in steps if step.verb is Verb.EXPECT]
    for step, following in itertools.pairwise(awaited):
        if step.label == following.label:
            yield at("ROBOT_SCRIPT_SAME_SCREEN", following.line, word=step.label)


def _line_of(where: str | None) -> int:
    tail = (where or "").rpartition(":")[2]
    return int(tail) if tail.isdecimal() else 0
