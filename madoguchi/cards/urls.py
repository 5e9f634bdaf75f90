"""Routes of the card line (経路)."""

from django.urls import include, path

from madoguchi.cards.views import (
    applications,
    booking,
    boxes,
    cards,
    disposals,
    handover,
    ledger,
    notices,
    setup,
)

own = [
    path("cards/disposals/", disposals.index, name="disposals"),
    path("cards/disposals/<str:disposal_id>/", disposals.disposal, name="disposal"),
    path("cards/disposals/<str:disposal_id>/drop/", disposals.drop, name="drop"),
    path("cards/disposals/<str:disposal_id>/witness/", disposals.witness, name="witness"),
    path("cards/ledger/", ledger.ledger, name="ledger"),
    path("cards/ledger/file/", ledger.give_out, name="ledger_file"),
    path("cards/ledger/import/", ledger.take_in, name="ledger_import"),
    path("cards/boxes/", boxes.index, name="boxes"),
    path("cards/boxes/<str:box_no>/", boxes.box, name="box"),
    path("cards/boxes/<str:box_no>/scan/", boxes.scan, name="scan"),
    path("cards/boxes/<str:box_no>/take-back/", boxes.take_back, name="take_back"),
    path("cards/boxes/<str:box_no>/recount/", boxes.recount, name="recount"),
    path("cards/boxes/<str:box_no>/empty/", boxes.empty, name="empty"),
    path("cards/boxes/<str:box_no>/dispose/", boxes.dispose, name="dispose"),
    path("cards/applications/", applications.index, name="applications"),
    path("cards/applications/new/", applications.new, name="application_new"),
    path("cards/applications/<str:application_id>/", applications.one, name="application"),
    path("cards/applications/<str:application_id>/send/", applications.send, name="send"),
    path("cards/applications/<str:application_id>/unsend/", applications.unsend, name="unsend"),
    path(
        "cards/applications/<str:application_id>/withdraw/", applications.withdraw, name="withdraw"
    ),
    path("cards/sheets/<str:sheet_id>/", applications.sheet, name="sheet"),
    path("cards/trips/<str:trip_id>/", applications.trip, name="trip"),
    path("cards/trips/<str:trip_id>/join/", applications.join, name="trip_join"),
    path("cards/setup/", setup.index, name="setup"),
    path("cards/setup/note/", setup.note, name="setup_note"),
    path("cards/setup/undo/", setup.undo, name="setup_undo"),
    path("cards/notices/", notices.index, name="notices"),
    path("cards/hand-over/", handover.index, name="hand_over_find"),
    path("cards/one/<str:card_id>/hand-over/", handover.one, name="hand_over"),
    path("cards/one/<str:card_id>/hand-over/second/", handover.second, name="hand_over_second"),
    path("cards/one/<str:card_id>/hand-over/undo/", handover.undo, name="hand_over_undo"),
    path("cards/one/<str:card_id>/", cards.card, name="card"),
    path("cards/one/<str:card_id>/accept/", cards.accept, name="accept"),
    path("cards/one/<str:card_id>/face/", cards.face, name="face"),
    path("cards/one/<str:card_id>/printed/", cards.write, name="printed"),
    path("booking/", booking.start, name="booking"),
    path("booking/enter/", booking.enter, name="booking_enter"),
    path("booking/take/", booking.take, name="booking_take"),
    path("booking/confirm/", booking.confirm, name="booking_confirm"),
    path("booking/cancel/", booking.cancel, name="booking_cancel"),
    path("booking/calendar/", booking.calendar, name="booking_calendar"),
    path("booking/leave/", booking.leave, name="booking_leave"),
]

urlpatterns = [path("", include((own, "cards")))]
