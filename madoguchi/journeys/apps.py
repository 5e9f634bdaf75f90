"""Django's name for this room."""

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.journeys"
    label = "journeys"
