"""Routes of the terminals (経路)."""

from django.urls import include, path

from madoguchi.csops.views import day, tables

own = [
    path("terminals/", day.day, name="day"),
    path("terminals/reserve/", day.reserve_minutes, name="reserve"),
    path("terminals/reserved/<str:reservation_id>/back/", day.give_back_minutes, name="give_back"),
    path("terminals/rota/", day.seat_somebody, name="seat"),
    path("terminals/rota/<int:shift_id>/end/", day.unseat_somebody, name="unseat"),
    path("terminals/weekly/", tables.tables, name="tables"),
    path("terminals/weekly/hours/", tables.add_hours, name="add_hours"),
    path("terminals/weekly/hours/<int:hours_id>/end/", tables.end_hours, name="end_hours"),
    path("terminals/weekly/terminal/", tables.add_terminal, name="add_terminal"),
    path(
        "terminals/weekly/terminal/<str:terminal_no>/end/", tables.end_terminal, name="end_terminal"
    ),
    path("terminals/weekly/close/", tables.close_day, name="close_day"),
    path("terminals/weekly/again/", tables.work_again, name="work_again"),
]

urlpatterns = [path("", include((own, "csops")))]
