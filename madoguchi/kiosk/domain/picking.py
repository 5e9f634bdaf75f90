"""The screens on which a resident chooses: kind, part, items, copies, and the check (選択の画面)."""

from __future__ import annotations

from datetime import date

from madoguchi.kernel import wareki
from madoguchi.kiosk.domain.choices import (
    ForKind,
    KindShown,
    MemberShown,
    Part,
    part_of,
    year_of,
)
from madoguchi.kiosk.domain.showing import Bar, Row, Screen, Sight
from madoguchi.kiosk.domain.steps import Mode
from madoguchi.kiosk.domain.wording import Line, line, yen_line

#: So many copies are one press each; more are rare and are asked for at the desk.
COPIES_SHOWN = 6
ERAS = frozenset("MTSHR")
NAMED_KINDS = frozenset(
    {
        "resident_record_household",
        "resident_record_individual",
        "resident_record",
        "removed_record",
        "record_items",
        "seal_registration",
        "tax",
    }
)


def kind_line(kind: str, title: str) -> Line:
    """Return a kind's name as residents say it, else the title it is printed with (証明書の名前)."""
    return line(f"kinds.{kind}") if kind in NAMED_KINDS else line("common.text", text=title)


def year_line(year: str) -> Line:
    """Return a fiscal year as each language counts it (年度): 令和7年度, 2025 (Reiwa 7)."""
    found = wareki.parse_year(year.removesuffix("度"))
    written = wareki.of(date(found, 4, 1)) if isinstance(found, int) else None
    if written is None:
        return line("common.text", text=year)
    era = line(f"era.{written.era.letter}")
    if written.era.letter not in ERAS:
        era = line("common.text", text=written.era.name)
    return line(
        "kind.year_n", year=line("day.year", era=era, n=written.year, gregorian=written.on.year)
    )


def kind(sight: Sight) -> Screen:
    """Ask which certificate (証明書の種類)."""
    return Screen(
        name="bars",
        title=line("kind.title"),
        help=(line("kind.hint_1"),),
        field="kind",
        bars=tuple(
            Bar(
                value=one.kind,
                label=kind_line(one.kind, one.title),
                note=line(f"kind_notes.{one.kind}") if one.kind in NAMED_KINDS else None,
                price=yen_line(one.fee_yen),
                pressed=one.kind == sight.choices.kind,
            )
            for one in sight.offer.kinds
        ),
        spoken=(line("kind.spoken"),),
        word="kind.word",
    )


def part(sight: Sight) -> Screen:
    """Ask whose record, and who of the household where only some (交付種別)."""
    shown = sight.kind
    here = sight.choices.here
    if shown is not None and sight.asked.part == Part.SOME and Part.SOME in shown.parts:
        return _members(sight, here)
    parts = shown.parts if shown is not None else ()
    return Screen(
        name="bars",
        title=line("part.title"),
        field="part",
        bars=tuple(
            Bar(
                value=one,
                label=line(f"part.{one}"),
                note=line(f"part.{one}_note"),
                pressed=one is here.part,
                asks=one is Part.SOME,
            )
            for one in parts
        ),
        spoken=(line("part.spoken"),),
        word="part.word",
    )


def _members(sight: Sight, here: ForKind) -> Screen:
    return Screen(
        name="members",
        title=line("part.some_title"),
        help=(line("part.some_hint"),),
        members=tuple(
            (at, member, at in here.member_nos) for at, member in enumerate(sight.offer.members)
        ),
        kept=(("part", Part.SOME.value),),
        main=line("common.next"),
        inner=True,
        spoken=(line("part.some_spoken"),),
        word="part.word",
    )


def items(sight: Sight) -> Screen:
    """Ask for the year, then which items to show; in elder mode one by one (記載事項)."""
    shown = sight.kind
    if shown is None:
        return Screen(name="bars", title=line("items.title"))
    here = sight.choices.here
    year = sight.asked.year or year_of(shown, here)
    if shown.years and not sight.asked.year and len(shown.years) > 1:
        return _years(shown, here)
    kept = (("year", year),) if shown.years else ()
    inner = bool(sight.asked.year or sight.asked.answered)
    if sight.mode is Mode.ELDER and shown.items:
        return _one_item(sight, shown, kept, inner=inner)
    return Screen(
        name="items",
        title=line("items.title"),
        help=(line("items.hint_1"),),
        field="items",
        bars=tuple(
            Bar(value=one, label=line(f"items_names.{one}"), pressed=one in here.items)
            for one in shown.items
        ),
        kept=kept,
        main=line("common.next"),
        inner=inner,
        spoken=(line("items.spoken"),),
        word="items.word",
    )


def _years(shown: KindShown, here: ForKind) -> Screen:
    return Screen(
        name="bars",
        title=line("kind.year"),
        field="year",
        bars=tuple(
            Bar(
                value=one,
                label=year_line(one),
                pressed=one == here.year,
                asks=bool(shown.items),
            )
            for one in shown.years
        ),
        spoken=(line("kind.spoken"),),
        word="kind.year_word",
    )


def _one_item(
    sight: Sight, shown: KindShown, kept: tuple[tuple[str, str], ...], *, inner: bool
) -> Screen:
    """Ask for one item: "show" or "leave out" are two bars; the last press answers all."""
    answered = tuple(one for one in sight.asked.answered if one in shown.items)
    left = [one for one in shown.items if one not in answered]
    item = left[0] if left else shown.items[-1]
    before = tuple(one for one in answered if one != item)
    return Screen(
        name="one_item",
        title=line("items.one_title", item=line(f"items_names.{item}")),
        help=(line("items.hint_1"),),
        field=item,
        bars=(
            Bar(value="show", label=line("items.show"), asks=len(left) > 1),
            Bar(value="hide", label=line("items.hide"), asks=len(left) > 1),
        ),
        kept=(
            *kept,
            *(("answered", one) for one in before),
            *(("shown", one) for one in sight.asked.shown if one in before),
        ),
        inner=inner,
        word="items.word",
    )


def copies(sight: Sight) -> Screen:
    """Ask how many (部数)."""
    fee = sight.kind.fee_yen if sight.kind else 0
    return Screen(
        name="copies",
        title=line("copies.title"),
        help=(line("copies.hint_1", yen=yen_line(fee)),),
        field="copies",
        bars=tuple(
            Bar(
                value=str(n),
                label=line("common.copies_one" if n == 1 else "common.copies_n", n=n),
                price=yen_line(fee * n),
                pressed=n == sight.choices.copies,
                is_spoken=False,
            )
            for n in range(1, min(COPIES_SHOWN, sight.copies_max) + 1)
        ),
        spoken=(line("copies.spoken"),),
        word="copies.word",
    )


def confirm(sight: Sight) -> Screen:
    """Show everything once more, and the sum (確認)."""
    shown, here = sight.kind, sight.choices.here
    if shown is None:
        return Screen(name="confirm", title=line("confirm.title"))
    count = sight.choices.copies
    return Screen(
        name="confirm",
        title=line("confirm.title"),
        help=(line("confirm.hint_1"),),
        rows=(
            Row(label=line("confirm.kind"), values=(kind_line(shown.kind, shown.title),)),
            *_part_rows(sight, shown, here),
            *_year_rows(shown, here),
            *_item_rows(shown, here),
            Row(
                label=line("confirm.copies"),
                values=(line("common.copies_one" if count == 1 else "common.copies_n", n=count),),
            ),
        ),
        total=yen_line(shown.fee_yen * count),
        main=line("confirm.main"),
        spoken=(line("confirm.spoken"),),
        word="confirm.word",
    )


def _part_rows(sight: Sight, shown: KindShown, here: ForKind) -> tuple[Row, ...]:
    chosen = part_of(shown, here)
    if chosen is None:
        return ()
    names: tuple[MemberShown, ...] = ()
    if chosen is Part.SOME:
        members = sight.offer.members
        names = tuple(members[at] for at in here.member_nos if 0 <= at < len(members))
    return (Row(label=line("confirm.part"), values=(line(f"part.{chosen}"),), names=names),)


def _year_rows(shown: KindShown, here: ForKind) -> tuple[Row, ...]:
    year = year_of(shown, here) if shown.years else ""
    return (Row(label=line("confirm.year"), values=(year_line(year),)),) if year else ()


def _item_rows(shown: KindShown, here: ForKind) -> tuple[Row, ...]:
    if not shown.items:
        return ()
    chosen = tuple(line(f"items_names.{one}") for one in shown.items if one in here.items)
    return (Row(label=line("confirm.items"), values=chosen or (line("confirm.no_items"),)),)
