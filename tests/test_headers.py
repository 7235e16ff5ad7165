"""What every answer says beside its body, and its cookies, under the settings of production."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as running
from django.test import Client
from django.urls import reverse

from tests.clients import client_of

ROOT = Path(__file__).parent.parent
SECRETS = {
    "SECRET_KEY": "k3y-" * 20 + "and some more 0123456789",
    "ALLOWED_HOSTS": "testserver",
    "SITE_URL": "https://testserver",
}
WANTED = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}
CLOSED = ("base-uri", "frame-ancestors", "object-src", "default-src")


@pytest.fixture
def production(monkeypatch, settings):
    """Production's own security settings, in this process."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    found = runpy.run_module("stage.settings.production")
    for name, value in found.items():
        if name.startswith(("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_", "CONTENT_", "X_FRAME")):
            setattr(settings, name, value)


def answers(world) -> dict:
    """One of every kind: page, form, refusal, redirect, JSON, file."""
    nobody = Client(headers={"x-forwarded-proto": "https"})
    client = client_of(world.berk.coordinator)
    client.cookies[running.SESSION_COOKIE_NAME] = client.cookies[running.SESSION_COOKIE_NAME].value
    asked = {
        "log in": (nobody, reverse("web:login")),
        "sent to log in": (nobody, reverse("web:home")),
        "not there": (nobody, "/niets/"),
        "api refused": (nobody, reverse("api:student_list")),
        "health": (nobody, reverse("web:health")),
        "home": (client, reverse("web:home")),
        "list": (client, reverse("schools:student_list")),
        "export": (client, reverse("schools:student_export")),
        "not for you": (client, reverse("attendance:week")),
        "api": (client, reverse("api:student_list")),
    }
    return {name: who.get(url, secure=True) for name, (who, url) in asked.items()}


def test_every_kind_of_answer_has_every_header(world, production):
    found = answers(world)
    codes = {name: r.status_code for name, r in found.items()}
    assert codes["home"] == codes["api"] == codes["export"] == codes["log in"] == 200
    assert (codes["not there"], codes["not for you"], codes["api refused"]) == (404, 403, 401)
    wrong = [
        (name, header, response.headers.get(header))
        for name, response in found.items()
        for header, value in WANTED.items()
        if response.headers.get(header) != value
    ]
    assert wrong == []
    for name, response in found.items():
        rules = dict(
            part.strip().partition(" ")[::2]
            for part in response["Content-Security-Policy"].split(";")
        )
        assert {rules[rule] for rule in CLOSED} == {"'none'"}, name
        assert "unsafe" not in response["Content-Security-Policy"], name
        assert "http" not in response["Content-Security-Policy"], name
        assert "geolocation=()" in response["Permissions-Policy"], name


def test_plain_http_is_sent_to_https(production, db):
    response = Client().get("/inloggen/?next=/ik/")
    assert response.status_code == 301
    assert response["Location"] == "https://testserver/inloggen/?next=/ik/"


def test_cookies_are_the_host_s_own(world, production):
    client = Client()
    client.get(reverse("account_login"), secure=True)
    client.post(reverse("web:link_ask"), {"email": "iemand@voorbeeld.test"}, secure=True)
    names = set()
    for name, morsel in client.cookies.items():
        names.add(name)
        told = (morsel["secure"], morsel["httponly"], morsel["path"], morsel["domain"])
        assert told == (True, True, "/", ""), name
        assert morsel["samesite"] in ("Lax", "Strict"), name
    assert "__Host-csrftoken" in names


def test_the_deploy_check_has_no_warning():
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=os.environ | SECRETS | {"DJANGO_SETTINGS_MODULE": "stage.settings.production"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, "no issues (0 silenced)" in done.stdout) == (0, True), done.stderr
