"""The addresses of the public page."""

from django.urls import path

from songhe.portal import views

urlpatterns = [
    path("", views.home, name="home"),
    path("ask/", views.ask, name="ask"),
    path("compare/", views.compare_cities, name="compare"),
    path("policy/<slug:id>/", views.policy, name="policy"),
]
