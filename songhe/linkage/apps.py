from django.apps import AppConfig


class LinkageConfig(AppConfig):
    name = "songhe.linkage"
    label = "linkage"
    verbose_name = "重复档案"
    default_auto_field = "django.db.models.BigAutoField"
