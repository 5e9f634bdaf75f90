"""Django's name for this room."""

from django.apps import AppConfig


class KioskConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.kiosk"
    label = "kiosk"
