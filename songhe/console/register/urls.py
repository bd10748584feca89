from django.urls import path

from songhe.console.register import views

urlpatterns = [
    path("register/", views.listing, name="register"),
    path("register/count/", views.count, name="register-count"),
    path("register/columns/", views.choose_columns, name="register-columns"),
]
