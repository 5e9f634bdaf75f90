"""Django's name for this room."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.register"
    label = "register"
