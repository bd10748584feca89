from django.urls import path

from songhe.console.quality import views

urlpatterns = [
    path("quality/", views.quality, name="quality"),
    path("quality/measure/", views.measure, name="measure-quality"),
    path("quality/<int:division_id>/", views.division_quality, name="division-quality"),
    path("quality/<int:division_id>/table.csv", views.download, name="quality-csv"),
    path("quality/<int:division_id>/<slug:fact>/", views.fact_quality, name="fact-quality"),
]
