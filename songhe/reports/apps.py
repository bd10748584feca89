from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "songhe.reports"
    label = "reports"
    verbose_name = "统计报告"
    default_auto_field = "django.db.models.BigAutoField"
