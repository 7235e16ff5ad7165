"""Putting mail in the outbox and taking it out again. The table is the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from stage.core import audit
from stage.core.enums import MailState
from stage.core.models import OutboxMail
from stage.core.wake import wake


@dataclass(frozen=True)
class Waiting:
    """How a set of mails stands, for a progress bar."""

    total: int
    sent: int
    refused: int
    uncertain: int

    @property
    def done(self) -> int:
        return self.sent + self.refused + self.uncertain


def queue(
    event: str,
    *,
    person_kind: str,
    person_id: int,
    key: str,
    region_id: int,
    school_id: int | None = None,
    about: dict | None = None,
    urgent: bool = False,
    not_before: datetime | None = None,
) -> None:
    """Put one mail in the outbox, in the caller's transaction; the same `key` again does nothing.

    `about` holds ids only (public ids or numbers), never names or texts.
    """
    mail = OutboxMail(
        event=event,
        person_kind=person_kind,
        person_id=person_id,
        key=key,
        region_id=region_id,
        school_id=school_id,
        about=about or {},
        urgent=urgent,
        not_before=not_before or timezone.now(),
    )
    # ON CONFLICT DO NOTHING without a target: needs no right to read the outbox.
    OutboxMail.objects.bulk_create([mail], ignore_conflicts=True)
    transaction.on_commit(wake_outbox)


def wake_outbox() -> None:
    """Tell a worker there is mail; when the broker is away, beat finds it within half a minute."""
    wake("stage.core.tasks.deliver_outbox")


def withdraw(key: str) -> None:
    """Take a mail back that has not left yet."""
    OutboxMail.objects.filter(key=key, state=MailState.QUEUED).update(state=MailState.CANCELLED)


@transaction.atomic
def send_again(mail: OutboxMail, *, actor) -> None:
    """Send a refused or uncertain mail once more, because a person decided so."""
    rows = OutboxMail.objects.filter(
        pk=mail.pk, state__in=[MailState.REFUSED, MailState.UNCERTAIN]
    ).update(state=MailState.QUEUED, attempts=0, error="", not_before=timezone.now())
    if rows:
        audit.record(actor, "mail_sent_again", school=None, fields=("state",))
        transaction.on_commit(wake_outbox)
