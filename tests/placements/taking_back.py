"""Short cuts of the tests of what is pressed by mistake, and what leaves by mail after that."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.core import mail as django_mail
from django.utils import timezone

from stage.core.enums import MailState
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from tests.notices import deliver_all


def later(**span):
    """The world so much later; three minutes when nothing is said."""
    return time_machine.travel(timezone.now() + timedelta(**(span or {"minutes": 3})))


def sent(settings, **span) -> list[tuple[str, str]]:
    """Who gets which mail once nothing waits any more: address and text, in order."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    django_mail.outbox = []
    with later(**span):
        deliver_all()
    return [(m.to[0], f"{m.subject} {m.body} {m.alternatives[0][0]}") for m in django_mail.outbox]


def waiting() -> list[tuple[str, str, int]]:
    """What is in the outbox and still goes out: event, kind and number of the person."""
    with use(SYSTEM):
        rows = OutboxMail.objects.filter(state=MailState.QUEUED).order_by("event", "person_id")
        return list(rows.values_list("event", "person_kind", "person_id"))
