"""Routes of the shell itself (経路)."""

from django.urls import path

from madoguchi.web import views

app_name = "web"
urlpatterns = [
    path("_style", views.style, name="style"),
    path("help/", views.helps, name="helps"),
    path("help/<slug:room>/<slug:screen>/", views.help_of, name="help"),
]
