"""Django's name for this room."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.audit"
    label = "audit"
