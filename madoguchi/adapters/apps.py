"""Put an adapter behind each port at start (接続の割当て)."""

from django.apps import AppConfig


class AdaptersConfig(AppConfig):
    """See this folder's README."""

    name = "madoguchi.adapters"
    label = "adapters"
