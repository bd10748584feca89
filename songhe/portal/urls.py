"""The addresses of the public page."""

from django.urls import include, path

from songhe.portal import cities, notices, opendata, views

urlpatterns = [
    path("", views.home, name="home"),
    path("ask/", views.ask, name="ask"),
    path("compare/", views.compare_cities, name="compare"),
    path("cities/", cities.cities, name="cities"),
    path("cities/table.<slug:extension>", cities.cities_file, name="cities-file"),
    path("notices/", notices.notices_page, name="notices"),
    path("notices/<uuid:case>/", notices.notice_page, name="notice"),
    path("open-data/", opendata.open_data, name="open-data"),
    path("open-data/<uuid:publication>/", opendata.release_page, name="open-data-release"),
    path("open-data/<uuid:publication>/<str:name>", opendata.release_file, name="open-data-file"),
    path("policy/<slug:id>/", views.policy, name="policy"),
    path("my/", include("songhe.portal.my.urls")),
]
