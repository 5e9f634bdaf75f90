"""Django's name for this room."""

from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.appointments"
    label = "appointments"
