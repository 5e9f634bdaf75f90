"""Every test of this room has a data folder of its own, and quick hashes."""

import pytest


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, settings):
    settings.MADOGUCHI_HOME = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
