"""Routes of the journeys (経路)."""

from django.urls import include, path

from madoguchi.journeys.views import maps

own = [
    path("", maps.maps, name="maps"),
    path("bring-in/", maps.bring_in, name="bring_in"),
    path("<str:map_id>/", maps.one_map, name="map"),
    path("<str:map_id>/map.svg", maps.drawing, name="drawing"),
    path("<str:map_id>/paper/", maps.paper, name="paper"),
    path("<str:map_id>/export/<str:form>/", maps.export, name="export"),
    path("<str:map_id>/compare/", maps.compare, name="compare"),
    path("<str:map_id>/version/", maps.version, name="version"),
    path("<str:map_id>/step/", maps.step, name="step"),
    path("<str:map_id>/<str:step_id>/<str:field>/", maps.cell, name="cell"),
]

urlpatterns = [path("journeys/", include((own, "journeys")))]
