"""Holder, issuer's name and cells: rules without a table."""

from datetime import date, timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from madoguchi.cards.domain.certificates import ISSUER_LENGTH_MAX, Holder, fold_issuer
from madoguchi.cards.domain.csv import COLUMNS, check_header, check_row
from madoguchi.web import messages

#: A busy machine is no finding.
_BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
_VALUES = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\x00"),
    min_size=1,
    max_size=20,
)
_PARTS = st.sampled_from(
    [NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME]
)


@_BUSY
@given(DAYS, DAYS, DAYS, st.booleans())
def test_a_certificate_counts_on_its_days_unless_it_is_stopped(begins, ends, day, stopped):
    holder = Holder(
        person_id="1", registered_on=begins, valid_from=begins, valid_until=ends, stopped=stopped
    )
    assert holder.counts_on(day) == (not stopped and begins <= day <= ends)


@_BUSY
@given(st.lists(st.tuples(_PARTS, _VALUES), min_size=1, max_size=4))
def test_the_name_in_a_certificate_and_the_same_name_in_a_file_are_one(parts):
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])
    text = name.rfc4514_string()
    assume(len(text) <= ISSUER_LENGTH_MAX)
    assert fold_issuer(text) in (text, None)
    assert fold_issuer(text) is not None or _is_odd(parts)


def _is_odd(parts):
    """Values RFC 4514 writes in a way the library itself does not read back."""
    for oid, value in parts:
        name = x509.Name([x509.NameAttribute(oid, value)])
        try:
            if x509.Name.from_rfc4514_string(name.rfc4514_string()) != name:
                return True
        except ValueError:
            return True
    return False


@pytest.mark.parametrize(
    "text", ["", "だれか", "CN=", "=x", "CN", "C=JPN", "x" * 5_000, "CN=a\x00"]
)
def test_what_is_no_name_is_none(text):
    assert fold_issuer(text) is None


@_BUSY
@given(st.dictionaries(st.sampled_from(list(COLUMNS)), st.text(max_size=60)))
def test_no_cell_breaks_the_reader_and_every_problem_has_words(cells):
    names = tuple(COLUMNS)
    row = check_row(names, line=2, cells=[cells.get(name, "") for name in names], today=date.max)
    messages.render_all((*row.problems, *row.warnings))
    assert {"line 2, " + name for name in names if not cells.get(name, "").strip()} <= {
        one.where for one in row.problems
    }


@pytest.mark.parametrize("serial", ["0", "-1", "1.5", "1e5", "A1B2", "１２", "9" * 49, "1" * 50])
def test_serial_numbers_that_are_none(serial):
    names = tuple(COLUMNS)
    cells = ["" if name != "シリアル番号" else serial for name in names]
    row = check_row(names, line=2, cells=cells, today=date.max)
    assert "CARDS_SERIAL_UNREADABLE" in {one.code for one in row.problems}


def test_names_of_columns_may_be_wide_and_the_order_free():
    wide = [name.translate(str.maketrans("", "")) for name in reversed(list(COLUMNS))]
    assert check_header(wide) == tuple(wide)


def test_the_day_before_and_after(day=date(2026, 4, 1)):
    holder = Holder(
        person_id="1", registered_on=day, valid_from=day, valid_until=day, stopped=False
    )
    assert [holder.counts_on(day + timedelta(days=n)) for n in (-1, 0, 1)] == [False, True, False]
