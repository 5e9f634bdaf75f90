"""The front door of the appointments (予約の窓口): what other rooms may call."""

from madoguchi.appointments.actions import booking
from madoguchi.appointments.actions import counter as at_counter
from madoguchi.appointments.actions.ending import settle_later
from madoguchi.appointments.domain.booking import Channel
from madoguchi.appointments.domain.services import Errand, Kind
from madoguchi.appointments.queries.bookings import (
    BookingRow,
    bookings_about,
    list_free,
)

__all__ = [
    "BookingRow",
    "Channel",
    "Errand",
    "Kind",
    "at_counter",
    "booking",
    "bookings_about",
    "list_free",
    "settle_later",
]
