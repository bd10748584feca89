from django.urls import path

from songhe.console.users import changes, views

urlpatterns = [
    path("users/", views.user_list, name="users"),
    path("users/new/", views.new_user, name="new-user"),
    path("users/<int:user_id>/", views.user_page, name="user"),
    path("users/<int:user_id>/role/", changes.give_role, name="give-role"),
    path("users/<int:user_id>/role/<int:grant_id>/", changes.revoke_role, name="revoke-role"),
    path("users/<int:user_id>/lock/", changes.lock, name="lock-user"),
    path("users/<int:user_id>/unlock/", changes.unlock, name="unlock-user"),
    path("users/<int:user_id>/password/", changes.reset_password, name="reset-password"),
    path("users/<int:user_id>/second-factor/", changes.reset_factor, name="reset-second-factor"),
]
