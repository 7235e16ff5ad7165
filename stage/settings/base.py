"""Settings that hold everywhere. What differs per place comes from the environment."""

from pathlib import Path
from urllib.parse import quote

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu import Queue

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

VAR_DIR = Path(env("STAGE_VAR", default=str(BASE_DIR / "var")))
FILES_ROOT = Path(env("FILES_ROOT", default=str(VAR_DIR / "files")))
# On: the web server hands out private files after the view's say-so (X-Accel-Redirect).
FILES_BEHIND_NGINX = env.bool("FILES_BEHIND_NGINX", default=False)

DEBUG = False
SECRET_KEY = env("SECRET_KEY", default="")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000")

# Who sends `Authorization: Bearer …` with it reads counts on /health/; empty: the operator alone.
HEALTH_TOKEN = env("HEALTH_TOKEN", default="")

# How long a press can be taken back; until then nobody is mailed of it.
# Nothing but safety and what somebody asked for is mailed at night (`stage.core.mail.pace`).
QUIET_HOURS = env.bool("QUIET_HOURS", default=True)
UNDO_SECONDS = env.int("UNDO_SECONDS", default=120)

INSTALLED_APPS = [
    "stage.core",
    "stage.schools",
    "companies",
    "placements",
    "placements.agreements",
    "attendance",
    "assessments",
    "stage.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "stage.core.who.middleware.WebMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "stage.core.who.middleware.CompressMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "stage.core.who.middleware.NoStoreMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "stage.core.ui.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "stage.core.who.middleware.LoginMarkMiddleware",
    "stage.core.who.middleware.ActorMiddleware",
    "stage.web.middleware.NoNulMiddleware",
    "stage.web.middleware.ConflictMiddleware",
]

ROOT_URLCONF = "stage.urls"
WSGI_APPLICATION = "stage.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "stage.web.context_processors.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "stage.core.templatetags.ui",
                "stage.core.templatetags.lists",
                "stage.schools.templatetags.kept",
            ],
        },
    }
]
FORM_RENDERER = "stage.core.ui.forms.StageFormRenderer"


def database(url_name: str) -> dict:
    """The database of one environment variable, on the engine that sets the tenant's scope."""
    config = env.db_url(url_name, default="postgres:///none")
    config["ENGINE"] = "stage.core.tenants.postgres"
    config["HOST"] = config.setdefault("OPTIONS", {}).pop("host", config["HOST"])
    config["ATOMIC_REQUESTS"] = True
    config["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    config["CONN_HEALTH_CHECKS"] = True
    config["DISABLE_SERVER_SIDE_CURSORS"] = True
    return config


# The login role owns nothing and bypasses nothing: `stage_app` for the web, which can never see
# everything, `stage_worker` for jobs and commands. Migrations use the owner: `make` passes
# DATABASE_OWNER_URL as DATABASE_URL to `manage.py migrate`, see docs/operations.md.
DATABASES = {"default": database("DATABASE_URL")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In the database, so that Redis carries only Celery's messages: its loss costs no log-in.
CACHES = {
    "default": {
        "BACKEND": "stage.core.tenants.json_cache.JsonDatabaseCache",
        "LOCATION": "django_cache",
        # The log-in library's limits stand here: throwing entries away early would lift them.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "sessionid"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_COOKIE_HTTPONLY = True
# People without an account: the browser that asked for a code, and the one that proved itself.
BROWSER_COOKIE_NAME = "browser"
DEVICE_COOKIE_NAME = "device"
CSRF_FAILURE_VIEW = "stage.web.views.errors.csrf_failure"

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["stage.core.who.login_backend.LoginBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "web:login"
LOGIN_REDIRECT_URL = "web:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "web:login"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""  # else the Host header, which is the visitor's
ACCOUNT_FORMS = {"login": "stage.web.forms.entrance.StaffLoginForm"}
ACCOUNT_ADAPTER = "stage.core.who.accounts.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Stage"

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]  # each in its own words
FORMAT_MODULE_PATH = ["stage.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
# Our pages alone use them; it is one header less to each file of a page.
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "stage.core.ui.static_files.StaticFiles"},
}

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
# Seals have a queue of their own; a worker that is not told which to take (`-Q`) takes both.
CELERY_TASK_QUEUES = [Queue("celery"), Queue("sealing")]
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A broker that is away must cost a user a second at most and no error: the work stands in a table.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "max_retries": 1,
    "visibility_timeout": 3600,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env("EMAIL_HOST", default="127.0.0.1")
EMAIL_PORT = env.int("EMAIL_PORT", default=1025)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10

# Notices on phones: 32 bytes in base64url, made by `manage.py push_key`. Empty: there are none.
VAPID_PRIVATE_KEY = env("VAPID_PRIVATE_KEY", default="")
# Whom a push service writes to when something is wrong: a mailto: or https: address.
VAPID_SUBJECT = env("VAPID_SUBJECT", default="mailto:stage@localhost")
# The makers' push services; a name that begins with a dot is every host under it.
PUSH_HOSTS = (
    *("fcm.googleapis.com", "updates.push.services.mozilla.com"),
    *(".push.apple.com", ".notify.windows.com"),
)
PUSH_TEST_ORIGIN = ""  # of a push service that tests run
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Stage <stage@localhost>")

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": ["self"],
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "usb": [],
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["stage.core.api.access.ActorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["stage.core.api.access.DeclaredAccess"],
    "DEFAULT_THROTTLE_CLASSES": ["stage.core.api.access.ActorThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "stage.core.api.access.AlwaysJson",
    "DEFAULT_SCHEMA_CLASS": "stage.core.api.schema.ApiSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "stage.core.api.errors.handle",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Stage",
    "DESCRIPTION": _("Lezen wat een school van haar stages weet. Schrijven komt later."),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["stage.core.api.schema.add_problems"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
}
API_REQUESTS_PER_MINUTE = 300

# The sandbox pages (mailbox, current TOTP codes, /stijl/) exist only where this is on.
DEMO_PAGES = False
DEMO_PASSWORD = ""  # of every log-in the demo makes; empty where there is no demo

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "stage.core.record.redact.Formatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {name: {"level": "WARNING"} for name in ("pikepdf", "fontTools", "weasyprint")},
}


def unix_database_url(role: str, database_name: str, socket_dir: str) -> str:
    """A DATABASE_URL over a unix socket, in the one form every reader of such URLs understands."""
    return f"postgres://{role}@/{database_name}?host={quote(socket_dir)}"


# Roles that must have a second factor (design.md, log-ins).
SECOND_FACTOR_ROLES = ("bureau", "coordinator", "operator")
