"""Routes of the advice (経路)."""

from django.urls import include, path

from madoguchi.advice.views import pins

own = [
    path("prepare/pins/", pins.two_secrets, name="pins"),
]

urlpatterns = [path("", include((own, "advice")))]
