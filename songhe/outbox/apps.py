from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "songhe.outbox"
    label = "outbox"
    verbose_name = "待发短信"
    default_auto_field = "django.db.models.BigAutoField"
