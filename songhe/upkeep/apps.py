from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "songhe.upkeep"
    verbose_name = "日常维护"
