"""Routes of the kiosk (経路)."""

from django.urls import include, path

from madoguchi.kiosk.views.office.routes import routes

own = [*routes]

urlpatterns = [path("", include((own, "kiosk")))]
