"""Pytest plugin: with CI=true a test that skips itself has failed.

A suite that skips proves nothing; on a machine of one's own the reason is printed instead.
"""

from __future__ import annotations

import os

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped with CI=true: {call.excinfo.value}"
    return report
