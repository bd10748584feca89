from django.urls import path

from songhe.console.audit import views

urlpatterns = [
    path("audit/", views.trail, name="audit"),
    path("audit/verify/", views.verify, name="audit-verify"),
]
