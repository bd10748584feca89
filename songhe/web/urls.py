"""Every address there is."""

from django.urls import include, path

from songhe.web.health import health

urlpatterns = [
    path("healthz", health, name="health"),
    path("", include("songhe.portal.urls")),
]

handler400 = "songhe.portal.errors.bad_request"
handler404 = "songhe.portal.errors.not_found"
handler500 = "songhe.portal.errors.server_error"
