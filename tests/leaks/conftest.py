"""Folders, keys and clients that the leak tests share."""

from __future__ import annotations

import pytest

from madoguchi.certificates.documents.keys import ensure_demo_keys
from madoguchi.infra import clock


@pytest.fixture(scope="session")
def paper_keys_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys") / "papers"
    ensure_demo_keys(folder, production=False, at=clock.now())
    return folder


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path, paper_keys_folder):
    """Give each test a data folder of its own: papers, exports, the chain's anchors."""
    settings.MADOGUCHI_HOME = tmp_path
    settings.MADOGUCHI_KEYS = str(paper_keys_folder)
