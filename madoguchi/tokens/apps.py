"""Django's name for this room."""

from django.apps import AppConfig


class TokensConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.tokens"
    label = "tokens"
