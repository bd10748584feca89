from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "songhe.plan"
    label = "plan"
    verbose_name = "任务"
    default_auto_field = "django.db.models.BigAutoField"
