"""The console's addresses, area by area."""

from django.urls import URLPattern

from songhe.console.home.urls import urlpatterns as home
from songhe.console.session.urls import urlpatterns as session

app_name = "console"
urlpatterns: list[URLPattern] = [*home, *session]
