"""Routes of the desk (経路)."""

from django.urls import path

from madoguchi.desk import views

app_name = "desk"
urlpatterns = [
    path("desk/", views.home, name="home"),
    path("desk/practice/", views.monday, name="monday"),
    path("person/<str:person_id>/", views.person, name="person"),
    path("person/<str:person_id>/looks/", views.looks, name="looks"),
]
