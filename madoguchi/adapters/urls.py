"""Routes of the demonstration's machines (経路)."""

from django.urls import path

from madoguchi.adapters import demo_page

app_name = "adapters"
urlpatterns = [
    path("demo/machines/", demo_page.machines, name="machines"),
    path(
        "demo/machines/printer/<slug:terminal_no>/<slug:press>/",
        demo_page.press_printer,
        name="press_printer",
    ),
    path(
        "demo/machines/till/<slug:terminal_no>/<slug:press>/",
        demo_page.press_till,
        name="press_till",
    ),
]
