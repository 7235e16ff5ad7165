"""Putting mail in the outbox and taking it out again. The table is the queue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import KW_ONLY, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, F, Model, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from stage.core.enums import MailState
from stage.core.models import OutboxMail
from stage.core.record import audit
from stage.core.work.wake import wake

STOPPED = "adres gestopt"
WITHDRAWN = "teruggenomen"


@dataclass(frozen=True)
class Post:
    """One mail to be queued.

    `key` says what the mail is for; a second one with the same key is not made. `about` is the row
    the mail is about, known again by its handler's `about_id`. `details` holds ids only (public ids
    or numbers), never names or texts. `held_by` names the step that makes it, for `take_back`, of
    one that does not wait by `held_until`.
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
    held_by: str = ""


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


@dataclass(frozen=True)
class Hold:
    """Mails wait until then; `by` says for which step, so that its undoing finds them."""

    until: datetime
    by: str


_hold: ContextVar[Hold | None] = ContextVar("hold", default=None)
_silent: ContextVar[bool] = ContextVar("silent", default=False)


def undo_for() -> timedelta:
    """How long a step that was pressed by mistake can be taken back without anybody hearing it."""
    return timedelta(seconds=settings.UNDO_SECONDS)


@contextmanager
def held_until(moment: datetime, *, by: str = "") -> Iterator[None]:
    """Mails queued in here leave no sooner: until then what they tell can be undone.

    Urgent ones (codes) never wait. Who undoes the step `by` takes them back (`take_back`), or lets
    the letter find that it is no longer needed.
    """
    token = _hold.set(Hold(moment, by))
    try:
        yield
    finally:
        _hold.reset(token)


@contextmanager
def silent() -> Iterator[None]:
    """Nothing is mailed and nothing taken back in here: what is undone was never told."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def take_back(by: str) -> bool:
    """Cancel all mails that the step `by` put there, and send on what it had withdrawn.

    All or nothing: answers False, and changes nothing, when one of them has left. In the
    transaction that undoes the step and in the school's scope.
    """
    # Locked, since the worker may claim one at this very moment.
    rows = list(OutboxMail.objects.select_for_update().filter(held_by=by).order_by("pk"))
    if any(row.state not in (MailState.QUEUED, MailState.CANCELLED) for row in rows):
        return False
    _cancel(OutboxMail.objects.filter(pk__in=[r.pk for r in rows]))
    again = [r.pk for r in rows if r.error == WITHDRAWN]
    back = OutboxMail.objects.filter(pk__in=again, state=MailState.CANCELLED)
    if back.update(state=MailState.QUEUED, error="", held_by=""):
        transaction.on_commit(wake_outbox)
    return True


def queue(event: str, **values) -> None:
    """Put one mail in the outbox, in the caller's transaction; the same `key` again does nothing.

    Values: see `Post`.
    """
    queue_many([Post(event, **values)])


def queue_many(posts: Iterable[Post]) -> None:
    """Put many mails in the outbox at once; those whose `key` is there already do nothing."""
    now = timezone.now()
    mails = [_row(post, now) for post in posts if post.urgent or not _silent.get()]
    if not mails:
        return
    # ON CONFLICT DO NOTHING without a target: needs no right to read the outbox.
    OutboxMail.objects.bulk_create(mails, ignore_conflicts=True, batch_size=500)
    transaction.on_commit(wake_outbox)


def _row(post: Post, now: datetime) -> OutboxMail:
    values = {name: value for name, value in vars(post).items() if name != "about"}
    hold = None if post.urgent else _hold.get()
    soonest = max(post.not_before or now, hold.until if hold else now)
    values |= {"details": post.details or {}, "not_before": soonest}
    values |= {"held_by": hold.by if hold else post.held_by}
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
    return _withdraw(OutboxMail.objects.filter(key=key))


def withdraw_about(row: Model, *events: str) -> bool:
    """The same for all mails of these events about a row."""
    rows = OutboxMail.objects.about(type(row)).filter(about_id=row.pk, event__in=events)
    return _withdraw(rows)


def _withdraw(rows) -> bool:
    if _silent.get():
        return False
    waiting = rows.filter(state=MailState.QUEUED)
    hold = _hold.get()
    if hold is None or not hold.by:
        return _cancel(waiting) > 0
    # What is withdrawn by a step that is undone goes out after all; what that step made, does not.
    own = _cancel(waiting.filter(held_by=hold.by))
    return own + _cancel(waiting, held_by=hold.by, error=WITHDRAWN) > 0


def _cancel(rows, **values) -> int:
    """Cancel what waits; its key comes free, so that the same can be told later."""
    key = Concat(F("key"), Value(":"), Cast("pk", CharField()))
    waiting = rows.filter(state=MailState.QUEUED)
    return waiting.update(state=MailState.CANCELLED, key=key, **values)


@transaction.atomic
def send_again(mail: OutboxMail, *, actor) -> None:
    """Send a refused or uncertain mail once more, because a person decided so."""
    rows = OutboxMail.objects.filter(
        pk=mail.pk, state__in=[MailState.REFUSED, MailState.UNCERTAIN]
    ).update(state=MailState.QUEUED, attempts=0, error="", not_before=timezone.now())
    if rows:
        audit.record(actor, "mail_sent_again", school=None, fields=("state",))
        transaction.on_commit(wake_outbox)
