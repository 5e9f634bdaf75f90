"""The front door of the visits (来庁の用件の窓口): what other rooms may call."""

from madoguchi.visits.actions.running import open_run
from madoguchi.visits.domain.runs import Reason as RunReason
from madoguchi.visits.queries.run_plans import plan_cards
from madoguchi.visits.queries.steps import steps_of_visits
from madoguchi.visits.queries.visits import open_visit_of

__all__ = ["RunReason", "open_run", "open_visit_of", "plan_cards", "steps_of_visits"]
