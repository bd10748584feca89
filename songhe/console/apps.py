from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "songhe.console"
    verbose_name = "工作台"
