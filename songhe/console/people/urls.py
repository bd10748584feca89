from django.urls import path

from songhe.console.people import views

_FILE = "people/<uuid:person>/"
urlpatterns = [
    path(_FILE, views.facts, name="person"),
    path(f"{_FILE}timeline/", views.story, name="person-timeline"),
    path(f"{_FILE}family/", views.family, name="person-family"),
    path(f"{_FILE}sealed/<slug:fact>/", views.show_sealed, name="person-sealed"),
]
