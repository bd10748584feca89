from django.urls import path

from songhe.console.facilities import changes, estates, importing, lacking, making_up, pools

_ESTATE = "facilities/estates/<uuid:estate>/"
_POOL = "facilities/pools/<uuid:pool>/"
_MAKE_UP = "facilities/make-ups/<uuid:make_up>/"

urlpatterns = [
    path("facilities/estates/", estates.estate_list, name="estates"),
    path("facilities/estates/new/", changes.new_estate, name="new-estate"),
    path("facilities/import/", importing.import_table, name="import-estates"),
    path("facilities/import/template/", importing.template, name="estates-template"),
    path("facilities/shortfalls/", lacking.shortfall_list, name="shortfalls"),
    path("facilities/same-time/", lacking.same_time, name="same-time"),
    path("facilities/institutions/", lacking.institution_list, name="institution-standards"),
    path(_ESTATE, estates.estate_page, name="estate"),
    path(f"{_ESTATE}rename/", changes.rename_estate, name="rename-estate"),
    path(f"{_ESTATE}close/", changes.close_estate, name="close-estate"),
    path(f"{_ESTATE}facts/<slug:estate_fact>/", changes.new_fact, name="estate-fact"),
    path(f"{_ESTATE}records/<int:estate_record>/", changes.retract_fact, name="retract-estate-fact"),
    path(f"{_ESTATE}make-up/<slug:policy_id>/<slug:standard>/", making_up.plan, name="plan-make-up"),
    path(f"{_MAKE_UP}done/", making_up.state_done, name="make-up-done"),
    path(f"{_MAKE_UP}confirm/", making_up.confirm, name="confirm-make-up"),
    path(f"{_MAKE_UP}give-up/", making_up.give_up, name="give-up-make-up"),
    path("facilities/pools/", pools.pool_list, name="pools"),
    path("facilities/pools/new/", pools.new_pool, name="new-pool"),
    path(_POOL, pools.pool_page, name="pool"),
    path(f"{_POOL}join/", pools.join, name="join-pool"),
    path(f"{_POOL}members/<int:pool_member>/", pools.leave, name="leave-pool"),
    path(f"{_POOL}facts/<slug:pool_fact>/", changes.new_pool_fact, name="pool-fact"),
    path(f"{_POOL}records/<int:pool_record>/", changes.retract_pool_fact, name="retract-pool-fact"),
]
