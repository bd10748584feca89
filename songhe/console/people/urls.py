from django.urls import path

from songhe.console.people import codes, entitlements, recording, relatives, views

_FILE = "people/<uuid:person>/"
urlpatterns = [
    path("people/new/", recording.new_file, name="person-new"),
    path(_FILE, views.facts, name="person"),
    path(f"{_FILE}timeline/", views.story, name="person-timeline"),
    path(f"{_FILE}family/", views.family, name="person-family"),
    path(f"{_FILE}entitlements/", entitlements.months, name="person-entitlements"),
    path(f"{_FILE}why/<str:item>/<int:month>/", entitlements.reason, name="person-why"),
    path(f"{_FILE}sealed/<slug:fact>/", views.show_sealed, name="person-sealed"),
    path(f"{_FILE}record/<slug:fact>/", recording.record_fact, name="person-record"),
    path(f"{_FILE}death/", recording.record_death, name="person-death"),
    path(f"{_FILE}retract/<int:record>/", recording.retract, name="person-retract"),
    path(f"{_FILE}kin/", relatives.add_kin, name="kin-add"),
    path(f"{_FILE}kin/<int:kinship>/end/", relatives.end_kin, name="kin-end"),
    path(f"{_FILE}household/", relatives.found_household, name="household-found"),
    path(f"{_FILE}household/join/", relatives.join_household, name="household-join"),
    path(f"{_FILE}household/<int:membership>/leave/", relatives.leave_household, name="household-leave"),
    path(f"{_FILE}code/", codes.code, name="person-code"),
    path(f"{_FILE}consent/", relatives.give_consent, name="consent"),
]
