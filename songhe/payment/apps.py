from django.apps import AppConfig


class PaymentConfig(AppConfig):
    name = "songhe.payment"
    label = "payment"
    verbose_name = "资金发放"
    default_auto_field = "django.db.models.BigAutoField"
