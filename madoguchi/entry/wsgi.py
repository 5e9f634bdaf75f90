"""The web application for granian or gunicorn (WSGI)."""

import multiprocessing
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from madoguchi.entry.bootstrap import refuse_unsafe_settings
from madoguchi.entry.proxies import BehindFronts
from madoguchi.entry.supervisor import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.entry.settings")

if (_server := multiprocessing.parent_process()) is not None:
    # A worker of the web server: the server is tied to our own start, and the worker to the
    # server, or a kill -9 would leave workers behind that go on answering at the port.
    die_with_parent()
    if not _server.is_alive():
        raise SystemExit("the web server ended while its worker began")

_django = get_wsgi_application()
refuse_unsafe_settings()
application = BehindFronts(_django, settings.MADOGUCHI_FRONTS)
