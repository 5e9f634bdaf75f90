"""The posting slip, and the letter that goes with a parcel (差出票・送付状)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from madoguchi.dispatch.documents.typesetting import typeset
from madoguchi.dispatch.domain.sender import Office
from madoguchi.kernel.wareki import format_long


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipLine:
    """One line of a posting slip (差出票の行)."""

    name: str
    receipt: str
    about: str


def draw_slip(
    lines: Sequence[SlipLine], *, slip_no: str, on: date, office: Office, mail_class: str
) -> bytes:
    """Draw a posting slip; its form is *assumed* and stands in one template (差出票の作成)."""
    return typeset(
        "slip.typ",
        {
            "title": f"差出票 {slip_no}",
            "heading": "郵便物差出票",
            "no": slip_no,
            "date": format_long(on),
            "office": _sender(office),
            "mail_class": mail_class,
            "rows": [
                {"name": one.name, "receipt": one.receipt, "about": one.about} for one in lines
            ],
            "note": "転送不要の表示を、封筒の表に押してください。",
        },
    )


def draw_transmittal(
    enclosed: Sequence[str],
    *,
    parcel_no: str,
    other_town: str,
    about_no: str,
    tracking_no: str,
    on: date,
    office: Office,
) -> bytes:
    """Draw the letter that goes with a sealed parcel; it names no resident (送付状の作成)."""
    return typeset(
        "transmittal.typ",
        {
            "title": f"送付状 {parcel_no}",
            "no": parcel_no,
            "date": format_long(on),
            "other_town": other_town,
            "office": _sender(office),
            "lead": "個人番号カードの特急発行のため、次のとおり書留速達で送ります。",
            "rows": list(enclosed),
            "words": [
                "暗証番号の封筒は、封のまま受け取り、使うときまで開けないでください。",
                "封が開いていたときは、使わずに返送し、電話でお知らせください。",
                "使い終わった紙は、立会いのもとで廃棄し、この送付状の写しで知らせてください。",
            ],
            "tracking": tracking_no,
            "about": about_no,
        },
    )


def _sender(office: Office) -> dict[str, str]:
    return {
        "town": office.town,
        "section": office.section,
        "address": f"〒{office.postcode} {office.address}",
        "phone": office.phone,
    }
