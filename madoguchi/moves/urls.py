"""Routes of the moves (経路)."""

from django.urls import include, path

from madoguchi.moves.views import (
    answers,
    arriving,
    before,
    correcting,
    drafting,
    entering,
    letters,
    patterns,
    post,
    residents,
    tasks,
)

own = [
    path("prepare/move/", before.at_home, name="before"),
    path("prepare/draft/", drafting.draft, name="draft"),
    path("prepare/draft/begin/", drafting.begin, name="draft_begin"),
    path("prepare/draft/enter/", drafting.enter, name="draft_enter"),
    path("prepare/draft/answer/", drafting.answer, name="draft_answer"),
    path("prepare/draft/complete/", drafting.complete, name="draft_complete"),
    path("prepare/draft/leave/", drafting.leave, name="draft_leave"),
    path("prepare/draft/erase/", drafting.erase, name="draft_erase"),
    path("moves/", arriving.cases, name="cases"),
    path("moves/ask/", before.on_the_phone, name="phone"),
    path("moves/letter/", letters.letter, name="letter"),
    path("moves/letter/<str:request_id>/slip/", letters.slip, name="letter_slip"),
    path("moves/letter/<str:request_id>/settle/", letters.settle, name="letter_settle"),
    path("moves/in/<str:case_id>/whose/", residents.whose, name="whose"),
    path("moves/tasks/", tasks.tasks, name="tasks"),
    path("moves/tasks/<str:task_id>/", tasks.answer, name="task"),
    path("moves/unanswered/", tasks.unanswered, name="unanswered"),
    path("moves/post/", post.post, name="post"),
    path("moves/post/gap/", post.settle_gap, name="post_gap"),
    path("moves/post/<str:message_id>/take/", post.take, name="post_take"),
    path("moves/post/<str:message_id>/settle/", post.settle, name="post_settle"),
    path("moves/post/file/<str:file_id>/settle/", post.settle_file, name="post_file"),
    path("moves/patterns/", patterns.patterns, name="patterns"),
    path("moves/filed/<str:filing_id>/", arriving.filing, name="filing"),
    path("moves/filed/<str:filing_id>/arrived/", answers.arrived, name="arrived"),
    path("moves/filed/<str:filing_id>/back/", arriving.back, name="back"),
    path("moves/filed/<str:filing_id>/letter/", arriving.letter, name="filing_letter"),
    path("moves/household/<str:household_no>/", residents.household, name="household"),
    path("moves/person/<str:person_id>/correct/", correcting.correcting, name="correcting"),
    path("moves/household/<str:household_no>/enter/", entering.entering, name="entering"),
    path("moves/in/<str:case_id>/", arriving.case, name="case"),
    path("moves/in/<str:case_id>/drop/", arriving.drop, name="drop"),
]

urlpatterns = [path("", include((own, "moves")))]
