"""Routes of protection (経路)."""

from django.urls import path

from madoguchi.protection.views import blocks, errands, measures, second

app_name = "protection"
urlpatterns = [
    path("protection/", measures.listing, name="list"),
    path("protection/new", measures.accept, name="accept"),
    path("protection/measures/<str:measure_id>/", measures.detail, name="detail"),
    path("protection/measures/<str:measure_id>/confirm", measures.confirm, name="confirm"),
    path("protection/measures/<str:measure_id>/extend", measures.extend, name="extend"),
    path("protection/measures/<str:measure_id>/forward", measures.forward, name="forward"),
    path("protection/measures/<str:measure_id>/end", measures.propose_to_end, name="propose_end"),
    path("protection/second/", second.queue, name="second"),
    path("protection/second/unlocks/<str:unlock_id>/grant", second.grant, name="grant_unlock"),
    path(
        "protection/second/unlocks/<str:unlock_id>/decline", second.decline, name="decline_unlock"
    ),
    path("protection/second/ends/grant", second.grant_ends, name="grant_ends"),
    path(
        "protection/second/ends/<str:ending_id>/decline", second.decline_ending, name="decline_end"
    ),
    path("protection/errands/", errands.queue, name="errands"),
    path("protection/errands/receive", errands.receive, name="receive"),
    path("protection/errands/<str:errand_id>/confirm", errands.confirm, name="confirm_system"),
    path("protection/errands/<str:errand_id>/attach", errands.attach, name="attach"),
    path("protection/blocks/", blocks.listing, name="blocks"),
    path("protection/blocks/set", blocks.put, name="set_block"),
    path("protection/blocks/<str:block_id>/clear", blocks.clear, name="clear_block"),
    path("protection/blocks/<str:block_id>/open", blocks.open_for_minutes, name="open_block"),
]
