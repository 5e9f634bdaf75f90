"""Django's name for this room."""

from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.protection"
    label = "protection"
