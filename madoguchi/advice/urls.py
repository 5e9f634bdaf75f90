"""Routes of the advice (経路)."""

from django.urls import include, path

from madoguchi.advice.views import checker, deadlines, pins

own = [
    path("advice/", checker.counter, name="counter"),
    path("prepare/", checker.at_home, name="prepare"),
    path("prepare/pins/", pins.two_secrets, name="pins"),
    path("advice/deadlines/", deadlines.deadlines, name="deadlines"),
]

urlpatterns = [path("", include((own, "advice")))]
