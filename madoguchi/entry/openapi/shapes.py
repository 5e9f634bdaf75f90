"""What goes in and out, as the OpenAPI file says it (入出力の形)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ninja import Field, Schema


class ProblemOut(Schema):
    """One reason for a no (不備)."""

    code: str
    cause: str
    remedy: str
    where: str | None


class ProblemsOut(Schema):
    """Every reason, all at once (不備の一覧)."""

    problems: list[ProblemOut]


class PersonOut(Schema):
    """Whom a task is about: number and name, nothing else (対象者)."""

    person_id: str
    name: str


class TaskOut(Schema):
    """One task of another section after a move (関連課の用事)."""

    task_id: str
    code: str
    section: str
    due_on: date | None
    face_to_face: bool
    person: PersonOut | None
    people: list[PersonOut]


class TasksOut(Schema):
    """The tasks that wait, the first due first (待っている用事)."""

    tasks: list[TaskOut]


class AnswerIn(Schema):
    """How a section answers its task (用事の答え)."""

    state: Literal["DONE", "NOT_NEEDED"]
    answer: str = Field(default="", max_length=200)
    seen_face_to_face: bool = False


class DoneOut(Schema):
    """What came of an answer (答えの結果)."""

    task_id: str
    state: str


class BookingOut(Schema):
    """When somebody comes, and for what; never who (予約の時間)."""

    place: str
    on: date
    begins: str
    ends: str
    state: str
    errands: list[str]


class BookingsOut(Schema):
    """The bookings of some days (予約)."""

    bookings: list[BookingOut]


class YearOut(Schema):
    """One fiscal year of a channel (年度の件数)."""

    fiscal_year: str
    months: int
    all_issues: int
    channel_issues: int


class FiguresOut(Schema):
    """The years of a channel, without counts that could tell on somebody (交付の件数)."""

    channel: str
    years: list[YearOut]


class ListOut(Schema):
    """One list of addressees with how its rows stand (送付先リスト)."""

    list_id: str
    rows: int
    is_closed: bool
    waiting: int
    counts: dict[str, int]


class ListsOut(Schema):
    """The lists, newest first (送付先リストの一覧)."""

    lists: list[ListOut]
