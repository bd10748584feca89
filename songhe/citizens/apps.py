from django.apps import AppConfig


class CitizensConfig(AppConfig):
    name = "songhe.citizens"
    label = "citizens"
    verbose_name = "本人与家属登录"
    default_auto_field = "django.db.models.BigAutoField"
