"""Everything in the product that reads what somebody else wrote, with good seeds to be shaken.

A reader answers, or refuses by an exception that its own docstring names; all else is a break.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from madoguchi.adapters.csterminal import script
from madoguchi.adapters.jpki.certificate import read_certificate
from madoguchi.adapters.printer import coding
from madoguchi.addressees.domain.births import read_birth
from madoguchi.addressees.domain.places import read_address
from madoguchi.advice.queries import rulebook as advice
from madoguchi.appointments.domain.numbers import parse_booking_no
from madoguchi.bridge.emulator.card import parse as parse_apdu
from madoguchi.bridge.proof import read_nonce
from madoguchi.bridge.tests.test_card_props import new_card
from madoguchi.cards.actions.lists import read_list
from madoguchi.cards.actions.reading import read_ledger
from madoguchi.cards.domain.boxes import read_box_no
from madoguchi.cards.domain.card import read_application_no, read_notice_no
from madoguchi.cards.domain.pin_sheets import read_label
from madoguchi.cards.domain.shelves import read_place
from madoguchi.certificates.documents import reading as papers
from madoguchi.certificates.documents import seals
from madoguchi.certificates.documents.content import Unreadable
from madoguchi.certificates.domain.move_out_code import PREFIX, gather, read_part
from madoguchi.certificates.domain.token import decode_token
from madoguchi.csops.documents.calendars import read_spans
from madoguchi.csops.documents.extract import open_extract
from madoguchi.csops.domain.windows import Stretch
from madoguchi.csops.domain.windows_case import PLAN_EXAMPLE as WINDOWS_EXAMPLE
from madoguchi.csops.queries.windows import read_plan_file
from madoguchi.dispatch.documents.redaction.taking import take_scan
from madoguchi.infra import sheets
from madoguchi.infra.backup import sealing
from madoguchi.insights.documents.desk_log import read_log_file
from madoguchi.insights.documents.tables import read_file
from madoguchi.insights.domain.twin.reading import EXAMPLE as TWIN_EXAMPLE
from madoguchi.insights.domain.twin.reading import read_scenario
from madoguchi.journeys.documents.files import open_log, rules_of
from madoguchi.journeys.domain.cjml import read_cjml
from madoguchi.journeys.domain.mapfile import read_map
from madoguchi.journeys.domain.releases import read_releases
from madoguchi.kernel.addresses import fold_address, split_address
from madoguchi.kernel.csvfile import open_lines
from madoguchi.kernel.dates import parse_day, parse_register_date
from madoguchi.kernel.daytimes import parse_clock
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.wareki import parse, parse_year
from madoguchi.moves.domain.case import TRIAGE_EXAMPLE
from madoguchi.moves.domain.draft import read_code
from madoguchi.moves.domain.filing import Arrival
from madoguchi.moves.domain.household import PLAN_EXAMPLE, read_household
from madoguchi.moves.domain.messages import claim_of, read_message
from madoguchi.moves.domain.notices import read_notice
from madoguchi.moves.domain.portal import read_portal
from madoguchi.moves.domain.sealing import open_message
from madoguchi.moves.domain.town_keys import read_town_keys
from madoguchi.moves.queries import rulebook as moves
from madoguchi.moves.queries.drafts import DraftKey, seal, unseal
from madoguchi.moves.tests import post
from madoguchi.register.domain.csv.blocks import check_block
from madoguchi.register.domain.csv.columns import KNOWN
from madoguchi.register.domain.csv.rows import Header, check_header
from madoguchi.register.domain.relationship import parse_relationship
from madoguchi.register.domain.search.question import read_days, read_question
from tests.fuzz.shaking import shaken, shaken_json

TODAY = date(2026, 11, 28)
NOW = datetime(2026, 11, 28, tzinfo=UTC)
WHOLE = Stretch(begins=datetime(2026, 1, 1), ends=datetime(2028, 1, 1))
LANES = {"FRONT": "窓口", "RESIDENT": "住民"}
KEY = bytes(range(32))
#: How a reader may say no, besides answering with a problem.
REFUSALS = (Refused, Unreadable, coding.UnreadableError, sealing.Damaged, InvalidTag)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaken:
    """One reader: what it reads, from which seeds, and its part of a million inputs."""

    read: Callable[[bytes], object]
    seeds: Callable[[], tuple[bytes, ...]]
    inputs: int
    is_json: bool = False

    def shaken(self, seeds: tuple[bytes, ...], number: int) -> bytes:
        """Return the input of this number; of two JSONs one stays a JSON."""
        if self.is_json and number % 2:
            return shaken_json(seeds, number)
        return shaken(seeds, number)


def _text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: read(data.decode("utf-8", "replace"))


def _all(*reads: Callable[[str], object]) -> Callable[[bytes], object]:
    def each(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        for read in reads:
            read(text)

    return each


def _json(read: Callable[[Any], object]) -> Callable[[bytes], object]:
    """A case file as the command line takes it: what is no JSON goes no further."""

    def given(data: bytes) -> object:
        try:
            raw = json.loads(data.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            return None
        return read(raw)

    return given


def _given(*texts: str) -> Callable[[], tuple[bytes, ...]]:
    return lambda: tuple(one.encode() for one in texts)


def _cases(*raw: object) -> Callable[[], tuple[bytes, ...]]:
    return lambda: tuple(json.dumps(one, ensure_ascii=False, indent=1).encode() for one in raw)


def _rows(data: bytes) -> object:
    lines = open_lines(io.BytesIO(data))
    return lines if isinstance(lines, Problem) else list(lines.rows())


def _register(data: bytes) -> object:
    rows = _rows(data)
    if not isinstance(rows, list) or not rows:
        return rows
    names = tuple(rows[0][1])
    if not isinstance(check_header(names, known=KNOWN["register"]), Header):
        return None
    return check_block(rows[1:], names, "register", ("line", "person_id", "name"))


def _message(data: bytes) -> object:
    claim_of(data)
    return read_message(data, us=post.US, known=_known(), now=post.NOW, is_signed=_is_signed)


_SEAL_KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))


def _envelope(data: bytes) -> object:
    """Open and read on, as what comes in is."""
    ours = _SEAL_KEY.public_key().public_bytes_raw()
    inside = open_message(
        data, us=post.US, our_key=ours,
        opens=lambda box, bound: seals.unseal(box, key=_SEAL_KEY, bound=bound),
    )  # fmt: skip
    return inside if isinstance(inside, tuple) else _message(inside)


def _enveloped() -> tuple[bytes, ...]:
    return (
        post.sealed(post.message()[1], key=_SEAL_KEY.public_key().public_bytes_raw()),
        post.sealed(b"{}", key=_SEAL_KEY.public_key().public_bytes_raw()),
    )


@cache
def _known() -> Any:
    row = {"code": post.TOWN, "name": "福岡県みどり市", "from": "2026-10-01", "source": "文書",
           "post": True, "public": post.KEY.public_key().public_bytes_raw().hex()}  # fmt: skip
    return read_town_keys({"key": [row]})


def _is_signed(data: bytes, signature: bytes, key: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _sealed(folder: Path) -> Shaken:
    path = folder / "sealed"

    def seeds() -> tuple[bytes, ...]:
        made = []
        for number in (1, 2):
            # Under the one name: it is sealed with it.
            with sealing.Sealer(path, key=KEY) as out:
                out.write(b"abc" * 200 * number)
            made.append(path.read_bytes())
        return tuple(made)

    def read(data: bytes) -> object:
        path.write_bytes(data)
        return b"".join(sealing.unsealed(path, key=KEY))

    return Shaken(read=read, seeds=seeds, inputs=20_000)


def _draft() -> Shaken:
    key = DraftKey(code="ABCD2345", draft_id="a" * 26, secret=KEY)
    return Shaken(
        read=lambda data: unseal(data, key), seeds=lambda: (seal({"a": "b"}, key),), inputs=20_000
    )


def _excel() -> tuple[bytes, ...]:
    rows = [
        ((["s", "交付通知書番号"], ["s", "氏名"], ["s", "生年月日"]), ()),
        ((["s", "12345678"], ["s", "海野　渚"], ["d", "1990-04-01"]), ()),
    ]
    csv = "交付通知書番号,氏名,生年月日\n12345678,海野　渚,H2.4.1\n"
    return sheets.write_sheet("管理簿", rows), csv.encode(), csv.encode("cp932")


@cache
def _pdf() -> tuple[bytes, ...]:
    import pikepdf

    made = pikepdf.new()
    made.add_blank_page(page_size=(595, 842))
    made.docinfo["/Keywords"] = "MDG1:ABC"
    plain, packed = io.BytesIO(), io.BytesIO()
    made.save(plain, compress_streams=False)
    made.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return plain.getvalue(), packed.getvalue()


@cache
def _pictures() -> tuple[bytes, ...]:
    from PIL import Image

    found = []
    for kind in ("PNG", "JPEG", "TIFF"):
        out = io.BytesIO()
        Image.new("L", (520, 520), 255).save(out, kind)
        found.append(out.getvalue())
    return (*found, *_pdf())


def _certificates() -> tuple[bytes, ...]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "せとうち町")])
    made = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key(),
                                serial_number=7, not_valid_before=datetime(2026, 1, 1),
                                not_valid_after=datetime(2027, 1, 1))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    return (made.public_bytes(Encoding.DER),)


_CARD = new_card()
_CALENDAR = """BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//JA\r\nBEGIN:VEVENT\r\nUID:1@x
DTSTAMP:20261101T000000Z\r\nDTSTART;TZID=Asia/Tokyo:20261201T090000\r\nDTEND;TZID=Asia/Tokyo:20261201T120000
RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=MO,TU\r\nEXDATE;TZID=Asia/Tokyo:20261208T090000\r\nSUMMARY:x\r\nEND:VEVENT
BEGIN:VEVENT\r\nUID:2@x\r\nDTSTART;VALUE=DATE:20261224\r\nDURATION:PT4H\r\nRECURRENCE-ID:20261201T000000Z
END:VEVENT\r\nEND:VCALENDAR\r\n"""
_XES = """<?xml version="1.0" encoding="UTF-8"?><log xmlns="http://www.xes-standard.org/"><trace>
<string key="concept:name" value="1"/><string key="madoguchi:area" value="YORO"/><event>
<string key="concept:name" value="受付"/><date key="time:timestamp" value="2026-04-01T09:00:00+09:00"/>
<string key="org:group" value="FRONT"/></event></trace></log>"""
_CJML = """<cjml><journey><name>転入</name><actors><actor><name>三人家族</name></actor></actors>
<touchpoint><name>窓口で聞く</name><receiver actor="FRONT"/><channel>窓口</channel></touchpoint></journey></cjml>"""
_REGISTER = """宛名番号,世帯番号,氏名,氏名_フリガナ,生年月日,性別,続柄,世帯主氏名,郵便番号,住所,方書,住民となった年月日,住民票コード,住民状態,支援措置
1,1,海野　渚,ウンノ　ナギサ,H2.4.1,女,世帯主,海野　渚,894-1592,鹿児島県せとうち町大字古仁屋1番地,,R1.5.1,12345678901,現住,
"""


def _calendars() -> tuple[bytes, ...]:
    return (_CALENDAR.replace("\r\n", "\n").replace("\n", "\r\n").encode(),)


def all_readers(folder: Path) -> dict[str, Shaken]:
    """Return every reader by its name; what a reader writes down lies in this folder."""
    rules = rules_of()
    notice = post.leaving()["notice"]
    token = "MDGJ1:" + "A" * 200
    return {
        "dates": Shaken(read=_all(parse, parse_year, parse_register_date, parse_day, parse_clock),
                        seeds=_given("令和8年11月23日", "R8.11.23", "昭64-1-7", "2026-11-23", "20261123",
                                     "令和元年", "昭和10年頃", "不詳", "明治45年7月30日", "9:30", "17時15分"),
                        inputs=250_000),
        "addresses": Shaken(read=_all(split_address, fold_address, read_address, read_birth),
                            seeds=_given("鹿児島県せとうち町大字古仁屋1番地2", "〒894-1592 せとうち町古仁屋十二丁目三-4",
                                         "東京都千代田区霞が関一丁目1番1号 合同ビル 101号室", "与路123"),
                            inputs=150_000),
        "search": Shaken(read=_all(read_question, read_days, parse_relationship),
                         seeds=_given("海野　渚 H2.4.1", "うんの なぎさ", "ｳﾝﾉ 1990", "古仁屋 12-3", "子の妻", "妻（未届）"),
                         inputs=80_000),
        "codes on papers": Shaken(read=_all(decode_token, read_part, lambda text: gather([text, text])),
                                  seeds=_given(token, PREFIX + "A" * 64, PREFIX + "AEBAGBAFAYDQQCIK" * 4),
                                  inputs=150_000),
        "numbers and labels": Shaken(
            read=_all(read_label, read_place, read_box_no, read_notice_no, read_application_no,
                      parse_booking_no, read_code, read_nonce),
            seeds=_given("A-12-3", "12345678", "2026-11-0001", "K7QF-2M9R", "A" * 43, "B1234567", "棚3-2"),
            inputs=100_000),
        "APDU": Shaken(read=lambda data: (parse_apdu(data), _CARD.answer(data)),
                       seeds=lambda: (bytes.fromhex("00A4040C0AD392F000260100000001"), bytes.fromhex("00A4020C020018"),
                                      bytes.fromhex("00200080"), bytes.fromhex("0020008004373339350"[:-1]),
                                      bytes.fromhex("00B0000000"), bytes.fromhex("802A00800401020304"), bytes(5)),
                       inputs=60_000),
        "IPP": Shaken(read=lambda data: coding.read(data, request_id=7),
                      seeds=lambda: (coding.question(coding.Operation.GET_PRINTER_ATTRIBUTES, request_id=7, about=()),),
                      inputs=50_000),
        "CSV": Shaken(read=_rows, seeds=lambda: (_REGISTER.encode(), _REGISTER.encode("cp932")), inputs=30_000),
        "register": Shaken(read=_register, seeds=_given(_REGISTER), inputs=10_000),
        "logs": Shaken(read=lambda data: open_log(io.BytesIO(data), rules=rules),
                       seeds=_given("case_id,activity,at,lane,area\n1,受付,2026-04-01T09:00,front,与路島\n", _XES),
                       inputs=20_000),
        "figures": Shaken(read=lambda data: read_file(io.BytesIO(data), source="表"),
                          seeds=_given("年度,稼働月数,交付全体,交付実績,月平均\n令和4年度,2,948,57,28.50\n",
                                       "年度,月,種類,方法,件数\nR7,4,住民票の写し,コンビニ,31\n"),
                          inputs=15_000),
        "desk log": Shaken(read=lambda data: read_log_file(io.BytesIO(data), opens_at=510),
                           seeds=_given("service,came_at,began_at,ended_at,terminal\ncertificate,2026-01-05T09:00,2026-01-05T09:03,2026-01-05T09:10,0\n"),
                           inputs=10_000),
        "CS extract": Shaken(read=lambda data: open_extract(io.BytesIO(data)),
                             seeds=_given("住民票コード,氏名,生年月日,性別,住所,異動年月日\n12345678901,海野　渚,H2.4.1,女,古仁屋1,R1.5.1\n"),
                             inputs=15_000),
        "portal": Shaken(read=lambda data: read_portal(data, now=post.NOW),
                         seeds=lambda: (post.portal_file(), post.portal_file(kind="MOVE_OUT")), inputs=20_000),
        "sealed messages of towns": Shaken(read=_envelope, seeds=_enveloped, inputs=20_000, is_json=True),
        "messages of towns": Shaken(read=_message, seeds=lambda: (post.message()[1],), inputs=30_000, is_json=True),
        "move notice": Shaken(read=_json(lambda raw: read_notice(raw, arrival=Arrival.SPECIAL)),
                              seeds=_cases(notice), inputs=15_000, is_json=True),
        "case of triage": Shaken(read=_json(lambda raw: moves.answer_triage(raw, today=TODAY)),
                                 seeds=_cases(dict(TRIAGE_EXAMPLE)), inputs=15_000, is_json=True),
        "case of plan": Shaken(read=_json(lambda raw: read_household(raw, today=TODAY)),
                               seeds=_cases(dict(PLAN_EXAMPLE)), inputs=15_000, is_json=True),
        "case of checklist": Shaken(read=_json(lambda raw: advice.answer_checklist(raw, today=TODAY)),
                                    seeds=_cases(dict(advice.CHECKLIST_EXAMPLE)), inputs=15_000, is_json=True),
        "case of deadlines": Shaken(read=_json(advice.answer_deadlines),
                                    seeds=_cases(dict(advice.DEADLINES_EXAMPLE)), inputs=15_000, is_json=True),
        "plan of windows": Shaken(read=read_plan_file, seeds=_cases(dict(WINDOWS_EXAMPLE)), inputs=15_000, is_json=True),
        "scenario": Shaken(read=_json(read_scenario), seeds=_cases(dict(TWIN_EXAMPLE)), inputs=15_000, is_json=True),
        "journey map": Shaken(read=_all(lambda text: read_map(text, lanes=LANES), read_releases),
                              seeds=_given('{"schema":"madoguchi.journey-map/1","title":"転入","persona":"","steps":[{"id":"s1","phase":"BEFORE",'
                                           '"lane":"FRONT","cells":{"doing":{"value":"聞く","evidence":"VOICED"}}}]}'),
                              inputs=15_000, is_json=True),
        "CJML": Shaken(read=_text(lambda text: read_cjml(text, lanes=LANES)), seeds=_given(_CJML), inputs=15_000),
        "iCalendar": Shaken(read=lambda data: read_spans(data, whole=WHOLE), seeds=_calendars, inputs=8_000),
        "Excel": Shaken(read=lambda data: (sheets.read_sheet(io.BytesIO(data)), read_list(io.BytesIO(data)),
                                           read_ledger(io.BytesIO(data))), seeds=_excel, inputs=6_000),
        "PDF": Shaken(read=papers.read_pdf, seeds=_pdf, inputs=12_000),
        "token in a PDF": Shaken(read=papers.read_token, seeds=_pdf, inputs=12_000),
        "scans": Shaken(read=take_scan, seeds=_pictures, inputs=6_000),
        "certificates of cards": Shaken(read=read_certificate, seeds=_certificates, inputs=20_000),
        "robot script": Shaken(read=_text(lambda text: script.parse_script(text, name="s")),
                               seeds=lambda: (Path(script.__file__).with_name("emulator.steps").read_bytes(),),
                               inputs=6_000),
        "sealed files": _sealed(folder),
        "sealed drafts": _draft(),
    }  # fmt: skip
