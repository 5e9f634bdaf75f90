"""Django's name for this room."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.audit"
    label = "audit"

    def ready(self) -> None:
        """Take over the writing of what units record: infra lies below and knows no audit."""
        from madoguchi.audit import actions
        from madoguchi.infra import unit

        unit.set_recorder(actions.write_all)
