"""One synthetic town and its list, as files for ourselves and for the peers (計測のデータ)."""

from __future__ import annotations

import csv
import io
import random
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.linkage.mistakes import Rates, stranger, write_list
from bench.linkage.people import Person, people, register_row
from madoguchi.addressees.domain.births import read_birth
from madoguchi.addressees.domain.cutting import Vocabulary, cut
from madoguchi.addressees.domain.places import read_address
from madoguchi.addressees.domain.spelling import kana_key, name_keys
from madoguchi.addressees.queries.gazetteer import gazetteer

COLUMNS = ("id", "name", "kana", "birth_date", "address")
PEER_COLUMNS = ("id", "whole", "surname", "given", "kana", "birth", "address", "place")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A register, a list, and whom each row of the list really is."""

    register: list[Person]
    rows: list[dict[str, str]]

    @property
    def truth(self) -> dict[str, str]:
        """Whom each row is; "" for somebody who is not in the register."""
        return {row["id"]: row["truth"] for row in self.rows}


def case(
    residents: int, *, seed: int, rates: Rates | None = None, listed: int | None = None
) -> Case:
    """Make a town and a list of as many rows, a tenth of them strangers."""
    rates = rates or Rates()
    register = people(residents, seed=seed)
    dice = random.Random(seed + 1_000)
    wanted = dice.sample(register, listed or residents)
    here = [person for person in wanted if dice.random() >= rates.absent]
    here.sort(key=lambda person: person.id)  # a household keeps together
    gone = [
        stranger(dice, person, number)
        for number, person in enumerate(dice.sample(register, len(wanted) - len(here)))
    ]
    return Case(register=register, rows=write_list(here, gone, seed=seed + 2_000, rates=rates))


def as_csv(rows: Iterable[Mapping[str, str]], columns: tuple[str, ...] = COLUMNS) -> bytes:
    """Write rows as a CSV file."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def register_csv(register: Iterable[Person]) -> bytes:
    """Write the register as a CSV file."""
    return as_csv(register_row(person) for person in register)


def raw_row(row: Mapping[str, str]) -> dict[str, str]:
    """A row for a peer as anybody would prepare it: NFKC, cut at the space, nothing else."""
    name, kana, birth, address = (
        unicodedata.normalize("NFKC", row[column]).strip() for column in COLUMNS[1:]
    )
    surname, _, given = name.partition(" ")
    return {
        "id": row["id"], "whole": name.replace(" ", ""), "surname": surname, "given": given.strip(),
        "kana": kana, "birth": birth, "address": address, "place": address,
    }  # fmt: skip


def normalised_rows(
    rows: Sequence[Mapping[str, str]], words: Vocabulary
) -> Iterator[dict[str, str]]:
    """Rows for a peer with our keys and cuts: the tool then shows its decisions, not its reading."""
    for row in rows:
        names, place = name_keys(row["name"]), read_address(row["address"], gazetteer())
        surname, given = names.surname, names.given
        if not surname:
            surname, given = cut(names.whole, words) or ("", names.whole)
        birth = read_birth(row["birth_date"]).on
        lot = "-".join(place.lot)
        yield {
            "id": row["id"], "whole": names.whole, "surname": surname, "given": given,
            "kana": kana_key(row["kana"]), "birth": birth.isoformat() if birth else "",
            "address": f"{place.town}{place.part}{lot}", "place": f"{place.town}{lot}",
        }  # fmt: skip


def write_peer_files(found: Case, folder: Path) -> dict[str, tuple[Path, Path]]:
    """Write both files for the peers, raw and normalised."""
    register = [register_row(one) for one in found.register]
    surnames = Counter(name_keys(row["name"]).surname for row in register)
    givens = Counter(name_keys(row["name"]).given for row in register)
    words = Vocabulary(surnames=surnames, givens=givens)
    prepared = {
        "raw": [[raw_row(row) for row in rows] for rows in (register, found.rows)],
        "normalised": [list(normalised_rows(rows, words)) for rows in (register, found.rows)],
    }
    files = {}
    for name, (ours, theirs) in prepared.items():
        paths = folder / f"{name}-register.csv", folder / f"{name}-list.csv"
        paths[0].write_bytes(as_csv(ours, PEER_COLUMNS))
        paths[1].write_bytes(as_csv(theirs, PEER_COLUMNS))
        files[name] = paths
    return files
