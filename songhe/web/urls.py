"""Every address there is."""

from django.urls import include, path

from songhe.api.urls import api
from songhe.web.health import health

urlpatterns = [
    path("healthz", health, name="health"),
    path("api/v1/", api.urls),
    path("console/", include("songhe.console.urls")),
    path("", include("songhe.portal.urls")),
]

handler400 = "songhe.web.errors.bad_request"
handler403 = "songhe.web.errors.forbidden"
handler404 = "songhe.web.errors.not_found"
handler500 = "songhe.web.errors.server_error"
