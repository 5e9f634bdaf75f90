"""The front door of the visits (来庁の用件の窓口): what other rooms may call."""

from madoguchi.visits.actions.running import open_run
from madoguchi.visits.domain.runs import Member as RunMember
from madoguchi.visits.domain.runs import Pin as RunPin
from madoguchi.visits.domain.runs import Reason as RunReason
from madoguchi.visits.domain.runs import plan_run
from madoguchi.visits.queries.tables import run_rules
from madoguchi.visits.queries.visits import open_visit_of

__all__ = [
    "RunMember",
    "RunPin",
    "RunReason",
    "open_run",
    "open_visit_of",
    "plan_run",
    "run_rules",
]
