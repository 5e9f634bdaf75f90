"""Offer and choices as they lie in a session while it is open (控えの形)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from madoguchi.kiosk.domain.choices import (
    Choices,
    ForKind,
    KindShown,
    MemberShown,
    Part,
    Shown,
)


def pack_offer(
    *, kinds: Iterable[KindShown], members: Iterable[tuple[str, str, str]]
) -> dict[str, Any]:
    """Return an offer as JSON; members are number, name, kana (案内の控え)."""
    return {
        "kinds": [
            {
                "kind": one.kind,
                "title": one.title,
                "fee_yen": one.fee_yen,
                "parts": list(one.parts),
                "items": list(one.items),
                "years": list(one.years),
            }
            for one in kinds
        ],
        "members": [
            {"person_id": person_id, "name": name, "kana": kana}
            for person_id, name, kana in members
        ],
    }


def shown_of(packed: Mapping[str, Any]) -> Shown:
    """Return what the screens may show of a kept offer: names, no numbers (選べるもの)."""
    return Shown(
        kinds=tuple(
            KindShown(
                kind=one["kind"],
                title=one["title"],
                fee_yen=one["fee_yen"],
                parts=tuple(Part(part) for part in one["parts"]),
                items=tuple(one["items"]),
                years=tuple(one["years"]),
            )
            for one in packed["kinds"]
        ),
        members=tuple(MemberShown(name=one["name"], kana=one["kana"]) for one in packed["members"]),
    )


def member_ids(packed: Mapping[str, Any], places: Iterable[int]) -> tuple[str, ...]:
    """Return the numbers of the members at these places of the list (選ばれた世帯員)."""
    return tuple(packed["members"][place]["person_id"] for place in places)


def pack_choices(choices: Choices) -> dict[str, Any]:
    """Return the choices as JSON (選択の控え)."""
    return {
        "kind": choices.kind,
        "copies": choices.copies,
        "by_kind": {
            kind: {
                "part": one.part or "",
                "member_nos": list(one.member_nos),
                "items": list(one.items),
                "year": one.year,
            }
            for kind, one in choices.by_kind.items()
        },
    }


def choices_of(packed: Mapping[str, Any]) -> Choices:
    """Return kept choices; nothing kept is nothing chosen (選択)."""
    if not packed:
        return Choices()
    return Choices(
        kind=packed["kind"],
        copies=packed["copies"],
        by_kind={
            kind: ForKind(
                part=Part(one["part"]) if one["part"] else None,
                member_nos=tuple(one["member_nos"]),
                items=tuple(one["items"]),
                year=one["year"],
            )
            for kind, one in packed["by_kind"].items()
        },
    )
