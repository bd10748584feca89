from django.urls import path

from songhe.console.home import views

urlpatterns = [path("", views.home, name="home")]
