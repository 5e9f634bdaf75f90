"""Django's name for this room."""

from django.apps import AppConfig


class ResidenceConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.residence"
    label = "residence"
