"""A town with and without its held people; everything else is the same in both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from madoguchi.accounts import testing as staff
from madoguchi.certificates import testing as papers
from madoguchi.certificates.actions.drawing import Drawn
from madoguchi.certificates.actions.posting import draw_letter, receive_letter
from madoguchi.certificates.domain.asking import Applicant, Evidence
from madoguchi.certificates.domain.issue import State
from madoguchi.certificates.domain.kinds import Kind
from madoguchi.certificates.domain.letters import LetterCommand, Part
from madoguchi.certificates.queries.town import town
from madoguchi.infra import clock, unit
from madoguchi.infra.office import is_office_day
from madoguchi.kernel.checkdigits import make_addressee_no, make_household_no
from madoguchi.protection.domain.measures import MeasureState
from madoguchi.protection.testing import protect, unlock
from madoguchi.register.actions.searching import refresh_search_keys
from madoguchi.register.testing import keep, make_provisional, make_version, resident_code

#: More people of one surname than one page of results holds; the held one would sort first.
CROWD = 50
HARBOUR = "鹿児島県大島郡せとうち町大字潮見7番地1"
RIN_CODE = resident_code(7)


def person_of(serial: int) -> str:
    """Return a 宛名番号."""
    return make_addressee_no(serial)


def household_of(serial: int) -> str:
    """Return a 世帯番号 that is nobody's 宛名番号."""
    return make_household_no(5_000 + serial)


_MORE: dict[str, tuple[int, int, dict[str, Any]]] = {
    "rin": (7, 3, {"name": "潮　凛", "name_kana": "シオ　リン", "birth": "平成4年10月8日",
                   "birth_sort": date(1992, 10, 8), "address": HARBOUR, "building": "潮見荘3号"}),
    # Born the same day and living next door: found by what finds Rin.
    "next_door": (30, 30, {"name": "潮　灯", "name_kana": "シオ　アカリ", "birth": "平成4年10月8日",
                           "birth_sort": date(1992, 10, 8), "address": HARBOUR}),
    "gone": (31, 31, {"name": "渡　鳥子", "name_kana": "ワタリ　トリコ", "birth": "昭和50年6月1日",
                      "birth_sort": date(1975, 6, 1),
                      "status": papers._Status("MOVED_OUT"), "removal_reason": "MOVE_OUT_DOMESTIC",
                      "removed": "令和8年4月1日", "removed_sort": date(2026, 4, 1),
                      "move_out_to": "兵庫県神戸市中央区加納町6丁目5番1号"}),
    "head": (32, 32, {"name": "沖　汐", "name_kana": "オキ　シオ"}),
    "child": (33, 32, {"name": "沖　岬", "name_kana": "オキ　ミサキ", "relationship": "子",
                       "is_householder": False}),
    "first": (40, 40, {"name": "浜田　一", "name_kana": "ハマダ　アア"}),
}  # fmt: skip
HELD = ("rin", "baby", "gone", "head", "first")


def _crowd() -> dict[str, tuple[int, int, dict[str, Any]]]:
    return {
        f"crowd{n}": (100 + n, 100 + n, {"name": f"浜田　{chr(0x4E10 + n)}", "name_kana": "ハマダ　イイ"})
        for n in range(CROWD)
    }  # fmt: skip


PEOPLE = papers.PEOPLE | _MORE | _crowd()
IDS = SimpleNamespace(**{key: person_of(serial) for key, (serial, _, _) in PEOPLE.items()})


def build(*, held: bool) -> SimpleNamespace:
    """Settle the town; with ``held`` also its held people and all that was done for them."""
    settle(*(key for key in PEOPLE if held or key not in HELD))
    for member in (staff.kaede(), staff.nagi(), staff.kai(), staff.sango()):
        staff.with_second_factor(member)
    return _errands() if held else SimpleNamespace(requests=["a" * 26] * 4, letters=["a" * 26] * 2)


def settle(*keys: str) -> None:
    """Put these people on the tables, to be found and to be given papers."""
    keep(*(_row(key) for key in keys))
    refresh_search_keys([getattr(IDS, key) for key in keys])
    papers.fees()


def _row(key: str) -> Any:
    serial, household, special = PEOPLE[key]
    values = {"resident_code": resident_code(serial), **papers.born(special), **special}
    return make_version(person_of(serial), household_no=household_of(household), **values)


def senior() -> Any:
    """Return Nagi at the other terminal: 発行番号 runs by terminal, without gaps."""
    return replace(staff.actor_for(staff.nagi()), terminal="02")


def _errands() -> SimpleNamespace:
    """Everything a senior does for held people that a clerk's lists could betray."""
    nagi, kai = senior(), staff.actor_for(staff.kai())
    for key, state in zip(HELD, [MeasureState.FULL, *[MeasureState.ACCEPTED] * 4], strict=True):
        protect(getattr(IDS, key), by=nagi, state=state)
    waits = _ask(IDS.rin, nagi)
    done = _ask(IDS.rin, nagi, kind=Kind.RESIDENT_RECORD_INDIVIDUAL)
    unlock(done, kind=Kind.RESIDENT_RECORD_INDIVIDUAL, person_ids=[IDS.rin], by=nagi, second=kai)
    again = papers.ask(
        IDS.rin, actor=nagi, kind=Kind.RESIDENT_RECORD_INDIVIDUAL, request_id=done,
        applicant=Applicant.SELF,
    )  # fmt: skip
    assert isinstance(again, Drawn), again
    mate = _ask(IDS.father, nagi)
    first, second = (letter(nagi, about) for about in ("潮　凛", "渡　鳥子"))
    drawn = unit.run(
        draw_letter, letter_id=first, person_id=IDS.rin, actor=nagi, now=clock.now(), town=town()
    )
    assert drawn.state is State.LOCKED
    unit.run(
        draw_letter, letter_id=second, person_id=IDS.gone, actor=nagi, now=clock.now(),
        town=town(),
    )  # fmt: skip
    make_provisional(IDS.first)
    return SimpleNamespace(requests=[waits, done, mate, drawn.request_id], letters=[first, second])


def _ask(person_id: str, actor: Any, **given: Any) -> str:
    found = papers.ask(person_id, actor=actor, **given)
    assert found.state is State.LOCKED, found
    return found.request_id


def letter(actor: Any, about: str) -> str:
    given = LetterCommand(
        arrived_on=clock.today(), applicant=Applicant.SELF, about=about,
        kind=Kind.RESIDENT_RECORD_INDIVIDUAL, asked_for=frozenset(), copies=1,
        seen=frozenset({Evidence.DRIVING_LICENCE}),
        enclosed=frozenset({Part.FORM, Part.ENVELOPE}), enclosed_yen=300,
    )  # fmt: skip
    return unit.run(
        receive_letter, actor=actor, given=given, now=clock.now(), is_office_day=is_office_day
    )
