from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "songhe.organisations"
    label = "organisations"
    verbose_name = "机构与服务商"
    default_auto_field = "django.db.models.BigAutoField"
