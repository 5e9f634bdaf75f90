"""Django's name for this room."""

from django.apps import AppConfig


class CsopsConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.csops"
    label = "csops"
