"""Routes of certificates (経路)."""

from django.urls import include, path

from madoguchi.certificates.views import (
    desk,
    fees,
    following,
    glyph,
    letters,
    lists,
    stops,
    verify,
)

own = [
    path("certificates/", lists.waiting, name="waiting"),
    path("certificates/new/", desk.new, name="new"),
    path("certificates/new/preview/", desk.preview_of, name="preview"),
    path("certificates/books/", lists.books, name="books"),
    path("certificates/cases/<str:request_id>/", lists.case, name="case"),
    path("certificates/history/", lists.history, name="history"),
    path("certificates/stops/", stops.listing, name="stops"),
    path("certificates/stops/<int:stop_id>/lift/", stops.lift, name="lift_stop"),
    path("certificates/fees/", fees.listing, name="fees"),
    path("certificates/fees/<int:fee_id>/end/", fees.end, name="end_fee"),
    path("certificates/fees/rules/<str:code>/", fees.rule, name="rule"),
    path("certificates/letters/", letters.listing, name="letters"),
    path("certificates/letters/new/", letters.receive, name="receive_letter"),
    path("certificates/letters/<str:letter_id>/", letters.detail, name="letter"),
    path("certificates/letters/<str:letter_id>/draw/", letters.draw_for, name="draw_letter"),
    path(
        "certificates/letters/<str:letter_id>/complete/", letters.complete, name="complete_letter"
    ),
    path("certificates/letters/<str:letter_id>/post/", letters.post, name="post_letter"),
    path("certificates/letters/<str:letter_id>/return/", letters.give_back, name="return_letter"),
    path("certificates/<str:request_id>/", following.follow, name="request"),
    path("certificates/<str:request_id>/copies/<int:copy_no>/", following.paper, name="paper"),
    path("certificates/<str:request_id>/hand-over/", following.give, name="hand_over"),
    path("certificates/<str:request_id>/void/", following.throw_away, name="void"),
    path("certificates/<str:request_id>/unlock/", following.unlock, name="unlock"),
    path("certificates/<str:request_id>/continue/", following.go_on, name="continue"),
    path("verify/", verify.verify, name="verify"),
]

urlpatterns = [
    path("", include((own, "certificates"))),
    # By this name the shell finds who draws the register's glyphs.
    path("glyph/<slug:code>.svg", glyph.glyph, name="glyph"),
]
