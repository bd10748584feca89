from django.urls import path

from songhe.console.session import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.change_password, name="password"),
    path("second-factor/", views.second_factor, name="second-factor"),
    path("language/", views.switch_language, name="language"),
]
