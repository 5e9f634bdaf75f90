"""Routes of the figures (経路)."""

from django.urls import include, path

from madoguchi.insights.views import campaigns, desk, effect, mistakes

own = [
    path("", effect.effect, name="effect"),
    path("chart.svg", effect.chart, name="chart"),
    path("rows/", effect.rows, name="rows"),
    path("effect.xlsx", effect.book, name="book"),
    path("effect.pdf", effect.paper, name="paper"),
    path("tables/", effect.tables, name="tables"),
    path("tables/take-in/", effect.take_in, name="take_in"),
    path("tables/<str:table_id>/undo/", effect.undo, name="undo_table"),
    path("errors/", mistakes.errors, name="errors"),
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/new/", campaigns.new, name="new_campaign"),
    path("campaigns/<str:campaign_id>/", campaigns.campaign, name="campaign"),
    path("campaigns/<str:campaign_id>/count/", campaigns.count, name="count"),
    path("campaigns/<str:campaign_id>/cost/", campaigns.cost, name="cost"),
    path("campaigns/<str:campaign_id>/undo/", campaigns.undo, name="undo_campaign"),
    path("desk/", desk.desk, name="desk"),
    path("inputs/", effect.inputs, name="inputs"),
]

urlpatterns = [path("insights/", include((own, "insights")))]
