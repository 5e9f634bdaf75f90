"""A card's folder as the shape of a card (カードの中身): which files hold what.

Files and identifiers as in OpenSC's ``jpki.h`` and published readers. 券面事項確認 is left out:
no reader of ours asks it, and nobody's face is made up here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from madoguchi.bridge import jpki
from madoguchi.bridge.emulator.authority import tlv
from madoguchi.bridge.emulator.shape import Application, DataFile, KeyFile, PinFile, Shape

#: The answer to reset OpenSC's driver knows by heart; T=1 is spoken.
ATR = bytes.fromhex("3BE000FF8131FE4514")
TEXT_AID = bytes.fromhex("D3921000310001010408")  # 券面事項入力補助
RESIDENT_AID = bytes.fromhex("D3921000310001010401")  # 住基
COMMON_AID = bytes.fromhex("D3921000310001010100")

AUTH_PIN = PinFile(name="JPKI/0018", tries_max=3, size_min=4, size_max=4)
SIGN_PIN = PinFile(name="JPKI/001B", tries_max=5, size_min=6, size_max=16, digits_only=False)
TEXT_PIN = PinFile(name="TEXT/0011", tries_max=3, size_min=4, size_max=4)
# Ten tries, and which file each opens, are *assumed*.
NUMBER_A = PinFile(name="TEXT/0014", tries_max=10, size_min=12, size_max=12)
NUMBER_B = PinFile(name="TEXT/0015", tries_max=10, size_min=14, size_max=14)
RESIDENT_PIN = PinFile(name="RESIDENT/001C", tries_max=3, size_min=4, size_max=4)
PINS = (AUTH_PIN, SIGN_PIN, TEXT_PIN, NUMBER_A, NUMBER_B, RESIDENT_PIN)
FICTIONAL_START = "999"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What stands in the card's text files (券面の記載)."""

    name: str
    address: str
    birth: str  # YYYYMMDD
    sex: str  # 1 男, 2 女; anything else 9, *assumed*
    individual_no: str
    serial_no: str  # 製造番号


def read_shape(folder: Path) -> Shape:
    """Read the shape of the card in this folder (カードの読込み)."""
    told: dict[str, Any] = json.loads((folder / "card.json").read_text("utf-8"))
    printed = Printed(**told["printed"])
    assert printed.individual_no.startswith(FICTIONAL_START), "only fictional numbers"
    return Shape(
        atr=ATR,
        applications=(_jpki(folder), _text(printed), _resident(), _common(printed)),
    )


def _jpki(folder: Path) -> Application:
    files: dict[int, PinFile | DataFile | KeyFile] = {
        jpki.CERTIFICATE: DataFile(content=(folder / "auth.der").read_bytes()),
        0x000B: DataFile(content=(folder / "auth-ca.der").read_bytes()),
        0x0002: DataFile(content=(folder / "sign-ca.der").read_bytes()),
        0x0006: DataFile(content=b"JPKIAPICCTOKEN2".ljust(32)),
        jpki.KEY: KeyFile(numbers=_numbers(folder / "auth.key.der"), opened_by=AUTH_PIN.name),
        jpki.PIN: AUTH_PIN,
        0x001B: SIGN_PIN,
    }
    # Children have no signing certificate, yet the PIN file is asked for and must be there.
    if (folder / "sign.der").exists():
        files[0x0001] = DataFile(
            content=(folder / "sign.der").read_bytes(), opened_by=(SIGN_PIN.name,)
        )
        files[0x001A] = KeyFile(numbers=_numbers(folder / "sign.key.der"), opened_by=SIGN_PIN.name)
    return Application(aid=jpki.AID, files=files)


def _text(printed: Printed) -> Application:
    number = b"\x10\x01\x0c" + printed.individual_no.encode("ascii") + b"\x00\x00"
    items = [printed.name, printed.address, printed.birth, printed.sex]
    parts = [
        tlv(bytes((0xDF, 0x22 + place)), item.encode("utf-8")) for place, item in enumerate(items)
    ]
    # The table of offsets comes first; readers skip it. Its inside is *assumed*.
    offsets = b"".join(sum(map(len, parts[:place])).to_bytes(2) for place in range(len(parts)))
    four_items = tlv(b"\xff\x20", tlv(b"\xdf\x21", offsets) + b"".join(parts))
    return Application(
        aid=TEXT_AID,
        files={
            0x0001: DataFile(content=number, opened_by=(TEXT_PIN.name, NUMBER_A.name)),
            0x0002: DataFile(content=four_items, opened_by=(TEXT_PIN.name, NUMBER_B.name)),
            0x0011: TEXT_PIN,
            0x0014: NUMBER_A,
            0x0015: NUMBER_B,
        },
    )


def _resident() -> Application:
    """The 住基 application: only the 統合端末 knows more than its PIN."""
    return Application(aid=RESIDENT_AID, files={0x001C: RESIDENT_PIN})


def _common(printed: Printed) -> Application:
    # Two characters before the 製造番号; the tag and the two are *assumed*.
    record = tlv(b"\xc0", b"TE" + printed.serial_no.encode("ascii"))
    return Application(aid=COMMON_AID, files={}, records={(1, 1): record})


def _numbers(path: Path) -> rsa.RSAPrivateNumbers:
    key = serialization.load_der_private_key(path.read_bytes(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key.private_numbers()
