"""The front door of the moves (異動の窓口): what other rooms may call."""

from madoguchi.moves.queries.tasks import count_late

__all__ = ["count_late"]
