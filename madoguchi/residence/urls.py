"""Routes of the residence checks (経路)."""

from django.urls import include, path

from madoguchi.residence.views import cases, letters, notices

own = [
    path("residence/", cases.cases, name="cases"),
    path("residence/household/<str:household_no>/", cases.begin, name="begin"),
    path("residence/letters/", letters.queue, name="letters"),
    path("residence/untold/", notices.untold, name="untold"),
    path("residence/<str:case_id>/", cases.case, name="case"),
    path("residence/<str:case_id>/evidence/", cases.evidence, name="evidence"),
    path("residence/<str:case_id>/visit/", cases.visit, name="visit"),
    path("residence/<str:case_id>/propose/", cases.propose, name="propose"),
    path("residence/<str:case_id>/step/", cases.step, name="step"),
    path("residence/<str:case_id>/told/", notices.tell, name="tell"),
    path("residence/<str:case_id>/posting/", notices.paper, name="posting"),
    path("residence/<str:case_id>/paper/", cases.paper, name="paper"),
]

urlpatterns = [path("", include((own, "residence")))]
