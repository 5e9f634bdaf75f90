"""Django's name for this room."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.insights"
    label = "insights"
