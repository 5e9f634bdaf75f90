"""Routes of the addressees (経路)."""

from django.urls import include, path

from madoguchi.addressees.views import lists, review, work

own = [
    path("", lists.lists, name="lists"),
    path("take-in/", lists.take_in, name="take_in"),
    path("weights/", lists.weights, name="weights"),
    path("weights/learn/", lists.learn, name="learn"),
    path("weights/<str:learnt_id>/adopt/", lists.adopt, name="adopt"),
    path("stays/", work.stays, name="stays"),
    path("stays/<str:stay_id>/end/", work.end_stay, name="end_stay"),
    path("rows/<str:entry_id>/choose/", review.choose, name="choose"),
    path("rows/<str:entry_id>/again/", review.look_again, name="look_again"),
    path("<str:list_id>/", lists.one_list, name="list"),
    path("<str:list_id>/close/", lists.close, name="close"),
    path("<str:list_id>/review/", review.review, name="review"),
    path("<str:list_id>/undo/", review.undo, name="undo"),
    path("<str:list_id>/work/", work.worklist, name="worklist"),
    path("<str:list_id>/write/", work.write, name="write"),
    path("<str:list_id>/write/undo/", work.undo, name="undo_write"),
]

urlpatterns = [path("addressees/", include((own, "addressees")))]
