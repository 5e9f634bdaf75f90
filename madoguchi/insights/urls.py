"""Routes of the figures (経路)."""

from django.urls import include, path

from madoguchi.insights.views import desk

own = [
    path("insights/desk/", desk.desk, name="desk"),
]

urlpatterns = [path("", include((own, "insights")))]
