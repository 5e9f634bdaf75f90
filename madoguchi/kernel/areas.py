"""Which part of the town a postcode lies in (地区).

The table is *assumed*: the ranges were read off the postal list of 瀬戸内町, not published by
the town. A town whose parts change adds rows with dates; nothing is overwritten.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRow:
    """One range of postcodes and the area it lies in, from a day on (郵便番号と地区)."""

    area: str
    first_postcode: str
    last_postcode: str
    since: date
    until: date = date.max


_KNOWN_SINCE = date(1998, 2, 2)  # seven-digit postcodes began

AREAS: Sequence[AreaRow] = (
    AreaRow(area="MAIN", first_postcode="8941500", last_postcode="8941899", since=_KNOWN_SINCE),
    AreaRow(area="KAKEROMA", first_postcode="8942100", last_postcode="8942499", since=_KNOWN_SINCE),
    AreaRow(area="UKE", first_postcode="8942500", last_postcode="8942509", since=_KNOWN_SINCE),
    AreaRow(area="YORO", first_postcode="8942601", last_postcode="8942601", since=_KNOWN_SINCE),
)


def area_of(postcode: str, *, on: date, rows: Sequence[AreaRow] = AREAS) -> str | None:
    """Return the code of the area a postcode lay in on a day; None outside the town (地区)."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", postcode))
    if len(digits) != len("8941500"):
        return None
    for row in rows:
        if row.first_postcode <= digits <= row.last_postcode and row.since <= on <= row.until:
            return row.area
    return None
