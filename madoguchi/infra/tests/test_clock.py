from datetime import UTC, date, datetime

from madoguchi.infra import clock


def test_the_legal_day_is_the_day_in_japan():
    with clock.frozen(datetime(2026, 11, 22, 15, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 11, 23)
