from django.apps import AppConfig


class EntitlementConfig(AppConfig):
    name = "songhe.entitlement"
    label = "entitlement"
    verbose_name = "待遇核定"
    default_auto_field = "django.db.models.BigAutoField"
