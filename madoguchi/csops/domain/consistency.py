"""The register against an extract of the CS: what differs, by kind (整合性の確認).

SPEC1 7.1.1.2 asks for a regular check. The layout of the extract is ours (*assumed*: that of the
CS is not public), matched by 住民票コード, as 住基ネット knows no number of the town's. Nothing is
changed by it: what differs is for a person to look into.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from madoguchi.kernel import wareki
from madoguchi.kernel.addresses import fold_address
from madoguchi.kernel.checkdigits import is_valid_resident_code
from madoguchi.kernel.dates import RegisterDate, parse_day, parse_register_date
from madoguchi.kernel.names import fold_kanji
from madoguchi.kernel.outcome import Problem

COLUMNS = ("住民票コード", "氏名", "生年月日", "性別", "住所", "異動年月日")
_SEXES = {"男": "MALE", "女": "FEMALE", "": "UNKNOWN"}
_WORDS = {"MALE": "男", "FEMALE": "女", "UNKNOWN": "（空欄）"}
_SHOWN = 40


@unique
class Kind(StrEnum):
    """How register and extract differ about one person (ちがいの種類)."""

    NOT_IN_CS = "NOT_IN_CS"  # a resident the extract does not name
    GONE = "GONE"  # in the extract, and no resident any more
    NOT_KNOWN = "NOT_KNOWN"  # in the extract, and never in the register
    NAME = "NAME"
    LETTERS = "LETTERS"  # the same name in other forms of its characters
    BIRTH = "BIRTH"
    SEX = "SEX"
    ADDRESS = "ADDRESS"
    MOVED_ON = "MOVED_ON"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What both know of one person (本人確認情報)."""

    code: str
    name: str
    birth: str
    birth_sort: date | None
    sex: str
    address: str
    moved_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered(Facts):
    """A person of the register (住民)."""

    person_id: str
    is_resident: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One way in which the two differ (ちがい); the person is none for a code nobody has."""

    kind: Kind
    code: str
    person_id: str = ""
    ours: str = ""
    theirs: str = ""


def compare(
    register: Iterable[Registered], extract: Iterable[Facts]
) -> tuple[Difference, ...]:  # fmt: skip
    """Return everything in which register and extract differ, by kind and code (ちがいの一覧)."""
    there = {one.code: one for one in extract}
    found: list[Difference] = []
    known: set[str] = set()
    for one in register:
        if not one.code:
            continue  # no code yet: 住基ネット cannot know of them
        known.add(one.code)
        theirs = there.get(one.code)
        if theirs is None:
            if one.is_resident:
                found.append(_about(Kind.NOT_IN_CS, one, one.name))
        elif not one.is_resident:
            found.append(_about(Kind.GONE, one, one.name, theirs.name))
        else:
            found += _differences(one, theirs)
    found += [
        Difference(kind=Kind.NOT_KNOWN, code=one.code, theirs=one.name)
        for one in there.values() if one.code not in known
    ]  # fmt: skip
    order = list(Kind)
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), one.code)))


def _differences(ours: Registered, theirs: Facts) -> Iterator[Difference]:
    if ours.name != theirs.name:
        same = fold_kanji(ours.name) == fold_kanji(theirs.name)
        yield _about(Kind.LETTERS if same else Kind.NAME, ours, ours.name, theirs.name)
    written_so = ours.birth == theirs.birth
    if not written_so and (ours.birth_sort is None or ours.birth_sort != theirs.birth_sort):
        yield _about(Kind.BIRTH, ours, ours.birth, theirs.birth)
    if ours.sex != theirs.sex:
        yield _about(Kind.SEX, ours, _WORDS[ours.sex], _WORDS[theirs.sex])
    if fold_address(ours.address) != fold_address(theirs.address):
        yield _about(Kind.ADDRESS, ours, ours.address, theirs.address)
    if ours.moved_on != theirs.moved_on:
        days = [wareki.format_short(one.moved_on) for one in (ours, theirs)]
        yield _about(Kind.MOVED_ON, ours, *days)


def _about(kind: Kind, one: Registered, ours: str = "", theirs: str = "") -> Difference:
    return Difference(kind=kind, code=one.code, person_id=one.person_id, ours=ours, theirs=theirs)


def read_extract(
    names: Sequence[str], rows: Iterable[tuple[int, list[str]]]
) -> tuple[tuple[Facts, ...], tuple[Problem, ...]]:
    """Read an extract, with every wrong cell of every row (抽出ファイルの読取り)."""
    headings = [name.strip() for name in names]
    problems = [
        Problem(code="CSV_COLUMN_MISSING" if column not in headings else "CSV_COLUMN_TWICE",
                where="line 1", facts={"column": column})
        for column in COLUMNS if headings.count(column) != 1
    ]  # fmt: skip
    if "個人番号" in headings:
        problems.append(Problem(code="CSV_INDIVIDUAL_NUMBER_COLUMN", where="line 1"))
    if problems:
        return (), tuple(problems)
    found: dict[str, Facts] = {}
    for line, cells in rows:
        if len(cells) != len(headings):
            facts = {"cells": str(len(cells)), "expected": str(len(headings))}
            problems.append(Problem(code="CSV_RAGGED", where=f"line {line}", facts=facts))
            continue
        one = _facts(dict(zip(headings, cells, strict=True)), line, problems)
        if one is None:
            continue
        if one.code in found:
            problems.append(Problem(code="CS_CODE_TWICE", where=f"line {line}, 住民票コード"))
        found[one.code] = one
    return tuple(found.values()), tuple(problems)


def _facts(cells: Mapping[str, str], line: int, problems: list[Problem]) -> Facts | None:
    def where(column: str) -> str:
        return f"line {line}, {column}"

    before = len(problems)
    code, name = cells["住民票コード"].strip(), cells["氏名"].strip()
    if not is_valid_resident_code(code):
        # Not repeated: whatever stands there instead may be a 個人番号.
        problems.append(Problem(code="CS_CODE_UNREADABLE", where=where("住民票コード")))
    if not name:
        problems.append(
            Problem(code="CSV_BLANK", where=where("氏名"), facts={"column": "氏名"})
        )  # fmt: skip
    sex = _SEXES.get(cells["性別"].strip())
    if sex is None:
        facts = {"written": cells["性別"][:_SHOWN]}
        problems.append(Problem(code="CS_SEX_UNREADABLE", where=where("性別"), facts=facts))
    birth = parse_register_date(cells["生年月日"].strip(), where=where("生年月日"))
    moved_on = parse_day(cells["異動年月日"].strip(), where=where("異動年月日"))
    problems += [one for one in (birth, moved_on) if isinstance(one, Problem)]
    if len(problems) > before or sex is None:
        return None
    assert isinstance(birth, RegisterDate)
    assert isinstance(moved_on, date)
    return Facts(
        code=code, name=name, birth=birth.as_written, birth_sort=birth.sort_on, sex=sex,
        address=cells["住所"].strip(), moved_on=moved_on,
    )  # fmt: skip
