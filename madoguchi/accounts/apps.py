"""Django's name for this room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.accounts"
    label = "accounts"
