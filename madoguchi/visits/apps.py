"""Django's name for this room."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.visits"
    label = "visits"
