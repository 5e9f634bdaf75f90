import pytest
from django.test import Client

from madoguchi.web.tests import routes


@pytest.fixture
def shell(settings):
    """The shell alone, in a house of its own: no database, no other room."""
    settings.ROOT_URLCONF = "madoguchi.web.tests.routes"
    settings.MIDDLEWARE = routes.MIDDLEWARE
    settings.MADOGUCHI_DEMO = True
    return Client(raise_request_exception=False)
