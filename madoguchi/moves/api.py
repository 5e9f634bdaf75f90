"""The front door of the moves (異動の窓口): what other rooms may call."""

from madoguchi.moves.domain.tasks import TaskState
from madoguchi.moves.queries.post import count_waiting, faults
from madoguchi.moves.queries.steps import steps_of_moves
from madoguchi.moves.queries.tasks import count_late

__all__ = ["TaskState", "count_late", "count_waiting", "faults", "steps_of_moves"]
