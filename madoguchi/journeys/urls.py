"""Routes of the journeys (経路)."""

from django.urls import include, path

from madoguchi.journeys.views import maps, observed, screens, surveys

own = [
    path("", maps.maps, name="maps"),
    path("bring-in/", maps.bring_in, name="bring_in"),
    path("observed/", observed.observed, name="observed"),
    path("observed/release/", observed.release, name="release"),
    path("observed/<str:origin>/<str:first>.svg", observed.month, name="month"),
    path("screens/", screens.screens, name="screens"),
    path("surveys/", surveys.surveys, name="surveys"),
    path("surveys/begin/", surveys.begin, name="survey_begin"),
    path("surveys/<str:survey_id>/change/", surveys.change, name="survey"),
    path("surveys/<str:survey_id>/poster/", surveys.poster, name="poster"),
    path("<str:map_id>/", maps.one_map, name="map"),
    path("<str:map_id>/map.svg", maps.drawing, name="drawing"),
    path("<str:map_id>/paper/", maps.paper, name="paper"),
    path("<str:map_id>/export/<str:form>/", maps.export, name="export"),
    path("<str:map_id>/compare/", maps.compare, name="compare"),
    path("<str:map_id>/version/", maps.version, name="version"),
    path("<str:map_id>/step/", maps.step, name="step"),
    path("<str:map_id>/renew/", maps.renew, name="renew"),
    path("<str:map_id>/<str:step_id>/<str:field>/observe/", maps.observe, name="observe"),
    path("<str:map_id>/<str:step_id>/<str:field>/", maps.cell, name="cell"),
]

#: Short, because it is typed by hand where a telephone reads no codes; open to all.
asked = [path("survey/<str:survey_id>/", surveys.ask, name="ask")]

urlpatterns = [
    path("", include(([path("journeys/", include(own)), *asked], "journeys"))),
]
