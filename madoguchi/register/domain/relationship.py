"""The relationship to the householder: a small grammar (続柄).

Source: resident record standard 1.1.11. A relationship is one base term, or base terms chained
by の up to four, counted as they stand. A fifth makes it 縁故者. 縁故者 and 同居人 stand alone.
Words such as 孫 or 祖父 are not in the grammar: they are 子の子 and 父の父.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum, unique

from madoguchi.kernel.outcome import Problem

CHAIN_LENGTH_MAX = 4


@unique
class Term(StrEnum):
    """One base term, as it is written (続柄の基本語)."""

    HEAD = "世帯主"
    HUSBAND = "夫"
    WIFE = "妻"
    HUSBAND_UNREGISTERED = "夫（未届）"
    WIFE_UNREGISTERED = "妻（未届）"
    CHILD = "子"
    CHILD_HUSBAND_OF_CHILD = "子（子の夫）"
    CHILD_WIFE_OF_CHILD = "子（子の妻）"
    FATHER = "父"
    MOTHER = "母"
    ELDER_BROTHER = "兄"
    ELDER_SISTER = "姉"
    YOUNGER_BROTHER = "弟"
    YOUNGER_SISTER = "妹"
    CONNECTED = "縁故者"
    LODGER = "同居人"


ALONE = frozenset({Term.HEAD, Term.CONNECTED, Term.LODGER})
LINKS = tuple(term for term in Term if term not in ALONE)
HUSBANDS = frozenset({Term.HUSBAND, Term.HUSBAND_UNREGISTERED})
WIVES = frozenset({Term.WIFE, Term.WIFE_UNREGISTERED})
SPOUSES = HUSBANDS | WIVES
#: Adopted by the householder and married to a child of the householder (婿養子など).
ADOPTED_IN_LAW = frozenset({Term.CHILD_HUSBAND_OF_CHILD, Term.CHILD_WIFE_OF_CHILD})
CHILDREN = frozenset({Term.CHILD}) | ADOPTED_IN_LAW
PARENTS = frozenset({Term.FATHER, Term.MOTHER})
SIBLINGS = frozenset(
    {Term.ELDER_BROTHER, Term.ELDER_SISTER, Term.YOUNGER_BROTHER, Term.YOUNGER_SISTER}
)

# Longest first: 子（子の夫） must not be read as 子.
_TERM = re.compile("|".join(re.escape(term) for term in sorted(Term, key=len, reverse=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """A relationship to the householder as a chain of terms (続柄)."""

    chain: tuple[Term, ...]

    @property
    def written(self) -> str:
        """The words that stand on the record (続柄の表記)."""
        return "の".join(self.chain)

    @property
    def is_head(self) -> bool:
        """Tell whether this is the householder (世帯主)."""
        return self.chain == (Term.HEAD,)


HEAD = Relationship(chain=(Term.HEAD,))
CONNECTED = Relationship(chain=(Term.CONNECTED,))
LODGER = Relationship(chain=(Term.LODGER,))


def parse_relationship(text: str, *, where: str | None = None) -> Relationship | Problem:
    """Read a relationship; brackets of either width will do (続柄の読取り)."""
    unreadable = Problem(code="RELATIONSHIP_UNREADABLE", where=where, facts={"written": text[:40]})
    rest = text.translate(str.maketrans("()", "（）"))
    chain: list[Term] = []
    while True:
        found = _TERM.match(rest)
        if found is None:
            return unreadable
        chain.append(Term(found.group()))
        rest = rest[found.end() :]
        if not rest:
            break
        if not rest.startswith("の"):
            return unreadable
        rest = rest[1:]
    if len(chain) > 1 and not ALONE.isdisjoint(chain):
        return unreadable
    if len(chain) > CHAIN_LENGTH_MAX:
        return Problem(
            code="RELATIONSHIP_TOO_LONG",
            where=where,
            facts={"written": text[:40], "limit": str(CHAIN_LENGTH_MAX)},
        )
    return Relationship(chain=tuple(chain))


def compose(to_head: Relationship, onward: Relationship) -> Relationship:
    """Say what somebody's relative is to the householder: 子 and 妻 make 子の妻 (続柄の合成).

    Beyond four terms it is 縁故者; what belongs to a 縁故者 or 同居人 is called the same.
    """
    if onward.is_head:
        return to_head
    if to_head.is_head:
        return onward
    for alone in (LODGER, CONNECTED):
        if alone in (to_head, onward):
            return alone
    chain = to_head.chain + onward.chain
    return CONNECTED if len(chain) > CHAIN_LENGTH_MAX else Relationship(chain=chain)
