"""Telling somebody that they were taken off the register, and what comes next (消除の通知・公示).

住基法施行令12条4項: who is taken off by authority is notified; where address and whereabouts are
unknown, or notice is hard otherwise, it may be posted in public instead. A letter that came back
is such a reason, a letter nobody took out of the post room is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, unique
from typing import Any

from madoguchi.kernel.daytimes import DayRule
from madoguchi.kernel.outcome import Problem


@unique
class Way(StrEnum):
    """How somebody is told (知らせ方)."""

    LETTER = "LETTER"  # 手紙
    POSTING = "POSTING"  # 公示


@unique
class Ground(StrEnum):
    """Why it is posted instead of sent (公示の理由)."""

    UNKNOWN = "UNKNOWN"  # 住所・居所が明らかでない
    RETURNED = "RETURNED"  # 通知が戻った
    HARD = "HARD"  # ほかに通知が困難


@unique
class Step(StrEnum):
    """What comes next (次にすること)."""

    CHOOSE = "CHOOSE"  # 手紙か公示かを決める
    LETTER_HELD = "LETTER_HELD"  # 手紙が止まっている
    LETTER_WAITS = "LETTER_WAITS"  # 発送を待つ
    LETTER_OUT = "LETTER_OUT"  # 戻らないかを待つ
    POST_INSTEAD = "POST_INSTEAD"  # 戻った: 公示する
    SECOND = "SECOND"  # 二人目の承認を待つ
    PUT_UP = "PUT_UP"  # 掲示する
    UP = "UP"  # 掲示している
    TAKE_DOWN = "TAKE_DOWN"  # 外す
    DONE = "DONE"  # 済んだ


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingRule:
    """How long a paper hangs, where, and on what ground, from a day on (掲示の決まり)."""

    days: DayRule
    hangs_days: int
    place: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeBook:
    """What a table says of notices and postings (通知と公示の決まり)."""

    #: Within so many days after the removal somebody is told.
    within_days: int
    #: A letter that did not come back for so many days has arrived.
    settles_days: int
    appeal: tuple[str, ...]
    postings: tuple[PostingRule, ...]

    def posting_on(self, day: date) -> PostingRule | None:
        """Return the rule of a day; the one that began last holds (その日の決まり)."""
        held = [one for one in self.postings if one.days.holds_on(day)]
        return max(held, key=lambda one: one.days.valid_from, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One posting: why, how long, from when to when, by whom (公示)."""

    notice_id: str
    ground: Ground
    made_on: date
    hangs_days: int
    place: str
    put_up_on: date | None = None
    put_up_by: str = ""
    taken_down_on: date | None = None
    taken_down_by: str = ""

    @property
    def last_day(self) -> date | None:
        """Return the last day it hangs; the day it is put up does not count (掲示の終わり)."""
        return self.put_up_on + timedelta(days=self.hangs_days) if self.put_up_on else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything done so far to tell them (これまでの知らせ)."""

    removed_on: date
    #: The state of each letter in the words of the post room, with the day it was posted.
    letters: tuple[tuple[str, date | None], ...] = ()
    posting: Posting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The next step, and by when (次にすることと期限)."""

    step: Step
    due: date | None = None


def read_notices(table: Mapping[str, Any]) -> NoticeBook:
    """Make the table of a file as it is written; a slip in it stops the start (通知の表の読取り)."""
    told = table["notice"]
    return NoticeBook(
        within_days=int(told["within_days"]), settles_days=int(told["settles_days"]),
        appeal=tuple(told["appeal"]),
        postings=tuple(
            PostingRule(
                days=DayRule(
                    valid_from=date.fromisoformat(row["from"]),
                    valid_until=date.fromisoformat(row["until"]) if row.get("until") else None,
                ),
                hangs_days=int(row["days"]), place=row["place"], source=row["source"],
            )
            for row in table["posting"]
        ),
    )  # fmt: skip


def next_step(
    told: Told, *, book: NoticeBook, today: date, approved: bool, held: bool, moot: bool = False
) -> Next:
    """Return what comes next; ``held``: somebody of it is, so that a second officer is wanted (次).

    ``moot``: nobody of it is off the register any more. What hangs although it may not, or need
    not, any more comes down at once.
    """
    posting = told.posting
    by = told.removed_on + timedelta(days=book.within_days)
    is_up = posting is not None and posting.put_up_on is not None
    if (posting is not None and posting.taken_down_on is not None) or (moot and not is_up):
        return Next(step=Step.DONE)
    if posting is not None and posting.put_up_on is not None:
        last = posting.last_day
        assert last is not None
        if moot or (held and not approved):
            return Next(step=Step.TAKE_DOWN, due=today)
        # It hangs through its last day.
        step = Step.TAKE_DOWN if today > last else Step.UP
        return Next(step=step, due=last + timedelta(days=1))
    if posting is not None:
        return Next(step=Step.SECOND if held and not approved else Step.PUT_UP, due=by)
    return _after_letters(told.letters, by=by, book=book, today=today)


def _after_letters(
    letters: Iterable[tuple[str, date | None]], *, by: date, book: NoticeBook, today: date
) -> Next:
    """The worst of several letters decides: whoever was not reached has not been told."""
    states = {state for state, _ in letters}
    if "RETURNED" in states:
        return Next(step=Step.POST_INSTEAD, due=by)
    if "HELD" in states:
        return Next(step=Step.LETTER_HELD, due=by)
    if states & {"QUEUED", "PRINTED"}:
        return Next(step=Step.LETTER_WAITS, due=by)
    if not states or states - {"POSTED", "DELIVERED"}:
        return Next(step=Step.CHOOSE, due=by)
    out = [on for state, on in letters if state == "POSTED" and on is not None]
    until = max(out, default=None)
    if until is None or today > until + timedelta(days=book.settles_days):
        return Next(step=Step.DONE)
    return Next(step=Step.LETTER_OUT, due=until + timedelta(days=book.settles_days))


#: From which step a letter may be written, a posting begun, put up, taken down, given up.
MAY: Mapping[str, Collection[Step]] = {
    "letter": (Step.CHOOSE, Step.POST_INSTEAD, Step.LETTER_HELD),
    "posting": (Step.CHOOSE, Step.POST_INSTEAD, Step.LETTER_HELD),
    "put_up": (Step.PUT_UP,),
    "take_down": (Step.UP, Step.TAKE_DOWN),
    "give_up": (Step.SECOND, Step.PUT_UP),
}


def check_do(what: str, step: Step) -> tuple[Problem, ...]:
    """Return why a press is not the next one now (次の操作の確認)."""
    return () if step in MAY[what] else (Problem(code="RESIDENCE_NOTICE_STEP"),)


def check_posting(
    told: Told, ground: Ground, *, book: NoticeBook, today: date
) -> tuple[Problem, ...]:
    """Return everything that stands against a posting on this ground (公示の確認)."""
    problems = []
    returned = any(state == "RETURNED" for state, _ in told.letters)
    if (ground is Ground.RETURNED) != returned and (returned or ground is Ground.RETURNED):
        problems.append(Problem(code="RESIDENCE_GROUND_WRONG", where="ground"))
    if book.posting_on(today) is None:
        problems.append(Problem(code="RESIDENCE_NO_POSTING_RULE"))
    return tuple(problems)


def check_days(posting: Posting, *, put_up: date | None, down: date | None, today: date
) -> tuple[Problem, ...]:  # fmt: skip
    """Return what is wrong with the day it was put up or taken down (掲示の日の確認)."""
    problems = []
    if put_up is not None and not posting.made_on <= put_up <= today:
        problems.append(Problem(code="RESIDENCE_POSTING_DAY", where="on"))
    if down is not None and (posting.put_up_on is None or not posting.put_up_on <= down <= today):
        problems.append(Problem(code="RESIDENCE_POSTING_DAY", where="on"))
    return tuple(problems)
