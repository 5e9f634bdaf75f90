"""Routes of the terminals (経路)."""

from django.urls import include, path

from madoguchi.csops.views import day

own = [
    path("terminals/", day.day, name="day"),
    path("terminals/reserve/", day.reserve_minutes, name="reserve"),
    path("terminals/reserved/<str:reservation_id>/back/", day.give_back_minutes, name="give_back"),
    path("terminals/rota/", day.seat_somebody, name="seat"),
    path("terminals/rota/<int:shift_id>/end/", day.unseat_somebody, name="unseat"),
]

urlpatterns = [path("", include((own, "csops")))]
