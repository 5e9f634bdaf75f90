"""Django's name for this room."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.web"
    label = "web"

    def ready(self) -> None:
        """Read the whole catalogue once: a doubled code or a lame entry stops the start."""
        from madoguchi.web import messages

        messages.catalogue()
