"""A worker that is killed while it sends: the small form of the drill `workers`."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

from django.db import connection
from django.db.models import F

from stage.core.enums import MailState
from stage.core.mail import delivery
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.devtools.embedded.processes import wait_until
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
letters.as_text = letters.render_to_string = lambda name, context: "voor jou"
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
delivery.deliver()
"""


def test_a_killed_worker_doubles_and_loses_nothing(committed_world, sink, settings):  # noqa: F811
    put(committed_world, MAILS)
    sink.delay = 0.02
    at = connection.settings_dict
    environment = os.environ | {
        "DATABASE_URL": unix_database_url(at["USER"], at["NAME"], at["HOST"]),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(settings.EMAIL_PORT),
    }
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment)
    assert wait_until(lambda: len(sink.received) >= 5, seconds=60)
    worker.kill()
    worker.wait()
    at_death = states()
    # Claimed together, handed over one by one.
    assert at_death.get(MailState.HANDOVER, 0) <= 1
    assert at_death[MailState.CLAIMED] > 1
    with use(SYSTEM):
        OutboxMail.objects.update(changed_at=F("changed_at") - timedelta(minutes=6))
    delivery.sweep()
    delivery.deliver()
    # The sink keeps what arrived of a letter whose sender died.
    after = states()
    uncertain = after.get(MailState.UNCERTAIN, 0)
    assert uncertain == at_death.get(MailState.HANDOVER, 0)
    assert after[MailState.SENT] == MAILS - uncertain
    assert MAILS - uncertain <= len(sink.received) <= MAILS
