"""Routes of the visits (経路)."""

from django.urls import include, path

from madoguchi.visits.views import counter, expiry, figures, runs

own = [
    path("", counter.now, name="now"),
    path("start/", counter.start, name="start"),
    path("figures/", figures.figures, name="figures"),
    path("figures/rows/", figures.rows, name="rows"),
    path("expiry/", expiry.expiry, name="expiry"),
    path("runs/", runs.runs, name="runs"),
    path("runs/new/", runs.new, name="run_new"),
    path("runs/<str:run_id>/", runs.run, name="run"),
    path("runs/<str:run_id>/sheet/", runs.sheet, name="run_sheet"),
    path("runs/<str:run_id>/tell/", runs.tell, name="run_tell"),
    path("runs/<str:run_id>/do/", runs.do, name="run_do"),
    path("runs/<str:run_id>/undo/", runs.undo, name="run_undo"),
    path("runs/<str:run_id>/keep/", runs.keep, name="run_keep"),
    path("runs/<str:run_id>/close/", runs.close, name="run_close"),
    path("<str:visit_id>/further/", counter.further, name="further"),
    path("<str:visit_id>/tick/", counter.tick, name="tick"),
    path("<str:visit_id>/matter/end/", counter.end_matter, name="end_matter"),
    path("<str:visit_id>/end/", counter.end, name="end"),
    path("<str:visit_id>/forget/", counter.forget, name="forget"),
    path("<str:visit_id>/person/", counter.person, name="person"),
]

urlpatterns = [path("visits/", include((own, "visits")))]
