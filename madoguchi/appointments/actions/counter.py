"""What a room above asks and does for whoever stands at the counter (窓口にいる人): one name at the door."""

from __future__ import annotations

from madoguchi.appointments.actions.line import start, stop
from madoguchi.appointments.domain.line import Outcome, Stage
from madoguchi.appointments.queries.line import AtCounter, hall_of
from madoguchi.appointments.queries.steps import moments_of
from madoguchi.appointments.queries.tables import services_of

__all__ = ["AtCounter", "Outcome", "Stage", "hall_of", "moments_of", "services_of", "start", "stop"]
