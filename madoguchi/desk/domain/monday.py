"""A practice Monday: what each visitor wants of the desk, and what came of it (練習の月曜日).

Judged is what the records say was done, not what was seen on a screen: a want is met by a deed of the right
kind about the right person; the same kind of deed about anybody else is wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class End(StrEnum):
    """How the clerk says a visit ended (終わり方)."""

    DONE = "DONE"  # すんだ
    REFUSED = "REFUSED"  # 断った
    HANDED_ON = "HANDED_ON"  # 上の人に引きついだ


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing the records say this clerk did (したこと)."""

    action: str
    subjects: frozenset[str]
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """One thing that must be among the deeds, in words for the clerk (するべきこと)."""

    action: str
    #: Whom it must be about; empty where the record names nobody.
    about: str
    detail: Mapping[str, str]
    words: str

    def is_met_by(self, deed: Deed) -> bool:
        """Tell whether this deed is the one (合っているか)."""
        return (
            deed.action == self.action
            and (not self.about or self.about in deed.subjects)
            and all(deed.detail.get(key) == value for key, value in self.detail.items())
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who comes, with the sheet that is handed in, and what is right (来る人)."""

    code: str
    at: str
    who: str
    says: str
    sheet: tuple[tuple[str, str], ...]
    #: The page where the work begins.
    start: str
    wants: tuple[Want, ...]
    ends: frozenset[End]
    #: Why that is the right end.
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was right, what is missing, what was wrong (ふりかえり)."""

    right: tuple[str, ...]
    missed: tuple[str, ...]
    #: Deeds nobody asked for, by the code of their action.
    wrong: tuple[str, ...]
    ended_right: bool

    @property
    def is_clean(self) -> bool:
        """Whether nothing is missing and nothing wrong (満点)."""
        return self.ended_right and not self.missed and not self.wrong


def judge(
    visitor: Visitor, *, deeds: Sequence[Deed], end: End, watched: Collection[str]
) -> Verdict:
    """Hold what was done against what this visitor wanted (ふりかえり).

    ``watched`` are the deeds that count: what any visitor of the day may want. All else, such as a look
    at another page, is neither right nor wrong.
    """
    met = [any(want.is_met_by(deed) for deed in deeds) for want in visitor.wants]
    stray = [
        deed.action
        for deed in deeds
        if deed.action in watched and not any(want.is_met_by(deed) for want in visitor.wants)
    ]
    by_want = tuple(zip(visitor.wants, met, strict=True))
    return Verdict(
        right=tuple(want.words for want, was in by_want if was),
        missed=tuple(want.words for want, was in by_want if not was),
        wrong=tuple(dict.fromkeys(stray)),
        ended_right=end in visitor.ends,
    )
