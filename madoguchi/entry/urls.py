"""All routes (経路): one line a room, and what a watching machine asks."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from madoguchi.entry.openapi.calls import routes

urlpatterns = [
    path("", include("madoguchi.entry.health")),
    path("api/v1/", routes()),
    *(
        path("", include(f"madoguchi.{room}.urls"))
        for room in settings.ROOMS
        if find_spec(f"madoguchi.{room}.urls")
    ),
]

handler400 = "madoguchi.web.errors.bad_request"
handler403 = "madoguchi.web.errors.forbidden"
handler404 = "madoguchi.web.errors.not_found"
handler500 = "madoguchi.web.errors.server_error"
