"""A very small town on the real tables."""

from datetime import date

import pytest

from madoguchi.dispatch import models
from madoguchi.dispatch.testing import settle


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Give each test a folder of its own, for the chain's anchors."""
    settings.MADOGUCHI_HOME = tmp_path


@pytest.fixture
def town(transactional_db):
    """Five residents; every press is a transaction of its own."""
    models.RenoticeRule.objects.get_or_create(
        valid_from=date(2020, 4, 1),
        defaults={"first_days": 90, "second_days": 60, "source": "assumed"},
    )
    return settle(5)
