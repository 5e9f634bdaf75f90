"""Django's name for this room."""

from django.apps import AppConfig


class MovesConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.moves"
    label = "moves"
