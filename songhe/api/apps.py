from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The face for machines (接口)."""

    name = "songhe.api"
    verbose_name = "接口"
