"""Django's name for this room."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.kit"
    label = "kit"
