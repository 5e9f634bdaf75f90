"""The fictional town is open to whoever looks at it, at whatever hour."""

from datetime import datetime

import pytest

from madoguchi.accounts.api import cli_actor
from madoguchi.infra import unit
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.outcome import Refused
from madoguchi.kiosk.actions.demo import SHOP, fill_demo_tables
from madoguchi.kiosk.queries.books import CHANNELS
from madoguchi.kiosk.queries.tables import opening_of, way_to_shop_of

MOMENTS = [datetime(2027, 1, 1, 3, 0, tzinfo=JAPAN), datetime(2027, 6, 6, 23, 59, tzinfo=JAPAN)]
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=JAPAN)


@pytest.mark.django_db
def test_open_at_new_year_and_at_night_with_a_store_to_lead_to(settings):
    settings.MADOGUCHI_DEMO = True
    assert not any(opening_of(one, now=MOMENTS[0]).is_open for one in CHANNELS)
    unit.run(fill_demo_tables, actor=cli_actor("demo").for_purpose("見本"), now=NOW)
    for channel in CHANNELS:
        assert all(opening_of(channel, now=moment).is_open for moment in MOMENTS)
    way = way_to_shop_of(fee_yen=200, now=NOW)
    assert [(one.name, one.where) for one in way.shops] == [SHOP]


@pytest.mark.django_db
def test_a_real_town_gets_none_of_it(settings):
    settings.MADOGUCHI_DEMO = False
    with pytest.raises(Refused):
        unit.run(fill_demo_tables, actor=cli_actor("demo").for_purpose("見本"), now=NOW)
    assert not opening_of("KIOSK", now=MOMENTS[0]).is_open
