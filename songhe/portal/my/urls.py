"""The addresses of a person's own pages."""

from django.urls import path

from songhe.portal.my import acting, signing, views

urlpatterns = [
    path("", views.start, name="my"),
    path("sign-in/", signing.enter_number, name="my-sign-in"),
    path("code/", signing.enter_code, name="my-code"),
    path("counter/", signing.enter_counter_code, name="my-counter"),
    path("sign-out/", signing.leave, name="my-sign-out"),
    path("items/", views.items, name="my-items"),
    path("items/<str:item>/", views.item, name="my-item"),
    path("items/<str:item>/apply/", acting.apply, name="my-apply"),
    path("payments/", views.payments, name="my-payments"),
    path("payments/<int:claim>/", views.payment, name="my-payment"),
    path("cases/", views.cases, name="my-cases"),
    path("cases/<uuid:case>/", views.case, name="my-case"),
    path("cases/<uuid:case>/agree/", acting.agree, name="my-agree"),
    path("cases/<uuid:case>/mend/", acting.mend, name="my-mend"),
    path("cases/<uuid:case>/withdraw/", acting.take_back, name="my-withdraw"),
    path("cases/<uuid:case>/appeal/", acting.disagree, name="my-appeal"),
    path("cases/<uuid:case>/complain/", acting.criticise, name="my-complain-about"),
    path("complain/", acting.criticise, name="my-complain"),
    path("missing/", views.missing, name="my-missing"),
    path("family/", views.family, name="my-family"),
]
