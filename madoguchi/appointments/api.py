"""The front door of the appointments (予約の窓口): what other rooms may call."""

from madoguchi.appointments.queries.line import hall_of

__all__ = ["hall_of"]
