"""One folder of its own for each test, and the two who walk: a stranger, and whoever may do all."""

from __future__ import annotations

import pytest
from django.test import Client

from madoguchi.accounts import domain
from madoguchi.accounts import testing as staff
from tests.doors.walking import holder_of_all_rights


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def stranger(db):
    return Client(raise_request_exception=False)


@pytest.fixture
def insider(db, monkeypatch):
    """Whoever may do all: no such person can be, so the rule that keeps rights apart is let go."""
    monkeypatch.setattr(domain, "_never", lambda _role: frozenset())
    return staff.signed_in(Client(raise_request_exception=False), holder_of_all_rights())
