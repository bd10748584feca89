from django.urls import path

from songhe.console.cases import acts, bulk, detail, opening, views

_CASE = "cases/<uuid:case>/"
_PERSON = "people/<uuid:person>/cases/"
urlpatterns = [
    path("desk/", views.desk_page, name="desk"),
    path("desk/applicants/", views.applicants_page, name="desk-applicants"),
    path("desk/many/", bulk.many_page, name="desk-many"),
    path("cases/", views.all_page, name="cases"),
    path("cases/new/", opening.find_person, name="case-new"),
    path("case-figures/", views.figures_page, name="case-figures"),
    path(_CASE, detail.case_page, name="case"),
    path(f"{_CASE}contact/<int:number>/", detail.contact_page, name="case-contact"),
    path(f"{_CASE}appeal/", opening.appeal_page, name="case-appeal"),
    path(f"{_CASE}complain/", opening.complain_page, name="case-complain"),
    path(f"{_CASE}answer/<int:number>/", acts.answer_page, name="case-answer"),
    path(f"{_CASE}do/<slug:act>/", acts.act_page, name="case-act"),
    path(_PERSON, opening.person_cases, name="person-cases"),
    path(f"{_PERSON}new/", opening.open_page, name="person-case-new"),
]
