from django.urls import path

from songhe.console.organisations import accounts, changes, contracts, subsidies, views

_ONE = "organisations/<uuid:organisation>/"
_CONTRACT = "organisations/contracts/<uuid:contract>/"
_DELIVERY = "organisations/deliveries/<uuid:delivery>/"

urlpatterns = [
    path("organisations/", views.organisation_list, name="organisations"),
    path("organisations/new/", changes.new_organisation, name="new-organisation"),
    path(_ONE, views.organisation_page, name="organisation"),
    path(f"{_ONE}close/", changes.close_organisation, name="close-organisation"),
    path(f"{_ONE}facts/<slug:institution_fact>/", changes.new_fact, name="organisation-fact"),
    path(f"{_ONE}records/<int:organisation_record>/", changes.retract_fact, name="retract-organisation-fact"),
    path(f"{_ONE}account/", accounts.new_account, name="organisation-account"),
    path(f"{_ONE}accounts/<int:organisation_account>/confirm/", accounts.confirm, name="confirm-organisation-account"),
    path(f"{_ONE}accounts/<int:organisation_account>/end/", accounts.end, name="end-organisation-account"),
    path(f"{_ONE}subsidy/", subsidies.apply, name="apply-subsidy"),
    path(f"{_ONE}subsidies/<uuid:subsidy>/", subsidies.settle, name="settle-subsidy"),
    path(f"{_ONE}contract/", contracts.new_contract, name="new-contract"),
    path(_CONTRACT, contracts.contract_page, name="contract"),
    path(f"{_CONTRACT}confirm/", contracts.confirm, name="confirm-contract"),
    path(f"{_CONTRACT}delivery/", contracts.new_delivery, name="new-delivery"),
    path(f"{_DELIVERY}verify/", contracts.verify, name="verify-delivery"),
    path(f"{_DELIVERY}claim/", contracts.settle, name="settle-delivery"),
]
