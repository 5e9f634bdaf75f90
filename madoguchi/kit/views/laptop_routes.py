"""Routes on the laptop (端末の経路): these and no others."""

from django.urls import path

from madoguchi.kit.views import laptop, laptop_papers

urlpatterns = [
    path("", laptop.index, name="kit_index"),
    path("in/", laptop.sign_in, name="kit_sign_in"),
    path("out/", laptop.sign_out, name="kit_sign_out"),
    path("person/<str:person_id>/", laptop.person, name="kit_person"),
    path("card/<str:card_id>/", laptop.hand_over, name="kit_hand_over"),
    path("application/<str:person_id>/", laptop.application, name="kit_application"),
    path("visit/<str:case_id>/", laptop.visit, name="kit_visit"),
    path("survey/<str:survey_id>/", laptop.survey, name="kit_survey"),
    path(
        "certificate/<str:person_id>/<str:kind>/",
        laptop_papers.certificate,
        name="kit_certificate",
    ),
    path("paper/<str:issue_no>/", laptop_papers.paper, name="kit_paper"),
    path("paper/<str:issue_no>/file/", laptop_papers.paper_file, name="kit_paper_file"),
]
