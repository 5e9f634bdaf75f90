"""The run-book starts the card agent without a port: it must be where the pages look for it."""

import os
from urllib.parse import urlsplit

from madoguchi.bridge import cli


def test_the_agents_own_port_is_the_one_the_pages_frame(settings):
    assert "MADOGUCHI_BRIDGE" not in os.environ, "the default is what is looked at here"
    assert urlsplit(settings.MADOGUCHI_BRIDGE).port == cli.PORT
