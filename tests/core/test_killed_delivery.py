"""A worker that is killed while it sends: the small form of the drill `workers`."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from stage.core.enums import MailState
from stage.core.mail import delivery
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.settings.base import unix_database_url
from tests.core.test_delivery import EVENT, _event, put, sink, states  # noqa: F401 (fixtures)

MAILS = 40
WORKER = f"""
import django
django.setup()
from django.conf import settings
from stage.core import mail
from stage.core.mail import delivery, letters
letters.HANDLERS[{EVENT!r}] = lambda row: mail.Letter("base", {{}})
letters.NOTICES[{EVENT!r}] = mail.Notice("agreement")
letters.as_text = letters.render_to_string = lambda name, context: "voor jou"
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
delivery.deliver()
"""


@pytest.mark.parametrize(
    ("dies_at", "kept"), [("RCPT", 0), ("DATA", 1)], ids=["before the text", "after the text"]
)
def test_a_killed_worker_doubles_and_loses_nothing(
    committed_world,
    sink,  # noqa: F811
    settings,
    dies_at,
    kept,
):
    """It dies with the fifth letter in its hands, which the server has (`kept`) or has not."""
    put(committed_world, MAILS)
    sink.stops_at = (dies_at, 5)
    at = connection.settings_dict
    environment = os.environ | {
        "DATABASE_URL": unix_database_url(at["USER"], at["NAME"], at["HOST"]),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(settings.EMAIL_PORT),
    }
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment)
    stopped = sink.stopped.wait(60)
    worker.kill()
    worker.wait()
    assert stopped
    # Claimed together, handed over one by one.
    assert states() == {MailState.SENT: 4, MailState.HANDOVER: 1, MailState.CLAIMED: MAILS - 5}
    sink.stops_at = None
    with use(SYSTEM):
        OutboxMail.objects.update(changed_at=F("changed_at") - timedelta(minutes=6))
    assert delivery.sweep() == (MAILS - 5, 1)
    delivery.deliver()
    assert states() == {MailState.SENT: MAILS - 1, MailState.UNCERTAIN: 1}
    assert len(sink.received) == MAILS - 1 + kept
