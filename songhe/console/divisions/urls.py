from django.urls import path

from songhe.console.divisions import views

urlpatterns = [
    path("divisions/", views.division_tree, name="divisions"),
    path("divisions/suggestions/", views.suggestions, name="division-suggestions"),
]
