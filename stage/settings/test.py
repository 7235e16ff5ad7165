"""Tests: real engines, a fast password hasher, static files straight from the tree."""

from stage.settings.base import *  # noqa: F403

SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
INSTALLED_APPS.insert(INSTALLED_APPS.index("stage.web"), "stage.devtools")  # noqa: F405
DEMO_PAGES = True
DEMO_PASSWORD = "welkom-bij-stage"  # noqa: S105
QUIET_HOURS = False  # tests run at any hour; those about the night switch it on
STATIC_ROOT = None  # type: ignore[assignment]
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True


class UndefinedVariable(str):
    """Put in place of a template variable that does not exist: fails the test that shows it."""

    __slots__ = ()

    def __mod__(self, name):
        raise AssertionError(f"undefined template variable: {name}")

    def __contains__(self, text):
        return text == "%s"


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable("%s")  # type: ignore[index]  # noqa: F405
