"""The web application for granian or gunicorn (WSGI)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.entry.settings")
application = get_wsgi_application()
