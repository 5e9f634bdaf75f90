"""Routes of the tokens room (経路)."""

from django.urls import path

from madoguchi.tokens import views

app_name = "tokens"
urlpatterns = [
    path("tokens/", views.tokens, name="list"),
    path("tokens/<str:token_id>/revoke/", views.revoke, name="revoke"),
]
