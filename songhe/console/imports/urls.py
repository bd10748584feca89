from django.urls import path

from songhe.console.imports import guides, steps, views

urlpatterns = [
    path("imports/", views.import_list, name="imports"),
    path("imports/new/", steps.new_import, name="new-import"),
    path("imports/guides/", guides.guide_list, name="import-guides"),
    path("imports/guides/<slug:source>/", guides.guide_page, name="import-guide"),
    path("imports/guides/<slug:source>/template.<slug:extension>", guides.template, name="import-template"),
    path("imports/<uuid:import_id>/", views.import_page, name="import"),
    path("imports/<uuid:import_id>/try/", steps.try_again, name="try-import"),
    path("imports/<uuid:import_id>/run/", steps.run, name="run-import"),
    path("imports/<uuid:import_id>/cancel/", steps.cancel_import, name="cancel-import"),
    path("imports/<uuid:import_id>/withdraw/", steps.withdraw_file, name="withdraw-import"),
    path("imports/<uuid:import_id>/errors/", steps.errors, name="import-errors"),
]
