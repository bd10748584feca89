from django.urls import path

from songhe.console.conflicts import views

urlpatterns = [
    path("conflicts/", views.listing, name="conflicts"),
    path("conflicts/<uuid:person>/<slug:fact>/", views.settle, name="conflict"),
]
