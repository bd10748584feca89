from django.urls import path

from songhe.console.register import views
from songhe.console.register.export import take_along

urlpatterns = [
    path("register/", views.listing, name="register"),
    path("register/count/", views.count, name="register-count"),
    path("register/columns/", views.choose_columns, name="register-columns"),
    path("register/export/", take_along, name="register-export"),
]
