"""Routes of the moves (経路)."""

from django.urls import include, path

from madoguchi.moves.views import before, letters

own = [
    path("prepare/move/", before.at_home, name="before"),
    path("moves/ask/", before.on_the_phone, name="phone"),
    path("moves/letter/", letters.letter, name="letter"),
]

urlpatterns = [path("", include((own, "moves")))]
