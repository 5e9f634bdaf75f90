"""Django's name for this room."""

from django.apps import AppConfig


class InfraConfig(AppConfig):
    """Plumbing (下回り)."""

    name = "madoguchi.infra"
    label = "infra"
