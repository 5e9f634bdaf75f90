"""Django's name for this room."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """See this room's README."""

    name = "madoguchi.certificates"
    label = "certificates"
