"""Django's name for this room."""

from django.apps import AppConfig


class AdviceConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.advice"
    label = "advice"
