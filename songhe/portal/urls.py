"""The addresses of the public page."""

from django.urls import include, path

from songhe.portal import cities, notices, views

urlpatterns = [
    path("", views.home, name="home"),
    path("ask/", views.ask, name="ask"),
    path("compare/", views.compare_cities, name="compare"),
    path("cities/", cities.cities, name="cities"),
    path("cities/table.<slug:extension>", cities.cities_file, name="cities-file"),
    path("notices/", notices.notices_page, name="notices"),
    path("notices/<uuid:case>/", notices.notice_page, name="notice"),
    path("policy/<slug:id>/", views.policy, name="policy"),
    path("my/", include("songhe.portal.my.urls")),
]
