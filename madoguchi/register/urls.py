"""Routes of the register (経路)."""

from django.urls import path

from madoguchi.register import views

app_name = "register"
urlpatterns = [
    path("register/search/", views.search_page, name="search"),
    path("register/blanks/", views.blanks_page, name="blanks"),
    path("register/import/", views.import_page, name="import"),
    path("register/import/start", views.start_import, name="start_import"),
    path("register/import/<str:work_id>/", views.import_state, name="import_state"),
    path("register/import/<str:work_id>/stop", views.stop_import, name="stop_import"),
    path("register/export", views.export_file, name="export"),
]
