"""Routes of the advice (経路)."""

from django.urls import include, path

from madoguchi.advice.views import checker, pins

own = [
    path("advice/", checker.counter, name="counter"),
    path("prepare/", checker.at_home, name="prepare"),
    path("prepare/pins/", pins.two_secrets, name="pins"),
]

urlpatterns = [path("", include((own, "advice")))]
