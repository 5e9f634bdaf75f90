from datetime import date

import pytest

from madoguchi.town.api import generate_town
from madoguchi.town.tests.reading import Files

# Several seeds, an ordinary size and the smallest with every oddity, and another day.
TOWNS = ((1, 1_500, date(2026, 11, 23)), (2, 200, date(2026, 11, 23)), (3, 900, date(2028, 2, 29)))


@pytest.fixture(scope="session", params=TOWNS, ids=lambda town: f"seed{town[0]}-{town[1]}")
def town(request, tmp_path_factory):
    seed, residents, as_of = request.param
    folder = tmp_path_factory.mktemp("town") / "made"
    generate_town(residents=residents, seed=seed, out=folder, as_of=as_of)
    return Files(folder, as_of.isoformat())
