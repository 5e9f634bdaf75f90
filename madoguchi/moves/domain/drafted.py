"""What a draft becomes at the desk: a case with the origin of each field (下書きから受付へ).

Beside the old town's data the draft gives way: what it says otherwise is shown next to it, and
what the old town did not tell is taken from it. Which of both is right is the clerk's to ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from madoguchi.kernel.dates import (
    RegisterDate,
    from_day,
    parse_day,
    parse_register_date,
    show_western,
)
from madoguchi.kernel.names import fold_kana, fold_kanji
from madoguchi.kernel.wareki import format_short
from madoguchi.moves.domain.case import Card, Case, Group, Pin
from madoguchi.moves.domain.draft import Answers, cards_of
from madoguchi.moves.domain.filing import Arrival, Evidence, Notifier, Said
from madoguchi.moves.domain.household import Household, Insurance, MoveKind, Pension, Person
from madoguchi.moves.domain.notices import FOREIGN_ITEMS, PERSON_ITEMS, Expectation, Expected

ONCE = ("moved_on", "postcode", "address", "building", "previous_address", "last_registered")
_RELATIONSHIPS = {
    "head": "世帯主", "wife": "妻", "husband": "夫", "child": "子", "father": "父", "mother": "母",
}  # fmt: skip
_SEXES = ("FEMALE", "MALE")


def expectation_of(told: Answers, *, drafted_on: date) -> Expectation:
    """Return the case that a whole draft opens (下書きからの受付)."""
    planned = told.get("planned_out_on", "")
    return Expectation(
        arrival=_arrival(told), kind=MoveKind(told["kind"]), drafted_on=drafted_on,
        planned_out_on=date.fromisoformat(planned) if planned else None,
        notifier=Notifier(told["notifier"].upper()).value,
        once={
            name: _said(_in_words(name, told[name]), drafted_on)
            for name in ONCE if told.get(name)
        },
        people=tuple(_expected(no, told, drafted_on) for no in _numbers(told)),
    )  # fmt: skip


def household_of_draft(told: Answers, *, today: date) -> Household:
    """Return whom a whole draft is about, to say what to bring (下書きの世帯)."""
    kind = MoveKind(told["kind"])
    moved_out = told.get("moved_out", "")
    planned = told.get("planned_out_on", "")
    cards = [_card(one) for one in cards_of(told)]
    case = Case(
        today=today,
        move_out_notice_found=moved_out == "online", paper_certificate=moved_out == "paper",
        card=Card.LOST if Card.LOST in cards else Card.PRESENT if Card.PRESENT in cards
        else Card.NONE,
        pin=Pin(told.get("pin", Pin.KNOWN)),
        moved_in_on=date.fromisoformat(told["moved_on"]),
        planned_move_out_on=date.fromisoformat(planned) if planned else None,
        from_abroad=told.get("came_from") == "abroad",
        unregistered=told.get("came_from") == "nowhere",
    )  # fmt: skip
    persons = tuple(_person(no, told) for no in _numbers(told))
    return Household(kind=kind, case=case, persons=persons)


def with_notice(notice: Expectation, draft: Expectation) -> Expectation:
    """Return the old town's data with what the family drafted beside it (突き合わせ)."""
    waiting = list(draft.people)
    people = []
    for one in notice.people:
        same = next((other for other in waiting if is_same(one, other)), None)
        if same is not None:
            waiting.remove(same)
            people.append(_joined(one, same))
        else:
            people.append(one)
    # Drafted, and the old town told nobody of that name: shown as somebody to ask about.
    for at, one in enumerate(waiting, start=len(people) + 1):
        people.append(replace(one, no=str(at)))
    return replace(
        draft, arrival=notice.arrival, old_town=notice.old_town,
        planned_out_on=notice.planned_out_on or draft.planned_out_on,
        once={**draft.once, **notice.once},
        people=tuple(people),
    )  # fmt: skip


def is_same(one: Expected, other: Expected) -> bool:
    """Tell whether both speak of one person: born on one day, named or read alike (同じ人)."""
    named = any(
        _alike(name, one.items[name].value, other.items[name].value)
        for name in ("name", "name_kana")
        if name in one.items and name in other.items
    )
    born = [_day(each.items["birth"].value) for each in (one, other) if "birth" in each.items]
    return named and len(born) == 2 and born[0] is not None and born[0] == born[1]


def _joined(one: Expected, drafted: Expected) -> Expected:
    added = {name: said for name, said in drafted.items.items() if name not in one.items}
    otherwise = {
        name: said.value
        for name, said in drafted.items.items()
        if name in one.items and not _alike(name, one.items[name].value, said.value)
    }
    card = drafted.card if drafted.card is not Card.NONE else one.card
    return replace(
        one, items={**one.items, **added}, drafted=otherwise, facts=drafted.facts, card=card
    )


def _alike(name: str, one: str, other: str) -> bool:
    """Compare as a clerk would: another shape of a letter or of a day is no difference."""
    if name == "birth":
        return _day(one) is not None and _day(one) == _day(other)
    fold = fold_kana if name == "name_kana" else fold_kanji
    return fold(one) == fold(other)


def _day(text: str) -> date | None:
    found = parse_register_date(text)
    return found.exact_on if isinstance(found, RegisterDate) else None


def _arrival(told: Answers) -> Arrival:
    came = {"abroad": Arrival.ABROAD, "nowhere": Arrival.UNREGISTERED}
    found = came.get(told.get("came_from", ""))
    if found is not None:
        return found
    special = told.get("moved_out") != "paper" and "present" in cards_of(told)
    return Arrival.SPECIAL if special else Arrival.PAPER


def _expected(no: str, told: Answers, drafted_on: date) -> Expected:
    values = {name: value for name, value in _items(no, told) if value}
    return Expected(
        no=no, items={name: _said(value, drafted_on) for name, value in values.items()},
        card=_card(told.get(f"{no}_card", "none")),
        facts=tuple(told.get(f"{no}_facts", "").split()),
    )  # fmt: skip


def _items(no: str, told: Answers) -> Iterator[tuple[str, str]]:
    group = told.get(f"{no}_group", "")
    for name in (*PERSON_ITEMS, *FOREIGN_ITEMS):
        value = told.get(f"{no}_{name}", "")
        match name:
            case "birth":
                day = date.fromisoformat(value)
                foreign = group == "FOREIGN"
                yield name, show_western(from_day(day)) if foreign else from_day(day).as_written
            case "sex":
                yield name, value if value in _SEXES else ""
            case "relationship":
                yield name, _RELATIONSHIPS.get(value, "")
            case _:
                yield name, value
    yield "nationality_group", group


def _in_words(name: str, value: str) -> str:
    if name != "moved_on":
        return value
    day = parse_day(value)
    return format_short(day) if isinstance(day, date) else value


def _said(value: str, on: date) -> Said:
    return Said(value=value, evidence=Evidence.DRAFTED, told_on=on)


def _card(text: str) -> Card:
    return Card(text) if text in set(Card) else Card.NONE


def _numbers(told: Mapping[str, str]) -> list[str]:
    return [str(no) for no in range(1, int(told["people"]) + 1)]


def _person(no: str, told: Answers) -> Person:
    facts = set(told.get(f"{no}_facts", "").split())
    flags = ("care_certified", "pregnant", "disability", "wants_nursery", "wants_seal")
    return Person(
        no=no, born_on=date.fromisoformat(told[f"{no}_birth"]),
        group=Group.FOREIGN if told.get(f"{no}_group") == "FOREIGN" else Group.JAPANESE,
        insurance=Insurance.NATIONAL if "insurance" in facts else Insurance.EMPLOYER,
        pension=Pension.NATIONAL if "pension" in facts else Pension.OTHER,
        card=_card(told.get(f"{no}_card", "none")), pin=Pin(told.get("pin", Pin.KNOWN)),
        **{name: True for name in flags if name in facts},
    )  # fmt: skip
