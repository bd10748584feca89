from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "songhe.accounts"
    label = "accounts"
    verbose_name = "用户与审计"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from songhe.accounts import scope, signals  # noqa: F401
