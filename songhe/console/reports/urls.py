"""Reports: the list, one of them with its files, and what is published of it."""

from django.urls import path

from songhe.console.reports import publishing, views

urlpatterns = [
    path("reports/", views.report_list, name="reports"),
    path("reports/new/", views.new_report, name="new-report"),
    path("reports/<uuid:report_id>/", views.report_page, name="report"),
    path("reports/<uuid:report_id>/file.<slug:report_format>", views.report_download, name="report-file"),
    path("reports/<uuid:report_id>/publish/", publishing.propose_publication, name="propose-publication"),
    path("reports/publications/<uuid:publication_id>/", publishing.publication_page, name="publication"),
    path(
        "reports/publications/<uuid:publication_id>/approve/",
        publishing.approve_publication,
        name="approve-publication",
    ),
    path(
        "reports/publications/<uuid:publication_id>/withdraw/",
        publishing.withdraw_publication,
        name="withdraw-publication",
    ),
]
