"""Routes of the terminals (経路)."""

from django.urls import include, path

from madoguchi.csops.views import consistency, day, shared, tables, upkeep, work

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
    path("csops/", work.home, name="home"),
    path("csops/plan/", work.plan, name="plan"),
    path("csops/work/<str:work_id>/", work.work, name="work"),
    path("csops/work/<str:work_id>/start/", work.start, name="start"),
    path("csops/work/<str:work_id>/step/<int:number>/", work.step, name="step"),
    path("csops/work/<str:work_id>/finish/", work.finish, name="finish"),
    path("csops/work/<str:work_id>/off/", work.call_off, name="call_off"),
    path("csops/work/<str:work_id>/restore/", work.restore, name="restore"),
    path("csops/work/<str:work_id>/hours/", work.hours, name="hours"),
    path("csops/shared/", shared.shared, name="shared"),
    path("csops/shared/windows.ics", shared.calendar, name="shared_calendar"),
    path("csops/shared/town/", shared.keep_town, name="keep_town"),
    path("csops/shared/town/drop/", shared.drop_town, name="drop_town"),
    path("csops/shared/take/", shared.take, name="take"),
    path("csops/check/", consistency.check, name="check"),
    path("csops/check/compare/", consistency.compare, name="compare"),
    path("csops/assets/", upkeep.assets, name="assets"),
    path("csops/assets/add/", upkeep.add_asset, name="add_asset"),
    path("csops/assets/<str:asset_id>/retire/", upkeep.retire_asset, name="retire_asset"),
    path("csops/incidents/", upkeep.incidents, name="incidents"),
    path("csops/incidents/note/", upkeep.note_incident, name="note_incident"),
    path("csops/incidents/<str:incident_id>/mend/", upkeep.mend_incident, name="mend_incident"),
]

urlpatterns = [path("", include((own, "csops")))]
