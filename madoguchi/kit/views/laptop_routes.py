"""Routes on the laptop (端末の経路): these and no others."""

from django.urls import path

from madoguchi.kit.views import laptop

urlpatterns = [
    path("", laptop.index, name="kit_index"),
    path("person/<str:person_id>/", laptop.person, name="kit_person"),
    path("card/<str:card_id>/", laptop.hand_over, name="kit_hand_over"),
    path("application/<str:person_id>/", laptop.application, name="kit_application"),
    path("visit/<str:case_id>/", laptop.visit, name="kit_visit"),
    path("survey/<str:survey_id>/", laptop.survey, name="kit_survey"),
]
