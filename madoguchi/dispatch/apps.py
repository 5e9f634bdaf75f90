"""Django's name for this room."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.dispatch"
    label = "dispatch"
