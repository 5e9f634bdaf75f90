"""Pytest plugin: how long a test may take, and how many examples a property gets (試行の長さ).

No clock on a wall decides a test: what is slow is measured by ``bench``, beside its peers. In
the everyday run (``--sample``) a property gets a part of its examples, in ``./run test --full``
all of them. Of the long tests the longest begins first: two cores that meet it last wait for it.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings

#: Of a property's examples the everyday run takes this part.
SAMPLE_PERCENT = 25
WHOLE = 100
_whole = True


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the everyday run ask for a part of each property's examples."""
    parser.addoption("--sample", action="store_true", help="a part of each property's examples")


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples a property gets."""
    global _whole
    _whole = not config.getoption("sample")
    settings.register_profile("house", deadline=None, max_examples=_part_of(WHOLE))
    settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what says it takes longest: ``@pytest.mark.full(minutes=16)``, on one core."""
    items.sort(key=lambda item: -_minutes_of(item))


def _minutes_of(item: pytest.Item) -> float:
    mark = item.get_closest_marker("full")
    return float(mark.kwargs.get("minutes", 0)) if mark else 0


def at_length(examples: int, **given: Any) -> settings:
    """Ask for more examples than a property usually gets (長い試行)."""
    return settings(max_examples=_part_of(examples), deadline=None, **given)


def _part_of(examples: int) -> int:
    return examples if _whole else examples * SAMPLE_PERCENT // 100
