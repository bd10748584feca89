from django.urls import path

from songhe.console.cockpit import estates, views

urlpatterns = [
    path("cockpit/", views.cockpit, name="cockpit"),
    path("cockpit/<int:division_id>/", views.cockpit_of, name="cockpit-of"),
    path("cockpit/<int:division_id>/population/", views.population, name="cockpit-population"),
    path("cockpit/<int:division_id>/estates/", estates.estates, name="cockpit-estates"),
]
