"""Django's settings. The public page keeps nothing and sets no cookie; staff work on the database."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from songhe.common.keyring import load_keyring
from songhe.web.database import databases

# Refuses to start when the keys may not be used; see songhe.common.keyring.
KEYRING = load_keyring()
SECRET_KEY = os.environ.get("SONGHE_SECRET_KEY") or KEYRING.derive("django")
PRODUCTION = os.environ.get("SONGHE_PRODUCTION") == "1"
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS += [host.strip() for host in os.environ.get("SONGHE_ALLOWED_HOSTS", "").split(",") if host.strip()]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "songhe.divisions.apps.DivisionsConfig",
    "songhe.accounts.apps.AccountsConfig",
    "songhe.registry.apps.RegistryConfig",
    "songhe.organisations.apps.OrganisationsConfig",
    "songhe.outbox.apps.OutboxConfig",
    "songhe.citizens.apps.CitizensConfig",
    "songhe.casework.apps.CaseworkConfig",
    "songhe.linkage.apps.LinkageConfig",
    "django_tasks",
    "django_tasks_db",
    "songhe.intake.apps.IntakeConfig",
    "songhe.payment.apps.PaymentConfig",
    "songhe.facilities.apps.FacilitiesConfig",
    "songhe.indicators.apps.IndicatorsConfig",
    "songhe.plan.apps.PlanConfig",
    "songhe.reports.apps.ReportsConfig",
    "songhe.upkeep.apps.UpkeepConfig",
    "songhe.entitlement.apps.EntitlementConfig",
    "songhe.pages",
    "ninja",
    "songhe.api.apps.ApiConfig",
    "songhe.portal",
    "songhe.console.apps.ConsoleConfig",
]
MIDDLEWARE = [
    "songhe.web.headers.SecurityHeaders",
    "songhe.web.bodies.LargeBodies",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "songhe.web.staff.StaffMiddleware",
]
# For these paths only: the public's pages know nobody and set no cookie.
STAFF_PATHS = ("/console/", "/api/")
# Somebody's own pages: a cookie of theirs alone, and none of the staff's.
CITIZEN_PATHS = ("/my/",)
STAFF_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "songhe.accounts.middleware.SessionLimits",
    "django_otp.middleware.OTPMiddleware",
    "songhe.accounts.middleware.Gate",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "songhe.web.urls"
WSGI_APPLICATION = "songhe.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = databases(Path(os.environ.get("SONGHE_HOME", Path.cwd())))
# Uploads of departments lie here, sealed.
UPLOADS = Path(os.environ.get("SONGHE_HOME", Path.cwd())) / "var" / "uploads"
# Snapshots and decisions of monthly runs.
RUNS = Path(os.environ.get("SONGHE_HOME", Path.cwd())) / "var" / "runs"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("username", "display_name")}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]

# Where songhe.accounts.middleware.Gate leads whoever must do something first, and what stays open meanwhile.
GATE_PATHS = {
    "sign_in": "/console/sign-in/",
    "password": "/console/password/",
    "second_factor": "/console/second-factor/",
}
GATE_OPEN_PATHS = frozenset({*GATE_PATHS.values(), "/console/sign-out/", "/console/language/"})
LOGIN_URL = GATE_PATHS["sign_in"]

# What an authenticator app shows beside the user name.
OTP_TOTP_ISSUER = "松鹤 Songhe"

# Seconds: twelve hours however busy, half an hour idle.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "songhe.web.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# An account closes, whoever tries: an office shares one address, and a guesser has many.
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "songhe.web.staff.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# W002 looks for its middleware in MIDDLEWARE, it stands in STAFF_MIDDLEWARE; W006 wants addresses locked, see above.
SILENCED_SYSTEM_CHECKS = ["axes.W002", "axes.W006"]

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
# A thousand records, a file about a city of a million, a bank's answer to a large batch, the borders of a city's
# villages, a document shown as evidence; by the path's beginning.
LARGE_BODIES = {
    "/api/v1/records": 4 * 1024 * 1024,
    "/console/imports/new/": 512 * 1024 * 1024,
    "/console/facilities/import/": 8 * 1024 * 1024,
    "/console/divisions/boundaries/": 64 * 1024 * 1024,
    "/console/payments/answers/": 64 * 1024 * 1024,
    "/console/plan/": 32 * 1024 * 1024,
    "/console/indicators/enter/": 20 * 1024 * 1024,
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = ["songhe.web.uploads.UnnamedFiles"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"reserved": {"()": "songhe.web.logs.ReservedFormatter", "fmt": "%(levelname)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "reserved"}},
    "loggers": {"django": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}
