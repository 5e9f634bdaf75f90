"""The town's files against the register's own reader: nothing to refuse, nothing to warn of."""

import csv

import pytest

from madoguchi.register.domain import csv as register_csv
from madoguchi.register.domain.relationship import Relationship, parse_relationship
from madoguchi.town.api import generate_town

FILES = {
    "register.csv": register_csv.COLUMNS,
    "events.csv": register_csv.COLUMNS + register_csv.VERSION_COLUMNS,
    "latest.csv": register_csv.LATEST_COLUMNS,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("town")
    generate_town(residents=1_200, seed=21, out=made)
    return made


@pytest.mark.parametrize("name", FILES)
def test_the_register_would_take_every_row(folder, name):
    with (folder / name).open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = register_csv.check_header(next(reader), known=FILES[name])
        assert isinstance(header, register_csv.Header), header
        assert None not in header.columns
        rows = 0
        for line, cells in enumerate(reader, start=2):
            row = register_csv.check_row(header, line=line, cells=cells)
            assert not row.problems and not row.warnings, (cells, row)
            rows += 1
    assert rows > 500


def test_every_relationship_is_of_the_grammar(folder):
    for name in ("register.csv", "events.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            written = {row["続柄"] for row in csv.DictReader(file)}
        assert len(written) > 8
        for text in written:
            assert isinstance(parse_relationship(text), Relationship), text
