"""What is offered and what was chosen: kind, part, items, year, copies (選択)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from madoguchi.kernel.outcome import Problem
from madoguchi.kiosk.domain.steps import Step

#: The store's terminal lets one ask for at most this many at a time (*assumed*).
COPIES_MAX = 10


class Part(StrEnum):
    """Who stands on the paper (交付種別)."""

    SELF = "SELF"  # 本人
    WHOLE = "WHOLE"  # 世帯全員
    SOME = "SOME"  # 世帯の一部


@dataclass(frozen=True, slots=True, kw_only=True)
class KindShown:
    """One kind this resident can have here and now (選べる証明書)."""

    kind: str
    title: str
    fee_yen: int
    parts: tuple[Part, ...]
    items: tuple[str, ...]  # what may be shown on request (記載事項)
    years: tuple[str, ...] = ()  # tax only (年度)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberShown:
    """One member of the household, by place in the list and never by number (世帯員)."""

    name: str
    kana: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the screens may show of an offer; no number of a person is in it (選べるもの)."""

    kinds: tuple[KindShown, ...]
    members: tuple[MemberShown, ...]

    def kind(self, code: str) -> KindShown | None:
        """Return the kind of this code, if it is offered (選べる証明書)."""
        return next((one for one in self.kinds if one.kind == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForKind:
    """What was chosen for one kind; kept when another kind is looked at (種類ごとの選択)."""

    part: Part | None = None
    member_nos: tuple[int, ...] = ()  # places in Shown.members
    items: tuple[str, ...] = ()
    year: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Everything the resident has entered so far (選択内容); going back loses none of it."""

    kind: str = ""
    copies: int = 1
    by_kind: Mapping[str, ForKind] = field(default_factory=dict)

    @property
    def here(self) -> ForKind:
        """What was chosen for the kind in hand (いまの種類の選択)."""
        return self.by_kind.get(self.kind, ForKind())


def part_of(shown: KindShown, chosen: ForKind) -> Part | None:
    """Return the part in force: the one chosen, or the only one there is (交付種別)."""
    return shown.parts[0] if len(shown.parts) == 1 else chosen.part


def year_of(shown: KindShown, chosen: ForKind) -> str:
    """Return the year in force: the one chosen, or the only one there is (年度)."""
    return shown.years[0] if len(shown.years) == 1 else chosen.year


def skipped(shown: KindShown | None, *, copies_max: int = COPIES_MAX) -> frozenset[Step]:
    """Return the screens on which this kind leaves nothing to choose (省く画面)."""
    found = set() if copies_max > 1 else {Step.COPIES}
    if shown is None:
        return frozenset(found)
    if len(shown.parts) <= 1:
        found.add(Step.PART)
    if not shown.items and len(shown.years) <= 1:
        found.add(Step.ITEMS)
    return frozenset(found)


def choose(
    choices: Choices,
    *,
    step: Step,
    values: Mapping[str, object],
    offer: Shown,
    copies_max: int = COPIES_MAX,
) -> Choices | tuple[Problem, ...]:
    """Take in what was pressed on one screen, or return all that is wrong with it (選択の受付).

    Values: KIND ``kind``; PART ``part``, ``member_nos``; ITEMS ``items``, ``year``; COPIES
    ``copies``. Nothing entered on another screen changes.
    """
    match step:
        case Step.KIND:
            return _choose_kind(choices, values, offer)
        case Step.PART | Step.ITEMS:
            return _choose_for_kind(choices, step, values, offer)
        case Step.COPIES:
            copies = values.get("copies")
            problems = _check_copies(copies, copies_max)
            return problems or replace(choices, copies=int(str(copies)))
        case _:
            return (Problem(code="KIOSK_NOTHING_TO_CHOOSE"),)


def check_complete(
    choices: Choices, *, offer: Shown, copies_max: int = COPIES_MAX
) -> tuple[Problem, ...]:
    """Return everything still missing or no longer possible before the paper is made (確認)."""
    shown = offer.kind(choices.kind)
    if shown is None:
        return (Problem(code="KIOSK_CHOOSE_KIND", where="kind"),)
    here = choices.here
    return (
        *_check_part(part_of(shown, here), here.member_nos, shown, len(offer.members)),
        *_check_items(here.items, year_of(shown, here), shown),
        *_check_copies(choices.copies, copies_max),
    )


def _choose_kind(
    choices: Choices, values: Mapping[str, object], offer: Shown
) -> Choices | tuple[Problem, ...]:
    code = values.get("kind")
    if not isinstance(code, str) or offer.kind(code) is None:
        return (Problem(code="KIOSK_CHOOSE_KIND", where="kind"),)
    return replace(choices, kind=code)


def _choose_for_kind(
    choices: Choices, step: Step, values: Mapping[str, object], offer: Shown
) -> Choices | tuple[Problem, ...]:
    shown = offer.kind(choices.kind)
    if shown is None:
        return (Problem(code="KIOSK_CHOOSE_KIND", where="kind"),)
    taken = _choose_part if step is Step.PART else _choose_items
    found = taken(choices.here, values, shown, len(offer.members))
    if isinstance(found, tuple):
        return found
    return replace(choices, by_kind={**choices.by_kind, choices.kind: found})


def _choose_part(
    here: ForKind, values: Mapping[str, object], shown: KindShown, members: int
) -> ForKind | tuple[Problem, ...]:
    part = values.get("part")
    known = Part(part) if isinstance(part, str) and part in set(Part) else None
    numbers = _numbers(values.get("member_nos", here.member_nos))
    problems = _check_part(known, numbers, shown, members)
    # The members chosen for 一部 stay chosen while another part is looked at.
    return problems or replace(here, part=known, member_nos=numbers)


def _choose_items(
    here: ForKind, values: Mapping[str, object], shown: KindShown, _members: int
) -> ForKind | tuple[Problem, ...]:
    items = values.get("items", here.items)
    given = tuple(str(one) for one in items) if isinstance(items, list | tuple) else ("",)
    year = str(values.get("year", here.year))
    problems = _check_items(given, year or year_of(shown, here), shown)
    return problems or replace(here, items=tuple(dict.fromkeys(given)), year=year)


def _check_part(
    part: Part | None, member_nos: tuple[int, ...], shown: KindShown, members: int
) -> tuple[Problem, ...]:
    if part is None or part not in shown.parts:
        return (Problem(code="KIOSK_CHOOSE_PART", where="part"),)
    found: list[Problem] = []
    if any(not 0 <= one < members for one in member_nos):
        found.append(Problem(code="KIOSK_MEMBER_UNKNOWN", where="member_nos"))
    if part is Part.SOME and not member_nos:
        found.append(Problem(code="KIOSK_CHOOSE_MEMBER", where="member_nos"))
    return tuple(found)


def _check_items(items: tuple[str, ...], year: str, shown: KindShown) -> tuple[Problem, ...]:
    found: list[Problem] = []
    if set(items) - set(shown.items):
        found.append(Problem(code="KIOSK_ITEM_UNKNOWN", where="items"))
    if (shown.years or year) and year not in shown.years:
        found.append(Problem(code="KIOSK_CHOOSE_YEAR", where="year"))
    return tuple(found)


def _check_copies(copies: object, copies_max: int) -> tuple[Problem, ...]:
    if isinstance(copies, int) and not isinstance(copies, bool) and 1 <= copies <= copies_max:
        return ()
    facts = {"max": str(copies_max)}
    return (Problem(code="KIOSK_COPIES_OUT_OF_RANGE", where="copies", facts=facts),)


def _numbers(value: object) -> tuple[int, ...]:
    if not isinstance(value, list | tuple):
        return (-1,)
    kept = (one if isinstance(one, int) and not isinstance(one, bool) else -1 for one in value)
    return tuple(sorted(set(kept)))
