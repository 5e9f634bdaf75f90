"""Residents of a very small town, on the real tables."""

import pytest

from madoguchi.certificates.testing import settle, shared_keys


@pytest.fixture
def people(db):
    """The named people, each in their household."""
    return settle()


@pytest.fixture(autouse=True)
def own_papers(settings, tmp_path):
    """Give each test a folder of its own for papers, keys and the chain's anchors."""
    settings.MADOGUCHI_HOME = tmp_path
    settings.MADOGUCHI_KEYS = str(shared_keys(tmp_path))
