"""Pytest plugin: how long a test may take, and how many examples a property gets (試行の長さ).

No clock on a wall decides a test: what is slow is measured by ``bench``, beside its peers. In
the everyday run a property gets a sample of its examples, in ``./run test --full`` all of them.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings

#: Of a property's examples the everyday run takes this part.
SAMPLE_PERCENT = 25
WHOLE = 100
_whole = True


def pytest_configure(config: pytest.Config) -> None:
    """Choose the profile by whether the long tests are left out."""
    global _whole
    _whole = "not full" not in str(config.getoption("markexpr")).replace("full or not full", "")
    settings.register_profile("house", deadline=None, max_examples=_part_of(WHOLE))
    settings.load_profile("house")


def at_length(examples: int, **given: Any) -> settings:
    """Ask for more examples than a property usually gets (長い試行)."""
    return settings(max_examples=_part_of(examples), deadline=None, **given)


def _part_of(examples: int) -> int:
    return examples if _whole else examples * SAMPLE_PERCENT // 100
