"""Take a part of the town along: only who lives there, nobody who is held (持ち出しの封印)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from madoguchi.advice.api import age_on
from madoguchi.audit.api import record
from madoguchi.cards.api import away as cards
from madoguchi.certificates.api import away as certificates
from madoguchi.infra import clock
from madoguchi.journeys.api import away as surveys
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kit.actions.preparing import RELEASE_KIND, take_release, take_words
from madoguchi.kit.documents.bundle_file import new_key, new_word, seal_bundle
from madoguchi.kit.domain.trips import BroughtCard, BroughtCase, Bundle, Planned, Resident
from madoguchi.kit.models import Trip
from madoguchi.kit.queries.trips import KIT
from madoguchi.protection.api import Use, gate
from madoguchi.register.api import PersonRow, seen
from madoguchi.residence.api import away as checks

_NONCE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A kit that was sealed, and the word that opens it; the word is kept nowhere (封印の結果)."""

    trip_id: str
    word: str
    sha256: str
    residents: int
    cards: int
    cases: int
    numbers: int
    papers: int
    until: datetime


def seal(
    *, area: str, until: datetime, out: Path, officers: Sequence[Actor], actor: Actor,
    now: datetime, numbers: int = 0, release: str = "",
) -> Sealed:  # fmt: skip
    """Write the kit of an area for a trip of these officers. Run it in ``unit.run``.

    The gate is asked here, at the last moment, with the first officer's eyes and for what leaves
    the office: who is held does not come along, and nothing tells that somebody is missing.
    ``release`` names the trip for which two officers released some of them. ``numbers``: how many
    certificates can be given.
    """
    if not actor.may(KIT) or not officers or not all(one.may(KIT) for one in officers):
        raise Refused(Problem(code="NOT_ALLOWED"))
    words = take_words(officers, sealer=actor, now=now)
    trip_id, lead = release or new_id(), officers[0]
    people = seen.list_living_in(area, actor=lead, on=clock.day_of(now))
    homes = {key: one.household_no for key, one in people.items()}
    passed = take_release(release, area=area, lead=lead, here=people.keys(), now=now)
    answer = gate(list(people), actor=lead, use=Use.EXPORT, households=homes,
                  request_id=trip_id, kind=RELEASE_KIND, pass_id=passed.pass_id)  # fmt: skip
    if answer.failed:
        raise Refused(Problem(code="UNAVAILABLE"))
    taken = {key: people[key] for key in sorted(answer.open)}
    if not taken:
        raise Refused(Problem(code="KIT_NOBODY", where="area"))
    free = {key: homes[key] for key in taken if key not in passed.person_ids}
    papers = certificates.allot(trip_id=trip_id, people=free, numbers=numbers, until=until,
                                actor=lead, now=now) if numbers else {}  # fmt: skip
    bundle = Bundle(
        trip_id=trip_id, area=area, town=settings.MADOGUCHI_TOWN_NAME, officers=words,
        sealed_at=now, until=until, papers=papers, surveys=surveys.open_surveys(now=now),
        residents=_residents(taken, held=passed.person_ids, on=clock.day_of(now)),
        **_brought(list(taken), officers=officers),
    )  # fmt: skip
    key, word = new_key(), new_word()
    sha256 = seal_bundle(out, bundle, key=key, word=word)
    Trip.objects.create(
        trip_id=trip_id, area=area, officer_id=lead.staff_id, sealed_by=actor.staff_id,
        officer_ids=[one.staff_id for one in officers], sealed_at=now, until=until,
        file_sha256=sha256, wrapped_key=wrap_key(key, trip_id=trip_id), person_ids=list(taken),
        card_ids=[one.card_id for one in bundle.cards],
    )  # fmt: skip
    record(
        actor=actor, action="KIT_SEALED", subjects=list(taken),
        detail={"trip": trip_id, "area": area, "officers": [one.staff_id for one in officers],
                "until": until.isoformat(), "numbers": numbers,
                # Not every reader of the record may know that somebody of it is held.
                **({"closed": True} if passed.person_ids else {})},
    )  # fmt: skip
    return Sealed(
        trip_id=trip_id, word=word, sha256=sha256, residents=len(taken), cards=len(bundle.cards),
        cases=len(bundle.cases), numbers=numbers, papers=len(papers.get("papers", ())),
        until=until,
    )  # fmt: skip


def _residents(
    people: dict[str, PersonRow], *, held: frozenset[str], on: date
) -> tuple[Resident, ...]:
    return tuple(
        Resident(
            person_id=key, name=one.name, kana=one.name_kana, born=one.birth,
            address=" ".join(filter(None, (one.address, one.building))),
            household_no=one.household_no, held=key in held,
            age=None if one.birth_sort is None else age_on(on, one.birth_sort),
        )
        for key, one in people.items()
    )  # fmt: skip


def _brought(ids: list[str], *, officers: Sequence[Actor]) -> dict[str, Any]:
    """Return what comes along beside the people: only what every officer who goes may see."""
    lead, others = officers[0], officers[1:]
    ready = [{one.card_id for one in cards.cards_ready(ids, actor=each)} for each in others]
    open_to = [{one.case_id for one in checks.cases_of(ids, actor=each)} for each in others]
    return {
        "cards": tuple(
            BroughtCard(card_id=one.card_id, person_id=one.person_id, kind=one.kind.value,
                        notice_no=one.notice_no, shelf=one.shelf, version=one.version)
            for one in cards.cards_ready(ids, actor=lead)
            if all(one.card_id in some for some in ready)
        ),
        "cases": tuple(
            BroughtCase(case_id=one.case_id, called=one.called.name, people=tuple(one.people),
                        number=checks.number_of(one.case_id), visits=len(one.facts.visits))
            for one in checks.cases_of(ids, actor=lead)
            if all(one.case_id in some for some in open_to)
        ),
        "planned": tuple(
            Planned(application_id=one, person_id=person)
            for one, person in cards.planned_of(ids)
        ),
    }  # fmt: skip


def wrap_key(key: bytes, *, trip_id: str) -> bytes:
    """Wrap a kit's key by the server's secret (鍵の保管)."""
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(_secret(settings.SECRET_KEY)).encrypt(nonce, key, trip_id.encode())
    return nonce + sealed


def unwrap_key(wrapped: bytes, *, trip_id: str) -> bytes:
    """Return a kit's key, also under an earlier secret of the server (鍵の取出し)."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return AESGCM(_secret(secret)).decrypt(
                wrapped[:_NONCE], wrapped[_NONCE:], trip_id.encode()
            )
        except InvalidTag:
            continue
    raise Refused(Problem(code="KIT_KEY_LOST"))


def _secret(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"madoguchi kit").derive(
        secret.encode()
    )
