"""Django's name for this room."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.desk"
    label = "desk"
