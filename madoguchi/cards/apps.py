"""Django's name for this room."""

from django.apps import AppConfig


class CardsConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.cards"
    label = "cards"
