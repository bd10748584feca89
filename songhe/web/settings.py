"""Django's settings for the public page: no database, no sessions, no users, nothing kept."""

from __future__ import annotations

import os
import secrets

# Nothing is signed for later, so a key that is new with every start costs nobody anything.
SECRET_KEY = os.environ.get("SONGHE_SECRET_KEY") or secrets.token_urlsafe(50)
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS += [host.strip() for host in os.environ.get("SONGHE_ALLOWED_HOSTS", "").split(",") if host.strip()]

INSTALLED_APPS = ["django.contrib.staticfiles", "songhe.portal"]
MIDDLEWARE = [
    "songhe.web.headers.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
]
ROOT_URLCONF = "songhe.web.urls"
WSGI_APPLICATION = "songhe.web.wsgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DATABASES: dict[str, dict[str, str]] = {}

# The page speaks both languages by its own pairs of texts; days are China's.
USE_I18N = False
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 600
WHITENOISE_ALLOW_ALL_ORIGINS = False

# The longest honest form has some forty short fields.
MAX_BODY = 32 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 1

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"reserved": {"()": "songhe.web.logs.ReservedFormatter", "fmt": "%(levelname)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "reserved"}},
    "loggers": {"django": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}
