"""What a screen is made of: values the templates draw (画面の部品)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from madoguchi.kernel.language import Language
from madoguchi.kiosk.domain.choices import (
    COPIES_MAX,
    Choices,
    KindShown,
    MemberShown,
    Shown,
)
from madoguchi.kiosk.domain.devices import PrinterTrouble
from madoguchi.kiosk.domain.payments import Method
from madoguchi.kiosk.domain.steps import Mode, Step
from madoguchi.kiosk.domain.wording import Line

NOTHING_SHOWN = Shown(kinds=(), members=())


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopSeen:
    """Where the same steps work tomorrow (コンビニへの案内); no place: none on this island.

    ``again``: the whole service rests tomorrow and begins again then.
    """

    place: str
    opens: str
    closes: str
    fee_yen: int
    again: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which question of a step is asked, and what was answered on the way to it (画面の中の問い)."""

    part: str = ""  # "some of the household" is pressed: the members are asked
    year: str = ""  # the year is pressed: the items are asked
    answered: tuple[str, ...] = ()  # items answered so far: elder mode asks one by one
    shown: tuple[str, ...] = ()  # those of them to be shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """All a screen may know; only the household's names are personal in it (今の様子)."""

    step: Step
    mode: Mode
    language: Language
    town: str
    offer: Shown = NOTHING_SHOWN
    choices: Choices = field(default_factory=Choices)
    asked: Asked = field(default_factory=Asked)
    hints: int = 3  # how many hints still help: fewer with each visit
    fee_yen: int = 0  # of all copies, once confirmed
    copies_max: int = COPIES_MAX
    pay_methods: tuple[Method, ...] = ()
    pay_method: Method | None = None
    paper_ready: bool = False
    copies: int = 0
    sheets_done: int = 0
    sheets_all: int = 0
    trouble: PrinterTrouble | None = None
    receipt_sent: bool = False
    shop: ShopSeen | None = None
    problems: tuple[Line, ...] = ()
    pin: str = ""  # the practice card's only
    wrong: bool = False  # the practice card's only
    is_web: bool = False

    @property
    def kind(self) -> KindShown | None:
        """The kind in hand, while it is still offered (えらんだ種類)."""
        return self.offer.kind(self.choices.kind)


class Frame(StrEnum):
    """What the page wants of the card bridge's frame (カードの枠)."""

    CARD = "CARD"  # tell when a card lies on the reader
    PROVE = "PROVE"  # show the PIN pad and sign
    GONE = "GONE"  # tell when the card is gone


class DotState(StrEnum):
    """Where a stage stands (進みぐあい)."""

    DONE = "done"
    NOW = "now"
    NEXT = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One stage of the way, named like the store's (進みぐあいの点)."""

    name: Line
    state: DotState
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One large choice (選択肢): pressing it is the answer."""

    value: str
    label: Line
    note: Line | None = None
    price: Line | None = None
    pressed: bool = False
    asks: bool = False  # a press opens the next question of the same step
    is_spoken: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a summary (確認の行)."""

    label: Line
    values: tuple[Line, ...]
    names: tuple[MemberShown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A lesser press beside the main one (そのほかの操作)."""

    name: str  # which route the template gives it
    label: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One screen, ready to be drawn (画面)."""

    name: str  # which body the template draws
    title: Line
    picture: str = ""
    help: tuple[Line, ...] = ()
    notes: tuple[Line, ...] = ()
    bars: tuple[Bar, ...] = ()
    field: str = ""  # what a press on a bar answers
    kept: tuple[tuple[str, str], ...] = ()  # answers given on the way to this question
    members: tuple[tuple[int, MemberShown, bool], ...] = ()
    rows: tuple[Row, ...] = ()
    total: Line | None = None
    main: Line | None = None
    inner: bool = False  # a question within a step: back leads to the step's first question
    waiting: Line | None = None  # what the page waits for
    wait_for_staff: bool = False  # the page does not go back to the start by itself
    links: tuple[Link, ...] = ()
    word: str = ""  # key of what the store's screen calls this step
    back: bool = False
    leave: bool = True
    dots: tuple[Dot, ...] = ()
    frame: Frame | None = None
    watch: bool = False  # the page asks the server how far things have come
    done: int = 0
    all: int = 0
    spoken: tuple[Line, ...] = ()
    problems: tuple[Line, ...] = ()
    shop: tuple[Line, ...] = ()


def weekday_key(day: date) -> str:
    """Return the key of a weekday's word (曜日)."""
    return f"day.{('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')[day.weekday()]}"


def moment_line(moment: datetime, *, today: date) -> Line:
    """Return when something is, as one says it (いつ): today, tomorrow, or the day."""
    time = f"{moment.hour}:{moment.minute:02d}"
    days = (moment.date() - today).days
    if days == 0:
        return Line(key="day.today_at", facts={"time": time})
    if days == 1:
        return Line(key="day.tomorrow_at", facts={"time": time})
    facts: dict[str, str | int | Line] = {
        "month": Line(key=f"day.m{moment.month}"),
        "day": moment.day,
        "weekday": Line(key=weekday_key(moment.date())),
    }
    day = Line(key="day.month_day", facts=facts)
    return Line(key="day.at", facts={"day": day, "time": time})
