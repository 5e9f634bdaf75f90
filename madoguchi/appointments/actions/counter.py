"""What a room above asks and does for whoever stands at the counter (窓口にいる人): one name at the door."""

from __future__ import annotations

from madoguchi.appointments.actions.line import start as start  # noqa: PLC0414
from madoguchi.appointments.actions.line import stop as stop  # noqa: PLC0414
from madoguchi.appointments.domain.line import Outcome as Outcome  # noqa: PLC0414
from madoguchi.appointments.domain.line import Stage as Stage  # noqa: PLC0414
from madoguchi.appointments.domain.services import Service as Service  # noqa: PLC0414
from madoguchi.appointments.queries.line import AtCounter as AtCounter  # noqa: PLC0414
from madoguchi.appointments.queries.line import hall_of as hall_of  # noqa: PLC0414
from madoguchi.appointments.queries.tables import services_of as services_of  # noqa: PLC0414
