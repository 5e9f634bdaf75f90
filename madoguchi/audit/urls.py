"""Routes of the audit room (経路)."""

from django.urls import path

from madoguchi.audit import views

app_name = "audit"
urlpatterns = [
    path("audit/", views.entries, name="entries"),
    path("audit/verify/", views.verify, name="verify"),
    path("audit/<slug:name>/", views.analysis, name="analysis"),
]
