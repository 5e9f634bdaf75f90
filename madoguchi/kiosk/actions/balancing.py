"""Compare the books each day; a difference stops the channel until a person decides (日締め)."""

from __future__ import annotations

from datetime import date, datetime

from madoguchi.audit.api import record
from madoguchi.certificates.api import lift_stops, stop_channel
from madoguchi.infra import facts
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kiosk.actions.terminals import must
from madoguchi.kiosk.domain.books import Difference, What
from madoguchi.kiosk.domain.cases import Decision, check_decision, stops_channel
from madoguchi.kiosk.models import Case, CoinCount, DayClose, Terminal
from madoguchi.kiosk.queries.books import (
    CHANNELS,
    DayBooks,
    coins_expected,
    day_books,
    hold_still,
)
from madoguchi.kiosk.queries.tables import is_over

#: Who stops a channel when no person is there; it may do nothing else.
KEEPER = Actor(
    staff_id="system",
    name="キオスクの見回り",
    rights=frozenset({Right.STOP_SWITCH}),
    place="",
    terminal="",
    purpose="日締めの突合",
)
_REASON = "帳簿の食い違い（キオスクの日締め）。責任者の判断を待っています。"


def balance(*, day: date, channel: str, actor: Actor, now: datetime) -> DayBooks:
    """Compare the four books of a day; open a named case for each difference (日締め).

    May run at any time and any number of times: the same difference opens one case, and one
    that a person has decided is not opened again while its figures stay the same.
    """
    hold_still()
    found = day_books(day, channel, closed=is_over(channel, day=day, now=now))
    for one in found.differences:
        _keep_difference(one, day=day, channel=channel, now=now)
    if found.closed:
        DayClose.objects.update_or_create(
            day=day, channel=channel,
            defaults={"closed_at": now, "differences": len(found.differences)},
        )  # fmt: skip
    record(actor=actor, action="KIOSK_BALANCED", subjects=(),
           detail={"day": day.isoformat(), "channel": channel,
                   "differences": [f"{one.kind} {one.what}" for one in found.differences]})  # fmt: skip
    facts.note("kiosk_balanced", at=now, day=day.isoformat(), channel=channel,
               differences=len(found.differences), closed=found.closed,
               asked=sum(one.requests.asked for one in found.books))  # fmt: skip
    return found


def balance_day(*, day: date, actor: Actor, now: datetime) -> tuple[DayBooks, ...]:
    """Compare the books of a day on every channel, in one transaction (日締め)."""
    return tuple(balance(day=day, channel=one, actor=actor, now=now) for one in CHANNELS)


def count_coins(*, terminal_no: str, counted_yen: int, actor: Actor, now: datetime) -> int:
    """Write down what was counted in a coin box and taken out; return what is missing (料金箱の計数)."""
    must(actor, Right.ISSUE_CERTIFICATE)
    terminal = Terminal.objects.select_for_update().filter(terminal_no=terminal_no).first()
    if terminal is None:
        raise Refused(Problem(code="KIOSK_TERMINAL_UNKNOWN"))
    expected = coins_expected(terminal_no)
    CoinCount.objects.create(terminal_no=terminal_no, counted_yen=counted_yen,
                             expected_yen=expected, counted_by=actor.staff_id, counted_at=now)  # fmt: skip
    if counted_yen != expected:
        _keep_coins(terminal, expected=expected, found=counted_yen, now=now)
    record(actor=actor, action="KIOSK_COINS_COUNTED", subjects=(),
           detail={"terminal": terminal_no, "counted": counted_yen, "expected": expected})  # fmt: skip
    facts.note("kiosk_coins_counted", at=now, terminal=terminal_no, counted=counted_yen,
               expected=expected)  # fmt: skip
    return expected - counted_yen


def decide_case(
    *, case_id: int, decision: Decision, note: str, actor: Actor, now: datetime
) -> None:
    """Say what was found and decide; the last open case of a channel lets it go on (判断).

    A lost page may be decided by whoever issues; books that disagree only by who may stop.
    """
    case = _take_case(case_id)
    if case is None:
        raise Refused(Problem(code="KIOSK_NO_OPEN_CASE"))
    what = What(case.what)
    must(actor, Right.STOP_SWITCH if stops_channel(what) else Right.ISSUE_CERTIFICATE)
    problems = check_decision(what=what, decision=decision, note=note)
    if problems:
        raise Refused(problems)
    case.decision, case.note = str(decision), note.strip()
    case.decided_by, case.decided_at = actor.staff_id, now
    case.save(update_fields=["decision", "note", "decided_by", "decided_at"])
    lifted = _lift_if_last(case.channel, now=now)
    record(actor=actor, action="KIOSK_CASE_DECIDED", subjects=(),
           detail={"case": case_id, "what": case.what, "decision": str(decision),
                   "lifted": lifted})  # fmt: skip
    facts.note("kiosk_case_decided", at=now, what=case.what, decision=str(decision),
               channel=case.channel)  # fmt: skip


def _take_case(case_id: int) -> Case | None:
    """Lock a case with all that is open beside it: of two who decide at once, one is the last."""
    channel = Case.objects.filter(case_id=case_id).values("channel")
    opened = Case.objects.select_for_update().filter(channel__in=channel, decided_at__isnull=True)
    return next((one for one in opened.order_by("case_id") if one.case_id == case_id), None)


def _keep_coins(terminal: Terminal, *, expected: int, found: int, now: datetime) -> None:
    """Open a case for what a count missed; one not yet decided takes it in.

    Each count empties the box, so the same figures again are another loss, decided or not.
    """
    day = now.astimezone(JAPAN).date()
    opened = Case.objects.select_for_update().filter(
        day=day, terminal_no=terminal.terminal_no, what=str(What.COIN_BOX), decided_at__isnull=True
    ).first()  # fmt: skip
    if opened is not None:
        opened.expected, opened.found = opened.expected + expected, opened.found + found
        opened.save(update_fields=["expected", "found"])
        return
    one = Difference(kind="", what=What.COIN_BOX, expected=expected, found=found)
    _open(one, day=day, channel=terminal.channel, now=now, terminal_no=terminal.terminal_no)


def _keep_difference(one: Difference, *, day: date, channel: str, now: datetime) -> None:
    same = Case.objects.filter(
        day=day, channel=channel, terminal_no="", kind=one.kind, what=str(one.what)
    )
    if same.filter(decided_at__isnull=False, expected=one.expected, found=one.found).exists():
        return
    opened = same.select_for_update().filter(decided_at__isnull=True).first()
    if opened is not None:
        opened.expected, opened.found = one.expected, one.found
        opened.save(update_fields=["expected", "found"])
        return
    _open(one, day=day, channel=channel, now=now)


def _open(
    one: Difference, *, day: date, channel: str, now: datetime, terminal_no: str = ""
) -> None:
    # A stop a person lifted while this case stays open would be laid again only by a new case.
    stops = stop_channel(channel=channel, reason=_REASON, actor=KEEPER, now=now)
    Case.objects.create(
        day=day, channel=channel, terminal_no=terminal_no, kind=one.kind, what=str(one.what),
        expected=one.expected, found=one.found, opened_at=now, stop_ids=list(stops),
    )  # fmt: skip
    facts.note("kiosk_case_opened", at=now, what=str(one.what), channel=channel, kind=one.kind,
               expected=one.expected, found=one.found)  # fmt: skip


def _lift_if_last(channel: str, *, now: datetime) -> int:
    """Lift what our cases stopped on a channel once no such case is open any more."""
    stopping = [str(one) for one in What if stops_channel(one)]
    cases = Case.objects.filter(channel=channel, what__in=stopping)
    if cases.filter(decided_at__isnull=True).exists():
        return 0
    stop_ids = [stop for ids in cases.values_list("stop_ids", flat=True) for stop in ids]
    return lift_stops(stop_ids=stop_ids, actor=KEEPER, now=now)
