from django.urls import path

from songhe.console.divisions import borders, changes, views

urlpatterns = [
    path("divisions/", views.division_tree, name="divisions"),
    path("divisions/suggestions/", views.suggestions, name="division-suggestions"),
    path("divisions/boundaries/", borders.borders, name="borders"),
    path("divisions/<int:division_id>/borders.json", borders.borders_below, name="borders-below"),
    path("divisions/<int:division_id>/", views.division_page, name="division"),
    path("divisions/<int:division_id>/<slug:kind>/", changes.change, name="change-division"),
]
