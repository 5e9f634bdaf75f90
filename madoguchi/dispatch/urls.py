"""Routes of letters and parcels (経路)."""

from django.urls import path

from madoguchi.dispatch.views import batches, letters, parcels, redaction, rules

app_name = "dispatch"
urlpatterns = [
    path("dispatch/", letters.waiting, name="waiting"),
    path("dispatch/batch/", letters.batch, name="make_batch"),
    path("dispatch/returned/", letters.returned, name="returned"),
    path("dispatch/renotices/", letters.renotices, name="renotices"),
    path("dispatch/rules/", rules.rules, name="rules"),
    path("dispatch/rules/renotices/", rules.set_renotices, name="set_renotices"),
    path("dispatch/rules/envelope/", rules.set_envelope, name="set_envelope"),
    path("dispatch/redact/", redaction.redact_scan, name="redact"),
    path("dispatch/letters/<str:letter_id>/", letters.step, name="letter"),
    path("dispatch/batches/<str:batch_id>/", batches.detail, name="batch"),
    path("dispatch/batches/<str:batch_id>/print/", batches.print_it, name="print"),
    path("dispatch/batches/<str:batch_id>/post/", batches.post, name="post"),
    path("dispatch/batches/<str:batch_id>/undo/", batches.undo, name="undo_batch"),
    path("dispatch/slips/<str:slip_id>/", batches.slip, name="slip"),
    path("dispatch/slips/<str:slip_id>/paper/", batches.slip_paper, name="slip_paper"),
    path("dispatch/slips/<str:slip_id>/step/", batches.slip_step, name="slip_step"),
    path("dispatch/parcels/", parcels.listing, name="parcels"),
    path("dispatch/parcels/<str:parcel_id>/", parcels.detail, name="parcel"),
    path("dispatch/parcels/<str:parcel_id>/step/", parcels.step, name="parcel_step"),
    path("dispatch/parcels/<str:parcel_id>/check/", parcels.tick, name="parcel_check"),
    path("dispatch/parcels/<str:parcel_id>/letter/", parcels.transmittal, name="transmittal"),
]
