"""Putting mail in the outbox and taking it out again. The table is the queue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import KW_ONLY, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from stage.core.enums import MailState
from stage.core.models import OutboxMail
from stage.core.record import audit
from stage.core.work.wake import wake

STOPPED = "adres gestopt"


@dataclass(frozen=True)
class Post:
    """One mail to be queued.

    `key` says what the mail is for; a second one with the same key is not made. `about` is the row
    the mail is about, known again by its handler's `about_id`. `details` holds ids only (public ids
    or numbers), never names or texts.
    """

    event: str
    _: KW_ONLY
    person_kind: str
    person_id: int
    key: str
    region_id: int
    school_id: int | None = None
    about: Model | None = None
    details: dict | None = None
    urgent: bool = False
    not_before: datetime | None = None


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


_held_until: ContextVar[datetime | None] = ContextVar("held_until", default=None)


@contextmanager
def held_until(moment: datetime) -> Iterator[None]:
    """Mails queued in here leave no sooner: until then what they tell can be undone.

    Urgent ones (codes) never wait. Who undoes it takes them back (`withdraw`), or lets the letter
    find that it is no longer needed.
    """
    token = _held_until.set(moment)
    try:
        yield
    finally:
        _held_until.reset(token)


def queue(event: str, **values) -> None:
    """Put one mail in the outbox, in the caller's transaction; the same `key` again does nothing.

    Values: see `Post`.
    """
    queue_many([Post(event, **values)])


def queue_many(posts: Iterable[Post]) -> None:
    """Put many mails in the outbox at once; those whose `key` is there already do nothing."""
    now = timezone.now()
    mails = [_row(post, now) for post in posts]
    # ON CONFLICT DO NOTHING without a target: needs no right to read the outbox.
    OutboxMail.objects.bulk_create(mails, ignore_conflicts=True, batch_size=500)
    transaction.on_commit(wake_outbox)


def _row(post: Post, now: datetime) -> OutboxMail:
    values = {name: value for name, value in vars(post).items() if name != "about"}
    held = None if post.urgent else _held_until.get()
    soonest = max(post.not_before or now, held or now)
    values |= {"details": post.details or {}, "not_before": soonest}
    if post.about is not None:
        values |= {"about_type": post.about._meta.label_lower, "about_id": post.about.pk}
    return OutboxMail(**values)


def wake_outbox() -> None:
    """Tell a worker there is mail; when the broker is away, beat finds it within half a minute."""
    wake("stage.core.tasks.deliver_outbox")


def release(person_kind: str, person_id: int) -> None:
    """Send what was refused while this person's address was stopped.

    Each letter is written anew, and not sent when it is no longer needed. In the caller's
    transaction and scope.
    """
    rows = OutboxMail.objects.filter(
        person_kind=person_kind, person_id=person_id, state=MailState.REFUSED, error=STOPPED
    )
    if rows.update(state=MailState.QUEUED, attempts=0, error="", not_before=timezone.now()):
        transaction.on_commit(wake_outbox)


def withdraw(key: str) -> bool:
    """Take a mail back that has not left yet; answers whether it could."""
    rows = OutboxMail.objects.filter(key=key, state=MailState.QUEUED)
    return rows.update(state=MailState.CANCELLED) > 0


@transaction.atomic
def send_again(mail: OutboxMail, *, actor) -> None:
    """Send a refused or uncertain mail once more, because a person decided so."""
    rows = OutboxMail.objects.filter(
        pk=mail.pk, state__in=[MailState.REFUSED, MailState.UNCERTAIN]
    ).update(state=MailState.QUEUED, attempts=0, error="", not_before=timezone.now())
    if rows:
        audit.record(actor, "mail_sent_again", school=None, fields=("state",))
        transaction.on_commit(wake_outbox)
