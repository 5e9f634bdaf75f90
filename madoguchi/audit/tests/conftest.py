"""Every test of this room has a data folder, and so a key and anchors, of its own."""

import pytest


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, settings):
    settings.MADOGUCHI_HOME = tmp_path
