from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Data coming in from departments (数据导入)."""

    name = "songhe.intake"
    verbose_name = "数据导入"
