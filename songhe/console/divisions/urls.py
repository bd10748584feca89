from django.urls import path

from songhe.console.divisions import changes, views

urlpatterns = [
    path("divisions/", views.division_tree, name="divisions"),
    path("divisions/suggestions/", views.suggestions, name="division-suggestions"),
    path("divisions/<int:division_id>/", views.division_page, name="division"),
    path("divisions/<int:division_id>/<slug:kind>/", changes.change, name="change-division"),
]
