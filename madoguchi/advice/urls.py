"""Routes of the advice (経路)."""

from django.urls import include, path

from madoguchi.advice.views import deadlines

own = [
    path("advice/deadlines/", deadlines.deadlines, name="deadlines"),
]

urlpatterns = [path("", include((own, "advice")))]
