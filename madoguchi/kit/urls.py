"""Routes of the trips at the office (経路); the laptop has its own."""

from django.urls import include, path

from madoguchi.kit.views import office, preparing

own = [
    path("kit/", office.trips, name="trips"),
    path("kit/word/", preparing.word, name="word"),
    path("kit/release/<str:area>/", preparing.release, name="release"),
    path("kit/<str:trip_id>/", office.trip, name="trip"),
    path("kit/<str:trip_id>/settle/", office.settle, name="settle"),
    path("kit/<str:trip_id>/revoke/", office.revoke, name="revoke"),
]

urlpatterns = [path("", include((own, "kit")))]
