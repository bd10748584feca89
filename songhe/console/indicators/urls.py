from django.urls import path

from songhe.console.indicators import behind, counting, defining, entering, views

_PLACE = "indicators/<int:division_id>/"
_ONE = f"{_PLACE}<slug:package>/<str:indicator>/"

urlpatterns = [
    path("indicators/", views.indicators, name="indicators"),
    path("indicators/enter/<int:division_id>/<slug:package>/<str:indicator>/", entering.enter_one, name="enter-figure"),
    path("indicators/figures/<uuid:figure>/settle/", entering.settle, name="settle-figure"),
    path("indicators/evidence/<uuid:evidence>/", entering.evidence_file, name="evidence"),
    path("indicators/definitions/<uuid:definition>/settle/", defining.settle, name="settle-definition"),
    path(_PLACE, views.indicator_list, name="indicators-of"),
    path(f"{_PLACE}table.csv", views.list_csv, name="indicators-csv"),
    path(f"{_PLACE}count/", counting.count, name="count-indicators"),
    path(f"{_PLACE}waiting/", entering.waiting, name="figures-waiting"),
    path(_ONE, views.indicator_page, name="indicator"),
    path(f"{_ONE}months.csv", views.months_csv, name="indicator-csv"),
    path(f"{_ONE}define/", defining.define_one, name="define-indicator"),
    path(f"{_ONE}records/", behind.records, name="indicator-records"),
]
