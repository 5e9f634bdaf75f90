"""Fictional cards for a list of fictional people (架空のカードの作成).

Makes two test authorities, one folder a card, the list for the town's import and the list of
revoked serials. Whoever was made 停止 or 失効 in the list is on that list.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from madoguchi.bridge.emulator import authority as ca
from madoguchi.bridge.emulator import profile
from madoguchi.bridge.emulator.guard import refuse_production
from madoguchi.bridge.emulator.memory import write_cells
from madoguchi.bridge.trouble import Trouble, problem
from madoguchi.kernel import wareki
from madoguchi.kernel.checkdigits import make_individual_number
from madoguchi.kernel.dates import parse_register_date
from madoguchi.kernel.outcome import Problem, Refused

PEOPLE_COLUMNS = ("宛名番号", "氏名", "生年月日", "性別", "住所")
STATE_COLUMN = "状態"  # optional; 有効 where it is missing
STATES = ("有効", "停止", "失効", "期限切れ")
CERTIFICATE_COLUMNS = (
    "宛名番号", "発行者", "シリアル番号", "種別", "有効開始日", "有効終了日", "登録日", "状態",
)  # fmt: skip
SAMPLE = "見本・架空のカード"
DEMO_PIN = "1234"
DEMO_SIGN_PASSWORD = "TEST1234"  # noqa: S105  stands on every fictional card
LIST_DAYS = 30
SIGNS_FROM_YEARS = 15
LIFE_BIRTHDAYS = 5
CARDS_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One line of the list of people (架空の人)."""

    person_id: str
    name: str
    birth: date
    sex: str
    address: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPins:
    """The PINs of fictional cards, shown beside them (見本の暗証番号)."""

    digits: str = DEMO_PIN
    sign: str = DEMO_SIGN_PASSWORD


def read_people(path: Path) -> list[Person]:
    """Read the list of people; every wrong line is told at once (架空の人の一覧)."""
    found: list[Problem] = []
    people: list[Person] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in PEOPLE_COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise Refused(problem(Trouble.PEOPLE_COLUMNS, "、".join(missing)))
        for number, row in enumerate(reader, start=2):
            born = parse_register_date(row["生年月日"])
            state = row.get(STATE_COLUMN) or STATES[0]
            if isinstance(born, Problem):
                found.append(problem(Trouble.PEOPLE_BIRTH, f"{number}行目"))
            elif state not in STATES:
                found.append(problem(Trouble.PEOPLE_STATE, f"{number}行目"))
            else:
                people.append(_person(row, born.sort_on, state))
    if len(people) > CARDS_MAX:
        found.append(problem(Trouble.PEOPLE_TOO_MANY, str(CARDS_MAX)))
    if found:
        raise Refused(found)
    return people


def _person(row: Mapping[str, str], birth: date, state: str) -> Person:
    return Person(
        person_id=row["宛名番号"],
        name=row["氏名"],
        birth=birth,
        sex=row["性別"],
        address=row["住所"],
        state=state,
    )


def make_cards(
    people: Sequence[Person], *, out: Path, now: datetime, pins: DemoPins | None = None
) -> int:
    """Make authorities, cards and lists in an empty folder; returns how many cards (作成)."""
    refuse_production(os.environ)
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        # Old cards beside a new authority would be refused later, by nobody's fault.
        raise Refused(problem(Trouble.FOLDER_NOT_EMPTY, out.name))
    as_of = now.date()
    authorities = {use: ca.found_authority(use, as_of=as_of) for use in ca.Use}
    for use, path in _authority_files(out).items():
        ca.keep_authority(authorities[use], certificate=path, key=path.with_suffix(".key.der"))
    rows: list[dict[str, str]] = []
    for number, person in enumerate(people, start=1):
        rows += _make_card(
            person,
            number=number,
            folder=out / "cards" / f"{number:03d}",
            authorities=authorities,
            as_of=as_of,
            pins=pins or DemoPins(),
        )
    with (out / "card_certificates.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, CERTIFICATE_COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    renew_list(out, now=now)
    return len(people)


def renew_list(out: Path, *, now: datetime, days: int = LIST_DAYS) -> int:
    """Sign ``crl.der`` anew from the states in the list of certificates (失効リストの更新)."""
    refuse_production(os.environ)
    path = _authority_files(out)[ca.Use.AUTHENTICATE]
    authority = ca.read_authority(
        ca.Use.AUTHENTICATE, certificate=path, key=path.with_suffix(".key.der")
    )
    with (out / "card_certificates.csv").open(encoding="utf-8-sig", newline="") as file:
        revoked = [
            int(row["シリアル番号"])
            for row in csv.DictReader(file)
            if row["種別"] == ca.Use.AUTHENTICATE and row["状態"] in ("停止", "失効")
        ]
    half = out / "crl.half"
    half.write_bytes(
        ca.write_list(authority, revoked=revoked, number=int(now.timestamp()), now=now, days=days)
    )
    half.replace(out / "crl.der")
    return len(revoked)


def _authority_files(out: Path) -> dict[ca.Use, Path]:
    return {ca.Use.AUTHENTICATE: out / "ca.pem", ca.Use.SIGN: out / "sign-ca.pem"}


def _make_card(
    person: Person,
    *,
    number: int,
    folder: Path,
    authorities: Mapping[ca.Use, ca.Authority],
    as_of: date,
    pins: DemoPins,
) -> list[dict[str, str]]:
    """Make one card's folder and its lines for the town's import."""
    folder.mkdir(parents=True)
    validity = _validity(person, as_of=as_of)
    uses = [ca.Use.AUTHENTICATE]
    if _birthday(person.birth, SIGNS_FROM_YEARS) <= as_of:
        uses.append(ca.Use.SIGN)
    for use, stem in ((ca.Use.AUTHENTICATE, "auth-ca"), (ca.Use.SIGN, "sign-ca")):
        (folder / f"{stem}.der").write_bytes(_der(authorities[use].certificate))
    rows = []
    for use in uses:
        key = ca.new_key()
        certificate = ca.issue(
            authorities[use],
            card_no=folder.name,
            key=key.public_key(),
            validity=validity,
            holder=ca.Holder(
                name=person.name,
                birth=person.birth,
                sex=_sex(person),
                address=person.address,
            ),
        )
        stem = "sign" if use is ca.Use.SIGN else "auth"
        (folder / f"{stem}.der").write_bytes(_der(certificate))
        (folder / f"{stem}.key.der").touch(mode=0o600)
        (folder / f"{stem}.key.der").write_bytes(ca.key_der(key))
        rows.append(_row(person, certificate, use, validity))
    _write_text(person, number=number, folder=folder, validity=validity, pins=pins)
    return rows


def _row(
    person: Person, certificate: x509.Certificate, use: ca.Use, validity: ca.Validity
) -> dict[str, str]:
    known = "有効" if person.state == "期限切れ" else person.state
    values = (
        person.person_id,
        certificate.issuer.rfc4514_string(),
        str(certificate.serial_number),
        use.value,
        validity.first.isoformat(),
        validity.last.isoformat(),
        validity.first.isoformat(),
        known,
    )
    return dict(zip(CERTIFICATE_COLUMNS, values, strict=True))


def _write_text(
    person: Person, *, number: int, folder: Path, validity: ca.Validity, pins: DemoPins
) -> None:
    """Write what is printed and remembered: card.json and the chip's memory."""
    printed = profile.Printed(
        name=person.name,
        address=person.address,
        birth=person.birth.strftime("%Y%m%d"),
        sex=_sex(person),
        individual_no=make_individual_number(f"{profile.FICTIONAL_START}{number:08d}"),
        serial_no=f"{number:013d}",
    )
    told = {
        "sample": SAMPLE,
        "card_no": folder.name,
        "label": person.name,
        "person_id": person.person_id,
        "state": person.state,
        "pins": {"利用者証明用": pins.digits, "署名用": pins.sign},
        "printed": asdict(printed),
    }
    (folder / "card.json").write_text(
        json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    era = wareki.of(person.birth)
    values = {
        profile.SIGN_PIN.name: pins.sign,
        profile.NUMBER_A.name: printed.individual_no,
        # 照合番号B: birth with the year of the era, year of expiry, security code.
        profile.NUMBER_B.name: f"{era.year if era else 0:02d}{person.birth:%m%d}"
        f"{validity.last.year}{number % 10000:04d}",
    }
    cells: dict[str, dict[str, str | int]] = {
        pin.name: {"value": values.get(pin.name, pins.digits), "left": pin.tries_max}
        for pin in profile.PINS
    }
    write_cells(folder / "memory.json", cells)


def _validity(person: Person, *, as_of: date) -> ca.Validity:
    """From a year ago, not before birth, to the day before the fifth birthday after."""
    years_ago = 7 if person.state == "期限切れ" else 1
    first = max(as_of - timedelta(days=365 * years_ago), min(person.birth, as_of))
    birthdays = LIFE_BIRTHDAYS + first.year - person.birth.year
    if _birthday(person.birth, first.year - person.birth.year) > first:
        birthdays -= 1
    return ca.Validity(first=first, last=_birthday(person.birth, birthdays))


def _birthday(birth: date, years: int) -> date:
    """The birthday after so many years; somebody of 29 February has it on 28 February."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return birth.replace(year=birth.year + years, day=28)


def _sex(person: Person) -> str:
    return {"男": "1", "女": "2"}.get(person.sex, "9")


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)
