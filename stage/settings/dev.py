"""Development and demo: plain http on this machine, with the pages that show the demo's mail."""

from stage.settings.base import *  # noqa: F403

SECRET_KEY = env("SECRET_KEY", default="only-for-development-and-the-demo-on-this-machine")  # noqa: F405
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *ALLOWED_HOSTS]  # noqa: F405
INSTALLED_APPS.insert(INSTALLED_APPS.index("stage.web"), "stage.devtools")  # noqa: F405
QUIET_HOURS = env.bool("QUIET_HOURS", default=False)  # noqa: F405 - a demo is given at any hour
DEMO_PAGES = True
DEMO_PASSWORD = "welkom-bij-stage"  # noqa: S105
