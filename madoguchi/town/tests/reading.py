"""Reading a made town back: rows as mappings, versions in order."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from madoguchi.kernel.areas import area_of

LIVING = ("現住", "転出予定")
AREA_OF_CODE = {"MAIN": "本島", "KAKEROMA": "加計呂麻島", "UKE": "請島", "YORO": "与路島"}


def area_of_row(row):
    return AREA_OF_CODE[area_of(row["郵便番号"], on=date(2026, 11, 23))]


def rows_of(path: Path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass
class Files:
    folder: Path
    as_of: str

    @cached_property
    def register(self):
        return rows_of(self.folder / "register.csv")

    @cached_property
    def events(self):
        return rows_of(self.folder / "events.csv")

    @cached_property
    def latest(self):
        return {row["宛名番号"]: row for row in rows_of(self.folder / "latest.csv")}

    @cached_property
    def people(self):
        return {row["宛名番号"]: row for row in self.register}

    @cached_property
    def households(self):
        found = defaultdict(list)
        for row in self.register:
            found[row["世帯番号"]].append(row)
        return dict(found)

    @cached_property
    def versions(self):
        """All versions of each person in order, the register's own row last."""
        found = defaultdict(list)
        for row in self.events:
            found[row["宛名番号"]].append(row)
        for row in self.register:
            number = row["宛名番号"]
            found[number].append({**row, **self.latest[number]})
        return dict(found)

    def living(self):
        return [row for row in self.register if row["住民状態"] in LIVING]
