"""What becomes of mails that a worker holds: noted in the outbox, and told to the apps.

Each note is one statement that commits by itself. In a batch (`together`) that a letter left is
noted by the statement that hands over the next one, and what came to rest is told in one go.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from stage.core.enums import MailState
from stage.core.models import OutboxMail
from stage.core.signals import mail_state_changed
from stage.core.tenants.tenancy import SYSTEM, use

logger = logging.getLogger(__name__)

AT_REST = (MailState.SENT, MailState.REFUSED, MailState.UNCERTAIN, MailState.CANCELLED)
# Written once: Django would build it anew for each mail.
_HANDOVER = (
    "WITH sent AS (UPDATE core_outboxmail SET state = 'sent', changed_at = %(now)s,"
    " push_due = false WHERE id = ANY(%(left)s::uuid[]))"
    " UPDATE core_outboxmail SET state = 'handover', message_id = %(message)s, changed_at = %(now)s"
    " FROM unnest(%(ids)s::uuid[], %(attempts)s::int[]) AS claims (id, attempts)"
    " WHERE core_outboxmail.id = claims.id AND core_outboxmail.attempts = claims.attempts"
    " AND state = 'claimed'"
)


@dataclass
class _Batch:
    """What goes along: mails that left and are not noted yet, and news that is not told yet."""

    left: list[OutboxMail] = field(default_factory=list)
    news: list[OutboxMail] = field(default_factory=list)


_batch: ContextVar[_Batch | None] = ContextVar("batch", default=None)


@contextmanager
def together() -> Iterator[None]:
    """A batch; at its end, also when that comes early, all is noted and told."""
    batch = _Batch()
    token = _batch.set(batch)
    try:
        yield
    finally:
        try:
            if batch.left:
                note(batch.left, MailState.SENT, push_due=False)
        finally:
            _batch.reset(token)
            tell(batch.news)


def begin_handover(mails: list[OutboxMail], message_id: str) -> bool:
    """Committed before the first byte goes; False where a claim does not stand any more."""
    batch, now = _batch.get() or _Batch(), timezone.now()
    values: dict[str, Any] = {
        "now": now,
        "left": [mail.pk for mail in batch.left],
        "message": message_id,
        "ids": [mail.pk for mail in mails],
        "attempts": [mail.attempts for mail in mails],
    }
    # All rows of a mail or none; one row needs no transaction around it.
    with use(SYSTEM), transaction.atomic() if len(mails) > 1 else nullcontext():
        with connection.cursor() as cursor:
            cursor.execute(_HANDOVER, values)
            changed = cursor.rowcount
        if changed != len(mails) and len(mails) > 1:
            transaction.set_rollback(True)
            return False
    _carry(batch.left, {"state": str(MailState.SENT), "changed_at": now, "push_due": False})
    batch.news += batch.left
    batch.left = []
    if changed != len(mails):
        return False
    _carry(mails, {"state": str(MailState.HANDOVER), "message_id": message_id})
    return True


def note_sent(mails: list[OutboxMail], *, push_due: bool) -> None:
    """The server has it. Known in a moment, with what goes next, unless a phone is to hear too."""
    batch = _batch.get()
    if batch is None or push_due:
        note(mails, MailState.SENT, push_due=push_due)
    else:
        batch.left += mails


def note(mails: list[OutboxMail], state: str, **values) -> None:
    """Note a state, and of `error`, `not_before` and `push_due` what is given."""
    with use(SYSTEM):
        put(mails, state, **values)
    if state in AT_REST:
        batch = _batch.get()
        if batch is None:
            tell(mails)
        else:
            batch.news += mails


def put(mails: list[OutboxMail], state: str, **values) -> None:
    """The same in the caller's scope and transaction, untold."""
    changes = {"state": str(state), "changed_at": timezone.now(), **values}
    names = ", ".join(f"{name} = %s" for name in changes)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE core_outboxmail SET {names} WHERE id = ANY(%s)",  # noqa: S608 - our own names
            [*changes.values(), [mail.pk for mail in mails]],
        )
    _carry(mails, changes)


def _carry(mails: list[OutboxMail], changes: dict) -> None:
    for mail in mails:
        for name, value in changes.items():
            setattr(mail, name, value)


def tell(mails: list[OutboxMail]) -> None:
    """Tell the apps what came to rest; one that fails keeps no mail."""
    if not mails:
        return
    try:
        with use(SYSTEM), transaction.atomic():
            mail_state_changed.send(sender=OutboxMail, mails=mails)
    except Exception:
        # The mails are what they are, and the others wait: the receiver's net takes it over.
        logger.exception("news of %s mails was not taken", len(mails))
