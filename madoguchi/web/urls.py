"""Routes of the shell itself (経路)."""

from django.urls import path

from madoguchi.web import english, views

app_name = "web"
urlpatterns = [
    path("_style", views.style, name="style"),
    path("desk-language/", english.choose, name="language"),
    path("help/", views.helps, name="helps"),
    path("help/<slug:room>/<slug:screen>/", views.help_of, name="help"),
]
