"""What came, what went, what waits and what is wrong, as one clerk may know of it (送受信の照会)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Min, Q, QuerySet

from madoguchi.certificates.api import town_key
from madoguchi.infra.clock import JAPAN, day_of
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.moves.domain.messages import MessageKind, day_in, missing_numbers
from madoguchi.moves.domain.portal import PORTAL
from madoguchi.moves.domain.post import NEXT, PostState, Way
from madoguchi.moves.domain.town_keys import neighbours_on, seal_on, short_name
from madoguchi.moves.models import PostFile, PostGap, PostLine, PostMessage
from madoguchi.moves.queries.rulebook import open_rule, town_keys_book
from madoguchi.protection.api import Use, gate

ROWS_MAX = 100
#: *Assumed*: as long as a case nobody came for.
KEEP_DAYS = 60
#: *Assumed*: for so long a missing number may simply be on its way.
GAP_AFTER = timedelta(minutes=10)
#: *Assumed*: until then a line that does not answer may be a short break.
SILENT_AFTER = timedelta(minutes=10)
_OPEN_OUT = (PostState.WAITING.value, PostState.HELD.value, PostState.SEALED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A message as the page lists it (知らせ)."""

    message_id: str
    way: str
    town: str
    kind: str
    number: int | None
    state: str
    told_at: datetime
    done_at: datetime | None
    #: Who it is about, by name; a parcel names nobody.
    names: tuple[str, ...]
    #: Those of them that are in our register.
    people: tuple[str, ...]
    body: Mapping[str, object]
    #: The days the body tells, by their names.
    days: Mapping[str, date]
    about: str
    #: What one press does with it: OPEN, CONFIRM, DONE.
    next_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something wrong with the exchange, with what to do (不具合)."""

    problem: Problem
    at: datetime | None = None
    file_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPage:
    """Everything the page of the exchange shows (町どうしの送受信)."""

    waiting: tuple[MessageRow, ...]
    going: tuple[MessageRow, ...]
    history: tuple[MessageRow, ...]
    faults: tuple[Fault, ...]
    towns: Mapping[str, str]
    copies: int


def post_page(*, actor: Actor, now: datetime) -> PostPage:
    """Return what came, what went, what waits, and what is wrong (送受信の一覧)."""
    towns = town_names(now=now)
    came = PostMessage.objects.filter(way=Way.IN.value, state=PostState.WAITING.value)
    goes = PostMessage.objects.filter(way=Way.OUT.value, state__in=_OPEN_OUT)
    over = PostMessage.objects.filter(
        state__in=[PostState.SENT.value, PostState.DONE.value, PostState.DROPPED.value]
    )
    return PostPage(
        waiting=_rows(came.order_by("kept_at", "message_id"), actor=actor, towns=towns),
        going=_rows(goes.order_by("kept_at", "message_id"), actor=actor, towns=towns),
        history=_rows(over.order_by("-kept_at", "-message_id"), actor=actor, towns=towns),
        faults=faults(now=now), towns=towns,
        copies=sum(one - 1 for one in PostFile.objects.filter(copies__gt=1, came_at__gt=now - timedelta(days=7))
                   .values_list("copies", flat=True)),
    )  # fmt: skip


def told_of(filing_id: str, *, actor: Actor, now: datetime) -> tuple[MessageRow, ...]:
    """Return what other towns are told of a filing, and how far that has come (届出の知らせ)."""
    found = PostMessage.objects.filter(way=Way.OUT.value, about=filing_id)
    return _rows(found.order_by("kept_at"), actor=actor, towns=town_names(now=now))


def town_names(*, now: datetime) -> dict[str, str]:
    """Return the towns we exchange messages with, name by code, without this one (相手の町)."""
    found = neighbours_on(town_keys_book(settings.MADOGUCHI_CARD_RULES), day=day_of(now))
    found.pop(settings.MADOGUCHI_TOWN_CODE, None)
    return found


def is_in_use(*, now: datetime) -> bool:
    """Tell whether this town exchanges anything at all: else no page speaks of it (使っているか)."""
    return bool(town_names(now=now)) or PostFile.objects.exists()


def count_waiting(*, actor: Actor) -> int:
    """Count what came in and waits for a person, as far as this actor may know (待っている知らせ)."""
    rows = PostMessage.objects.filter(way=Way.IN.value, state=PostState.WAITING.value)
    return len(visible(list(rows[:ROWS_MAX]), actor=actor))


def faults(*, now: datetime) -> tuple[Fault, ...]:
    """Return everything wrong with the exchange, files first (不具合の一覧)."""
    files = PostFile.objects.filter(settled_at__isnull=True).exclude(problems=[])
    found = [
        Fault(problem=_problem(raw), at=one.came_at.astimezone(JAPAN), file_id=one.file_id,
              name=one.name)
        for one in files.order_by("came_at")[:ROWS_MAX]
        for raw in one.problems
    ]  # fmt: skip
    found += [Fault(problem=one) for one in gaps(now=now)]
    silent = PostLine.objects.filter(silent_since__lt=now - SILENT_AFTER)
    found += [
        Fault(problem=Problem(code="MOVE_POST_SILENT", facts={"source": one.source}),
              at=one.silent_since.astimezone(JAPAN) if one.silent_since else None)
        for one in silent
    ]  # fmt: skip
    if town_names(now=now):
        found += [Fault(problem=one) for one in _no_key()]
        found += [Fault(problem=one) for one in _no_seal(now=now)]
    return tuple(found)


def gaps(*, now: datetime) -> tuple[Problem, ...]:
    """Name the numbers that never came although later ones did, for a while already (欠番).

    Of each town the first ones: a slip in one number must not make a billion of them.
    """
    came = PostMessage.objects.filter(way=Way.IN.value)
    firsts = dict(came.values_list("town").annotate(first=Min("number")).order_by())
    found: list[Problem] = []
    for town, first in sorted(firsts.items()):
        rows = {
            number: at
            for number, at in came.filter(town=town).values_list("number", "kept_at")
            if number is not None
        }
        waited_for = max((one for one, at in rows.items() if at < now - GAP_AFTER), default=0)
        settled = PostGap.objects.filter(town=town).values_list("number", flat=True)
        # The portal began to count before we did; a town counts for us alone, from 1.
        missing = missing_numbers(
            {*rows, *settled}, first=first if town == PORTAL else 1, most=ROWS_MAX
        )
        found += [
            Problem(code="MOVE_POST_GAP", facts={"town": town, "number": str(one)})
            for one in missing
            if one < waited_for
        ]
    return tuple(found)


def to_sign() -> list[str]:
    """Return what waits to be numbered and signed, in its order (署名するもの)."""
    found = PostMessage.objects.filter(way=Way.OUT.value, state=PostState.WAITING.value)
    return list(found.order_by("kept_at", "message_id").values_list("message_id", flat=True))


def key_to_seal(town: str, *, now: datetime) -> bytes | None:
    """Return to which key a message for a town is sealed; b"" to none yet, None: it waits (封の鍵)."""
    folder, day = settings.MADOGUCHI_CARD_RULES, day_of(now)
    key = seal_on(town_keys_book(folder), code=town, day=day)
    return key if key or open_rule(folder).holds_on(day) else None


def to_hand_over(*, us: str) -> list[tuple[str, str, int, str, bytes]]:
    """Return what is signed and not handed over: id, town, number, name of its file, file (渡すもの)."""
    rows = PostMessage.objects.filter(way=Way.OUT.value, state=PostState.SEALED.value)
    return [
        (
            one.message_id,
            one.town,
            one.number,
            f"{us}-{one.town}-{one.number:06d}.json",
            bytes(one.sealed),
        )
        for one in rows.order_by("town", "number")
        if one.sealed is not None and one.number is not None
    ]


def count_states() -> dict[str, int]:
    """Count messages by what is left to do, naming nobody (件数)."""
    came, goes = (PostMessage.objects.filter(way=one.value) for one in (Way.IN, Way.OUT))
    return {
        "taken": came.count(), "sent": goes.filter(state=PostState.SENT.value).count(),
        "waiting_in": came.filter(state=PostState.WAITING.value).count(),
        "waiting_out": goes.filter(state__in=_OPEN_OUT).count(),
    }  # fmt: skip


def find_message(message_id: str, *, for_update: bool = False) -> PostMessage | None:
    """Return a message, or None where there is none (知らせ)."""
    found = PostMessage.objects.select_for_update() if for_update else PostMessage.objects
    return found.filter(message_id=message_id).first()


def visible(rows: Sequence[PostMessage], *, actor: Actor) -> list[PostMessage]:
    """Return what this actor may know of: nothing about somebody held, as the gate says now."""
    people = {one for row in rows for one in row.person_ids}
    blocked = gate(people, actor=actor, use=Use.VIEW).blocked if people else frozenset()
    may = actor.may(Right.SEE_PROTECTED)
    return [
        row
        for row in rows
        if blocked.isdisjoint(row.person_ids) and (may or row.state != PostState.HELD.value)
    ]


def names_in(kind: MessageKind, body: Mapping[str, object]) -> list[dict[str, str]]:
    """Return whom a message names (知らせの人)."""
    notice = body.get("notice")
    listed = notice.get("people") if isinstance(notice, Mapping) else body.get("people")
    if kind is MessageKind.CERTIFICATE_REQUEST:
        listed = [{"name": body.get("name", ""), "birth": body.get("birth", "")}]
    rows = listed if isinstance(listed, list) else []
    return [
        {key: str(value) for key, value in one.items()} for one in rows if isinstance(one, dict)
    ]


def old_post(*, now: datetime) -> QuerySet[PostMessage]:
    """Return settled messages whose content is no longer kept (古い知らせ)."""
    settled = (PostState.SENT.value, PostState.DONE.value, PostState.DROPPED.value)
    found = PostMessage.objects.filter(
        state__in=settled, done_at__lt=now - timedelta(days=KEEP_DAYS)
    )
    return found.exclude(Q(body={}))


def old_files(*, now: datetime) -> QuerySet[PostFile]:
    """Return files whose bytes are no longer kept: old, and nothing in them waits (古いファイル)."""
    waiting = PostMessage.objects.filter(state=PostState.WAITING.value, file__isnull=False)
    found = PostFile.objects.filter(came_at__lt=now - timedelta(days=KEEP_DAYS))
    return found.exclude(raw=b"").exclude(file_id__in=waiting.values("file_id"))


def _rows(
    found: QuerySet[PostMessage], *, actor: Actor, towns: Mapping[str, str]
) -> tuple[MessageRow, ...]:
    return tuple(
        MessageRow(
            message_id=one.message_id, way=one.way, town=short_name(towns[one.town]) if one.town in towns else one.town,
            kind=one.kind, number=one.number, state=one.state, body=one.body, about=one.about,
            told_at=one.told_at.astimezone(JAPAN), days=_days(one.body),
            done_at=one.done_at.astimezone(JAPAN) if one.done_at else None,
            names=tuple(each.get("name", "") for each in names_in(MessageKind(one.kind), one.body)),
            people=tuple(one.person_ids), next_step=NEXT[MessageKind(one.kind)],
        )
        for one in visible(list(found[:ROWS_MAX]), actor=actor)
    )  # fmt: skip


def _days(body: Mapping[str, object]) -> dict[str, date]:
    names = ("birth", "left_on", "moved_in_on", "moved_on", "deadline", "received_on", "visit_on")
    found = {name: day_in(body, name) for name in names}
    return {name: day for name, day in found.items() if day is not None}


def _no_key() -> Iterable[Problem]:
    try:
        town_key.public_key()
    except Refused as refusal:
        return refusal.problems
    return ()


def _no_seal(*, now: datetime) -> Iterable[Problem]:
    """Name the towns for which something waits because they told us no key to seal to."""
    goes = PostMessage.objects.filter(way=Way.OUT.value, state=PostState.SEALED.value)
    names = town_names(now=now)
    return [
        Problem(code="MOVE_POST_NO_SEAL", facts={"town": names.get(town, town)})
        for town in sorted(set(goes.values_list("town", flat=True)))
        if key_to_seal(town, now=now) is None
    ]


def _problem(raw: Mapping[str, object]) -> Problem:
    facts = raw.get("facts")
    return Problem(
        code=str(raw["code"]), where=str(raw["where"]) if raw.get("where") else None,
        facts={key: str(value) for key, value in facts.items()} if isinstance(facts, dict) else {},
    )  # fmt: skip
