from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    name = "songhe.facilities"
    label = "facilities"
    verbose_name = "小区与设施标准"
    default_auto_field = "django.db.models.BigAutoField"
