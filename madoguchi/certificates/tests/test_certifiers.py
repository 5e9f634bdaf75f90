"""Who certifies on which day (認証者): the mayor of the settings, or who stands in the table."""

from datetime import date, datetime

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.certificates import testing as t
from madoguchi.certificates.actions.making import paper_path
from madoguchi.certificates.domain.issue import State
from madoguchi.certificates.domain.town import certifier_on, read_certifiers
from madoguchi.certificates.queries.town import FOLDER, town
from madoguchi.infra import clock
from madoguchi.infra.town_tables import read_table

DEPUTY = """
[[certifier]]
office = "長職務代理者"
name = "副町長　磯　凪"
valid_from = 2026-12-01
valid_until = 2026-12-20
source = "告示"
[[certifier]]
office = "長"
name = "浜　渚"
valid_from = 2026-12-21
source = "告示"
"""


def row(**given_):
    return {"office": "長", "name": "浜　渚", "valid_from": date(2026, 12, 1),
            "valid_until": date(2026, 12, 20), "source": "告示", **given_}  # fmt: skip


@pytest.fixture
def of_town(settings, tmp_path):
    (tmp_path / "certifiers.toml").write_text(DEPUTY, encoding="utf-8")
    settings.MADOGUCHI_CARD_RULES = str(tmp_path)


def test_the_table_that_comes_along_names_nobody(settings):
    assert read_certifiers(read_table("certifiers", ours=FOLDER, own="")) == ()
    assert town().mayor_name == settings.MADOGUCHI_MAYOR_NAME
    assert town().mayor_title.endswith("町長")


@pytest.mark.parametrize(
    ("day", "name", "title"),
    [
        ("2026-11-30", "海野　渚", "せとうち町長"),
        ("2026-12-01", "副町長　磯　凪", "せとうち町長職務代理者"),
        ("2026-12-20", "副町長　磯　凪", "せとうち町長職務代理者"),
        ("2026-12-21", "浜　渚", "せとうち町長"),
        ("2030-01-01", "浜　渚", "せとうち町長"),
    ],
)
def test_a_deputy_certifies_on_the_days_of_the_table_and_on_no_other(of_town, day, name, title):
    found = town(date.fromisoformat(day))
    assert (found.mayor_name, found.mayor_title) == (name, f"鹿児島県{title}")


@pytest.mark.django_db
def test_the_paper_of_the_day_bears_the_deputys_name(of_town):
    people = t.settle()
    with clock.frozen(datetime(2026, 12, 3, 10, 0, tzinfo=clock.JAPAN)):
        drawn = t.ask(people.aoi)
        assert t.make(drawn.request_id) is State.RELEASED
    with pdfium.PdfDocument(paper_path(drawn.request_id, 1).read_bytes()) as document:
        text = "".join("".join(page.get_textpage().get_text_range() for page in document).split())
    assert "町長職務代理者副町長磯凪" in text


@pytest.mark.parametrize(
    "rows",
    [
        [row(), row(valid_from=date(2026, 12, 20), valid_until=None)],
        [row(valid_until=None), row(valid_from=date(2030, 1, 1), valid_until=None)],
        [row(valid_until=date(2026, 11, 30))],
        [row(office="副町長")],
        [row(name="　")],
    ],
    ids=["two on the 20th", "one without an end", "ends before it begins", "no office", "nobody"],
)
def test_a_table_that_leaves_a_doubt_stops_the_start(rows):
    with pytest.raises(AssertionError):
        read_certifiers({"certifier": rows})


_days = st.dates(date(2026, 1, 1), date(2026, 3, 31))


@given(st.lists(st.tuples(_days, _days), max_size=4), _days)
def test_nobody_or_one_certifies_whatever_the_table(spans, day):
    rows = [row(valid_from=min(one), valid_until=max(one)) for one in spans]
    holding = [one for one in rows if one["valid_from"] <= day <= one["valid_until"]]
    try:
        read = read_certifiers({"certifier": rows})
    except AssertionError:
        assert len(rows) > 1
        return
    assert len(holding) <= 1
    assert (certifier_on(read, day) is not None) is bool(holding)
