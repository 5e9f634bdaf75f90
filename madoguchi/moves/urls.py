"""Routes of the moves (経路)."""

from django.urls import include, path

from madoguchi.moves.views import arriving, before, letters, residents, tasks

own = [
    path("prepare/move/", before.at_home, name="before"),
    path("moves/", arriving.cases, name="cases"),
    path("moves/ask/", before.on_the_phone, name="phone"),
    path("moves/letter/", letters.letter, name="letter"),
    path("moves/tasks/", tasks.tasks, name="tasks"),
    path("moves/tasks/<str:task_id>/", tasks.answer, name="task"),
    path("moves/unanswered/", tasks.unanswered, name="unanswered"),
    path("moves/filed/<str:filing_id>/", arriving.filing, name="filing"),
    path("moves/filed/<str:filing_id>/back/", arriving.back, name="back"),
    path("moves/household/<str:household_no>/", residents.household, name="household"),
    path("moves/in/<str:case_id>/", arriving.case, name="case"),
    path("moves/in/<str:case_id>/drop/", arriving.drop, name="drop"),
]

urlpatterns = [path("", include((own, "moves")))]
