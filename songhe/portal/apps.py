from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The public page (公众页面)."""

    name = "songhe.portal"
