"""Django's name for this room."""

from django.apps import AppConfig


class AddresseesConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.addressees"
    label = "addressees"
