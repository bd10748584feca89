from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "songhe.casework"
    label = "casework"
    verbose_name = "事项办理"
    default_auto_field = "django.db.models.BigAutoField"
