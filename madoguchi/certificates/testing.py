"""Residents on real tables, requests and fees for tests (試験用の交付)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db.models import F

from madoguchi.audit.api import record
from madoguchi.certificates.actions import self_service
from madoguchi.certificates.actions.drawing import Drawn, NotDrawn, draw
from madoguchi.certificates.actions.making import render_now
from madoguchi.certificates.documents import seals as seals  # noqa: PLC0414  tests here too
from madoguchi.certificates.documents.imprint import drawn_imprint
from madoguchi.certificates.documents.keys import ensure_demo_keys
from madoguchi.certificates.documents.move_out import sign_codes
from madoguchi.certificates.domain.asking import Applicant, Evidence
from madoguchi.certificates.domain.issue import DrawCommand, State
from madoguchi.certificates.domain.kinds import Channel, Kind, demo_fees
from madoguchi.certificates.domain.ledger_csv import AMOUNTS
from madoguchi.certificates.domain.move_out_code import pack
from madoguchi.certificates.models import FeeRule, SealRegistration, TaxAssessment
from madoguchi.certificates.models import Request as Request  # noqa: PLC0414  rooms above look at it
from madoguchi.certificates.models import Stop as Stop  # noqa: PLC0414
from madoguchi.certificates.queries.keys import paper_keys
from madoguchi.certificates.queries.town import town
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.checkdigits import make_addressee_no, make_household_no
from madoguchi.kernel.dates import RegisterDate, parse_register_date
from madoguchi.kernel.outcome import Refused
from madoguchi.protection.testing import CHIEF, CLERK
from madoguchi.register.api import filing, seen
from madoguchi.register.testing import (
    clerk,
    commands,
    keep,
    make_provisional,
    make_version,
    resident_code,
)


def fees() -> None:
    """Write the fee table where a test with real commits has emptied it (手数料表)."""
    if not FeeRule.objects.exists():
        FeeRule.objects.bulk_create(
            FeeRule(
                kind=fee.kind,
                channel=fee.channel,
                yen=fee.yen,
                valid_from=fee.valid_from,
                valid_until=fee.valid_until,
            )
            for fee in demo_fees(valid_from=date(2020, 4, 1))
        )


def command_for(person_id: str, **given: Any) -> DrawCommand:
    """Return the common request: the person, a driving licence, the household form (交付申請)."""
    values: dict[str, Any] = {
        "asked_person_id": person_id,
        "kind": Kind.RESIDENT_RECORD_HOUSEHOLD,
        "channel": Channel.DESK,
        "applicant": Applicant.SELF,
        "seen": frozenset({Evidence.DRIVING_LICENCE}),
        "asked_for": frozenset(),
    }
    return DrawCommand(**(values | given))


def ask(
    person_id: str, *, actor: Actor = CLERK, now: datetime | None = None, **given: Any
) -> Drawn | NotDrawn:
    """Press the button: draw in a unit of its own (作成)."""
    return unit.run(
        draw,
        actor=actor,
        command=command_for(person_id, **given),
        now=now or clock.now(),
        town=town(),
    )


def refused(person_id: str, *, actor: Actor = CLERK, **given: Any) -> tuple[str, ...]:
    """Press the button and return the codes of why not; () when a paper is being made."""
    try:
        found = ask(person_id, actor=actor, **given)
    except Refused as refusal:
        return tuple(one.code for one in refusal.problems)
    return () if isinstance(found, Drawn) else tuple(one.code for one in found.problems)


def make(request_id: str, *, actor: Actor = CLERK) -> State:
    """Do what the worker does with a drawn request (作成と照合)."""
    return render_now(request_id=request_id, actor=actor, keys=paper_keys())


def released(person_id: str, *, actor: Actor = CLERK, **given: Any) -> str:
    """Bring a request all the way to RELEASED and return its id (出力可)."""
    found = ask(person_id, actor=actor, **given)
    assert isinstance(found, Drawn), found
    assert make(found.request_id, actor=actor) is State.RELEASED
    return found.request_id


ADDRESS = "鹿児島県大島郡せとうち町大字古仁屋45番地6"
_BLANK = make_version("000000000000000")
_Sex, _Status, _Group, _Stay = (
    type(_BLANK.sex), type(_BLANK.status), type(_BLANK.nationality_group), type(_BLANK.stay_class)
)  # fmt: skip
_FAMILY: dict[str, Any] = {
    "honseki": "鹿児島県大島郡せとうち町大字阿木名6番地",
    "hittosha": "湊　大海",
}
_CHILD: dict[str, Any] = {**_FAMILY, "relationship": "子", "is_householder": False}
#: Key -> serial, household and what is special about them.
PEOPLE: dict[str, tuple[int, int, dict[str, Any]]] = {
    "aoi": (1, 1, {"name": "海野　葵", "name_kana": "ウミノ　アオイ", "kana_confirmed": True,
                   "address": ADDRESS, "building": "コーポ潮騒102号"}),
    "father": (2, 2, {"name": "湊　大海", "birth": "昭和63年7月20日", "sex": _Sex("MALE"), **_FAMILY}),
    "mother": (3, 2, {"name": "湊　渚", "birth": "平成2年2月3日", **_CHILD, "relationship": "妻"}),
    "eldest": (4, 2, {"name": "湊　帆", "birth": "平成27年9月9日", **_CHILD}),
    "middle": (5, 2, {"name": "湊　波", "birth": "平成30年5月5日", **_CHILD}),
    "baby": (6, 2, {"name": "湊　凪", "birth": "令和5年12月24日", **_CHILD}),
    "rin": (7, 3, {"name": "潮　凛", "birth": "平成4年10月8日"}),
    "haru": (8, 4, {"name": "潮　晴", "birth": "平成元年1月30日", "sex": _Sex("MALE")}),
    "ume": (9, 6, {"name": "磯　梅", "birth": "昭和6年2月11日", "status": _Status("DEAD"),
                   "removal_reason": "DEATH", "removed": "令和8年11月16日",
                   "removed_sort": date(2026, 11, 16)}),
    "daughter": (11, 6, {"name": "磯　桜", "birth": "昭和33年11月3日"}),
    "namesake": (10, 7, {"name": "海野　葵"}),
    "sora": (12, 5, {"name": "", "name_alphabet": "SORA MARIA DELA CRUZ SANTOS",
                     "nationality_group": _Group("FOREIGN"), "nationality": "フィリピン",
                     "stay_class": _Stay("MID_TO_LONG_TERM"), "residence_status": "介護",
                     "stay_until": "令和10年10月1日", "residence_card_no": "AB12345678CD",
                     "birth": "平成9年8月17日"}),
}  # fmt: skip


def settle() -> SimpleNamespace:
    """Put the named people on the tables and return their ids by key (名前のある人たち)."""
    rows = {
        key: make_version(
            make_addressee_no(serial),
            household_no=make_household_no(household),
            **{"resident_code": resident_code(serial), **born(special), **special},
        )
        for key, (serial, household, special) in PEOPLE.items()
    }
    keep(*rows.values())
    fees()
    return SimpleNamespace(**{key: row.person_id for key, row in rows.items()})


def born(special: dict[str, Any]) -> dict[str, Any]:
    """Return the day to sort a written birth date by, as an import would (生年月日)."""
    found = parse_register_date(special["birth"]) if "birth" in special else None
    return {"birth_sort": found.sort_on} if isinstance(found, RegisterDate) else {}


FILER = clerk()


def move(person_id: str, *, address: str = ADDRESS, building: str = "", by: Actor = FILER) -> None:
    """File a real move of one person into a household of their own (転居)."""
    unit.run(
        filing.file_change,
        actor=by,
        command=commands.ChangeAddress(
            filing=commands.Filing(effective=clock.today().isoformat(), filed_on=clock.today()),
            person_ids=(person_id,),
            postcode="894-1508",
            address=address,
            building=building,
            standings={person_id: commands.Standing(relationship="世帯主", is_householder=True)},
        ),
    )


#: A kiosk's account: it may ask for certificates and nothing else.
MACHINE = Actor(
    staff_id="kiosk-k1",
    name="キオスク1",
    rights=frozenset({Right.ISSUE_CERTIFICATE}),
    place="町民ホール",
    terminal="K1",
    purpose="キオスクでの交付",
)


def offered(person_id: str, *, channel: str = "KIOSK", **given: Any) -> self_service.Offer:
    """Ask what a machine offers this person now (交付の案内)."""
    return unit.run(
        self_service.offer, actor=MACHINE, person_id=person_id, channel=channel,
        today=clock.today(), **given,
    )  # fmt: skip


def choose(
    person_id: str, *, kind: str = "resident_record_household", **given: Any
) -> Drawn | NotDrawn:
    """Choose at a machine, in a unit of its own (機械での申請)."""
    values: dict[str, Any] = {
        "part": "SELF", "chosen_ids": (), "items": (), "year": "", "copies": 1,
        "channel": "KIOSK", "now": clock.now(),
    }  # fmt: skip
    return unit.run(
        self_service.draw, actor=MACHINE, person_id=person_id, kind=kind, **(values | given)
    )


def register_seal(person_id: str, **given: Any) -> SealRegistration:
    """Register a seal of this person under the present name (印鑑登録)."""
    found = seen.find_person(person_id, actor=CHIEF)
    assert found is not None
    name = found.name
    values: dict[str, Any] = {
        "registration_no": f"S{person_id}", "person_id": person_id, "registered_name": name,
        "registered_on": date(2020, 5, 1), "state": "REGISTERED",
        "imprint": drawn_imprint(name), "changed_at": clock.now(),
    }  # fmt: skip
    return SealRegistration.objects.create(**(values | given))


def strike_seal(person_id: str) -> None:
    """Strike the seal of this person, as an import would (印鑑登録の廃止)."""
    SealRegistration.objects.filter(person_id=person_id).update(
        state="STRUCK", ended_on=clock.today(), version=F("version") + 1
    )


def assess(person_id: str, *, year: int = 2026, **given: Any) -> TaxAssessment:
    """Assess this person for a year (課税)."""
    values: dict[str, Any] = {
        **dict.fromkeys(AMOUNTS, 0), "income_yen": 1_234_000, "total_yen": 5_500,
        "person_id": person_id, "fiscal_year": year, "category": "均等割のみ",
        "changed_at": clock.now(),
    }  # fmt: skip
    return TaxAssessment.objects.create(**(values | given))


def shared_keys(folder: Path) -> Path:
    """Return one set of demo keys for all tests of a run, made on first use (鍵)."""
    keys = folder.parent.parent / "certificates-keys"
    ensure_demo_keys(keys, production=False, at=clock.now())
    return keys


def codes_of(
    notice: dict[str, Any], *, key: Ed25519PrivateKey, town_code: str, issued_on: date
) -> tuple[str, ...]:
    """Return the codes on another town's 転出証明書, signed with its key (符号)."""
    return sign_codes(pack(notice), key=key, town_code=town_code, issued_on=issued_on)


def record_something() -> None:
    """Write one audit entry, so that a unit of a test may commit (記録)."""
    record(actor=CLERK, action="TEST", subjects=())


def wait_for_approval(person_id: str) -> None:
    """Let a change of this person wait for its approval (仮登録)."""
    make_provisional(person_id)


def with_rights(actor: Actor, *more: Right) -> Actor:
    """Return the same actor with more rights (権限を足した操作者)."""
    return replace(actor, rights=actor.rights | set(more))
