"""A 転入届 or 転居届 drafted at home: what is asked, a question a screen, and what was told (下書き).

Nothing here is an act: a draft changes no record, and says nothing back about anybody. No
個人番号 and no PIN is asked, and a text that holds one is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, unique

from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.names import sort_kana
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import check_free_text
from madoguchi.moves.domain.household import MoveKind

Answers = Mapping[str, str]

#: Crockford's letters: nothing that is read as something else. Fifty bits with ten of them.
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10
_HALF = CODE_LENGTH // 2
_MISREAD = str.maketrans("OIL", "011")
PEOPLE = tuple(str(count) for count in range(1, 9))
#: Who may draft ahead of the move, by so many days (*assumed*).
_AHEAD = timedelta(days=60)
_LIMITS = {"postcode": 8, "name": 80, "name_kana": 80, "name_alphabet": 80, "nationality": 40}
_TEXT_MAX = 120
#: What other sections have to know of somebody, by the names of the desk's page.
TICKS = ("insurance", "pension", "care_certified", "pregnant", "disability", "wants_nursery",
         "wants_seal")  # fmt: skip
RELATIONS = ("head", "wife", "husband", "child", "father", "mother", "other")


@unique
class Box(StrEnum):
    """What is typed into a box (欄の別)."""

    TEXT = "TEXT"
    KANA = "KANA"
    POSTCODE = "POSTCODE"
    MOVED = "MOVED"  # a day near today
    BORN = "BORN"  # a day of the past


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One screen of a draft: large choices, some boxes, or things to tick (下書きの一画面)."""

    name: str
    #: Whom it asks about, by their place in the family; 0: everybody.
    person: int = 0
    choices: tuple[str, ...] = ()
    boxes: Mapping[str, Box] | None = None
    optional: frozenset[str] = frozenset()
    ticks: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Return under which names its answers are kept (答えの名)."""
        return tuple(self.key(one) for one in (self.boxes or (self.name,)))

    @property
    def at(self) -> str:
        """Return by what a screen is called up again (画面の名)."""
        return self.key(self.name)

    def key(self, name: str) -> str:
        """Return the name of one answer (答えの名)."""
        return f"{self.person}_{name}" if self.person else name


def steps(told: Answers) -> tuple[Step, ...]:
    """Return every screen these answers lead to, in order (下書きの順)."""
    found = [Step(name="kind", choices=(MoveKind.MOVE_IN.value, MoveKind.CHANGE_ADDRESS.value))]
    moves_in = told.get("kind") == MoveKind.MOVE_IN.value
    if moves_in:
        found += _from_where(told)
    found += [
        Step(name="moved_on", boxes={"moved_on": Box.MOVED}),
        Step(
            name="home", optional=frozenset({"building"}),
            boxes={"postcode": Box.POSTCODE, "address": Box.TEXT, "building": Box.TEXT},
        ),
    ]  # fmt: skip
    if moves_in:
        found.append(_previous(told))
    found += [
        Step(name="notifier", choices=("self", "household", "agent")),
        Step(name="people", choices=PEOPLE),
    ]
    count = int(told["people"]) if told.get("people") in PEOPLE else 0
    for no in range(1, count + 1):
        found += _person(no, told, moves_in=moves_in)
    if moves_in and _has_card(told, count):
        found.append(Step(name="pin", choices=("known", "forgotten")))
    return tuple(found)


def next_step(told: Answers, *, today: date) -> Step | None:
    """Return the first screen without a good answer; None: all is told (次の画面)."""
    return next((one for one in steps(told) if not _is_told(one, told, today=today)), None)


def read_step(step: Step, given: Answers, *, today: date) -> dict[str, str] | tuple[Problem, ...]:
    """Return what a screen was answered with, or all that is wrong with it (答えの読取り)."""
    if step.ticks:
        ticked = [one for one in step.ticks if given.get(step.key(one))]
        return {step.at: " ".join(ticked)}
    if step.choices:
        chosen = given.get(step.at, "")
        wrong = Problem(code="MOVE_DRAFT_CHOOSE", where=step.at)
        return {step.at: chosen} if chosen in step.choices else (wrong,)
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for name, box in (step.boxes or {}).items():
        key = step.key(name)
        text = given.get(key, "").strip()
        if not text and name in step.optional:
            found[key] = ""
            continue
        read = _read_box(box, text, limit=_LIMITS.get(name, _TEXT_MAX), where=key, today=today)
        if isinstance(read, str):
            found[key] = read
        else:
            problems += read
    return tuple(problems) or found


def kept(told: Answers) -> dict[str, str]:
    """Return the answers that some screen still asks for: a changed mind leaves none (残る答え)."""
    wanted = {key for one in steps(told) for key in one.keys}
    return {key: value for key, value in told.items() if key in wanted}


def read_code(text: str) -> str | None:
    """Return a code as it was given out, however it was typed or scanned (番号の読取り)."""
    plain = re.sub(r"[\s\-‐‑–—ーｰ−]", "", unicodedata.normalize("NFKC", text)).upper()
    code = plain.translate(_MISREAD)
    good = len(code) == CODE_LENGTH and set(code) <= set(CODE_LETTERS)
    return code if good else None


def show_code(code: str) -> str:
    """Return a code in two halves, to be read aloud (番号の見せ方)."""
    return f"{code[:_HALF]}-{code[_HALF:]}"


def cards_of(told: Answers) -> Iterable[str]:
    """Return what was said of each card, in the order of the family (カード)."""
    return (told.get(f"{no}_card", "none") for no in range(1, int(told.get("people", "0")) + 1))


def _from_where(told: Answers) -> list[Step]:
    found = [Step(name="came_from", choices=("town", "abroad", "nowhere"))]
    if told.get("came_from") == "town":
        found.append(Step(name="moved_out", choices=("online", "paper", "not_yet", "unsure")))
        if told.get("moved_out") in ("online", "paper"):
            found.append(
                Step(
                    name="planned_out_on", boxes={"planned_out_on": Box.MOVED},
                    optional=frozenset({"planned_out_on"}),
                )
            )  # fmt: skip
    return found


def _previous(told: Answers) -> Step:
    boxes = {"previous_address": Box.TEXT}
    if told.get("came_from") == "nowhere":
        boxes["last_registered"] = Box.TEXT
    return Step(name="previous", boxes=boxes)


def _person(no: int, told: Answers, *, moves_in: bool) -> list[Step]:
    found = [
        Step(name="who", person=no, boxes={"name": Box.TEXT, "name_kana": Box.KANA}),
        Step(name="birth", person=no, boxes={"birth": Box.BORN}),
    ]
    if not moves_in:  # the register knows the rest
        return found
    found += [
        Step(name="sex", person=no, choices=("FEMALE", "MALE", "OTHER")),
        Step(name="relationship", person=no, choices=RELATIONS),
        Step(name="group", person=no, choices=("JAPANESE", "FOREIGN")),
    ]
    if told.get(f"{no}_group") == "FOREIGN":
        boxes = {"name_alphabet": Box.TEXT, "nationality": Box.TEXT}
        found.append(Step(name="foreign", person=no, boxes=boxes))
    elif told.get("came_from") in ("abroad", "nowhere"):
        # From another town the certificate brings it; nobody has to know it by heart.
        boxes = {"honseki": Box.TEXT, "hittosha": Box.TEXT}
        found.append(Step(name="roots", person=no, boxes=boxes, optional=frozenset(boxes)))
    found += [
        Step(name="card", person=no, choices=("present", "lost", "none")),
        Step(name="facts", person=no, ticks=TICKS),
    ]
    return found


def _has_card(told: Answers, count: int) -> bool:
    return any(told.get(f"{no}_card") == "present" for no in range(1, count + 1))


def _is_told(step: Step, told: Answers, *, today: date) -> bool:
    if step.ticks:
        return step.at in told
    if not all(key in told for key in step.keys):
        return False
    return isinstance(read_step(step, told, today=today), dict)


def _read_box(
    box: Box, text: str, *, limit: int, where: str, today: date
) -> str | tuple[Problem, ...]:
    if not text:
        return (Problem(code="MOVE_DRAFT_EMPTY", where=where),)
    unfit = check_free_text(text, limit=limit, where=where)
    if unfit:
        return unfit
    match box:
        case Box.TEXT:
            return text
        case Box.KANA:
            return sort_kana(text).replace(" ", "\u3000")
        case Box.POSTCODE:
            digits = re.sub(r"[\s\-‐–ー−〒]", "", unicodedata.normalize("NFKC", text))
            good = re.fullmatch("[0-9]{7}", digits)
            wrong = (Problem(code="MOVE_DRAFT_POSTCODE", where=where),)
            return f"{digits[:3]}-{digits[3:]}" if good else wrong
        case _:
            return _read_day(box, text, where=where, today=today)


def _read_day(box: Box, text: str, *, where: str, today: date) -> str | tuple[Problem, ...]:
    day = parse_day(text, where=where)
    if isinstance(day, Problem):
        return (day,)
    if box is Box.BORN and day > today:
        return (Problem(code="MOVE_NOT_BORN_YET", where=where),)
    if box is Box.MOVED and day > today + _AHEAD:
        return (Problem(code="MOVE_DRAFT_TOO_EARLY", where=where),)
    return day.isoformat()
