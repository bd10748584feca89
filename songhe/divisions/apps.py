from django.apps import AppConfig


class DivisionsConfig(AppConfig):
    name = "songhe.divisions"
    label = "divisions"
    verbose_name = "行政区划"
    default_auto_field = "django.db.models.BigAutoField"
