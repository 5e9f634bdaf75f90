"""Routes of the visits (経路)."""

from django.urls import include, path

from madoguchi.visits.views import counter, figures

own = [
    path("", counter.now, name="now"),
    path("start/", counter.start, name="start"),
    path("figures/", figures.figures, name="figures"),
    path("figures/rows/", figures.rows, name="rows"),
    path("<str:visit_id>/further/", counter.further, name="further"),
    path("<str:visit_id>/tick/", counter.tick, name="tick"),
    path("<str:visit_id>/matter/end/", counter.end_matter, name="end_matter"),
    path("<str:visit_id>/end/", counter.end, name="end"),
    path("<str:visit_id>/forget/", counter.forget, name="forget"),
    path("<str:visit_id>/person/", counter.person, name="person"),
]

urlpatterns = [path("visits/", include((own, "visits")))]
