"""Settings of the floor of a request: sessions and the product's engine, nothing else."""

from stage.settings.dev import *  # noqa: F403

ROOT_URLCONF = "tests.bench.bare"
WSGI_APPLICATION = "tests.bench.bare.application"
INSTALLED_APPS = ["django.contrib.sessions"]
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware"]
TEMPLATES: list = []
