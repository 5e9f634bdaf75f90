"""The front door of the journeys (ジャーニーの窓口): what other rooms may call."""

from madoguchi.journeys.actions import away
from madoguchi.journeys.documents.drawing import draw_report
from madoguchi.journeys.documents.files import open_log, rules_of
from madoguchi.journeys.domain.privacy import Report, report_of
from madoguchi.journeys.domain.releases import (
    check_release,
    read_releases,
    release_of,
    write_releases,
)
from madoguchi.journeys.domain.xes import write_xes

__all__ = [
    "Report",
    "away",
    "check_release",
    "draw_report",
    "open_log",
    "read_releases",
    "release_of",
    "report_of",
    "rules_of",
    "write_releases",
    "write_xes",
]
