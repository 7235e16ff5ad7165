"""The worker's side of the outbox: claim, write, hand over, note.

`claimed` is safe to queue again. `handover` is committed just before SMTP DATA: what dies in it is
`uncertain` and shown to a person, never guessed. Nothing is sent twice, nothing is lost unseen.
"""

from __future__ import annotations

import logging
import re
import smtplib
import time
from contextlib import closing
from datetime import timedelta
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import override

from stage.core.enums import MailState
from stage.core.mail.letters import HANDLERS, TO_NAMED, Person, resolve_person, sender_of, write
from stage.core.mail.outbox import STOPPED
from stage.core.models import OutboxMail, Region, School
from stage.core.signals import mail_state_changed, mailbox_missing
from stage.core.tenants.tenancy import SYSTEM, Scope, school_scope, use
from stage.core.ui.language import language_of

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 6
CLAIM_BATCH = 50  # claimed in one go
BATCH_LASTS = 2.0  # seconds; what is not begun by then goes back
CLAIM_LASTS = timedelta(minutes=5)
HANDOVER_LASTS = timedelta(minutes=5)
AT_REST = (MailState.SENT, MailState.REFUSED, MailState.UNCERTAIN, MailState.CANCELLED)


def deliver(limit: int = 200) -> int:
    """Send what is due, at most `limit` mails over one connection; returns how many."""
    handled = 0
    with closing(get_connection()) as smtp:
        while handled < limit and (mails := _claim(min(CLAIM_BATCH, limit - handled))):
            handled += _deliver_all(mails, smtp)
    return handled


def _deliver_all(mails: list[OutboxMail], smtp) -> int:
    """Send what was claimed together; how many. What takes too long goes back to the queue.

    So a code that somebody waits for, queued meanwhile, comes after seconds and not after fifty
    letters to a slow server.
    """
    end = time.monotonic() + BATCH_LASTS
    for n, mail in enumerate(mails, start=1):
        try:
            _deliver_one(mail, smtp)
        except BaseException:
            _unclaim(mails[n:])
            raise
        if time.monotonic() > end:
            _unclaim(mails[n:])
            return n
    return len(mails)


def _claim(limit: int) -> list[OutboxMail]:
    """Take the next ones, urgent ones first, so that no other worker does."""
    now = timezone.now()
    with use(SYSTEM), transaction.atomic():
        mails = list(
            OutboxMail.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(state=MailState.QUEUED, not_before__lte=now)
            # Of a school that ended it waits; taken back in time, it still goes out.
            .filter(school__ended_at__isnull=True)
            .order_by("-urgent", "not_before")[:limit]
        )
        if mails:
            OutboxMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(
                state=MailState.CLAIMED, attempts=F("attempts") + 1, changed_at=now
            )
        for mail in mails:
            mail.state, mail.attempts = MailState.CLAIMED, mail.attempts + 1
        return mails


def _unclaim(mails: list[OutboxMail]) -> None:
    """Put back what was claimed and not begun: as if it had not been."""
    if not mails:
        return
    with use(SYSTEM), transaction.atomic():
        rows = OutboxMail.objects.filter(
            pk__in=[mail.pk for mail in mails], state=MailState.CLAIMED
        )
        rows.update(state=MailState.QUEUED, attempts=F("attempts") - 1, changed_at=timezone.now())


def _scope_of(mail: OutboxMail) -> Scope:
    if mail.school_id:
        return school_scope(School.objects.get(pk=mail.school_id))
    return Scope("bureau", regions=(Region.objects.get(pk=mail.region_id).pk,))


def _deliver_one(mail: OutboxMail, smtp) -> None:
    message_id = make_msgid(idstring=str(mail.pk), domain=urlsplit(settings.SITE_URL).hostname)
    try:
        with use(_scope_of(mail)), transaction.atomic():
            person = resolve_person(mail.person_kind, mail.person_id)
            message = None
            if person is not None and may_have(mail, person):
                with override(language_of(mail.person_kind, mail.person_id)):
                    letter = HANDLERS[mail.event](mail)
                    if letter is not None:
                        sender = sender_of(school_id=mail.school_id, region_id=mail.region_id)
                        message = write(letter, person, message_id, sender)
    except Exception as error:
        # A fault of ours in one letter must not stop the mail of others: it is kept and shown.
        logger.exception("mail %s (%s) could not be written", mail.pk, mail.event)
        _note(mail, MailState.REFUSED, error=f"{type(error).__name__}"[:200])
        return
    if message is None:
        _note_unwritten(mail, person)
        return
    _hand_over(mail, message, smtp, message_id)


def may_have(mail: OutboxMail, person: Person) -> bool:
    """Whether this person may get this mail: few go to an address the school does not know."""
    if not person.email or person.stopped:
        return False
    return person.known or mail.event in TO_NAMED


def _note_unwritten(mail: OutboxMail, person: Person | None) -> None:
    """Why there is no letter: not needed any more, nowhere to send it, or held back."""
    if person is None or not person.email:
        _note(mail, MailState.REFUSED, error="geen e-mailadres bekend")
    elif person.stopped:
        _note(mail, MailState.REFUSED, error=STOPPED)
    elif not may_have(mail, person):
        _note(mail, MailState.CANCELLED, error="adres nog niet bekend bij de school")
    else:
        _note(mail, MailState.CANCELLED)


def _hand_over(mail: OutboxMail, message, smtp, message_id: str) -> None:
    try:
        smtp.open()
    except (OSError, smtplib.SMTPException) as error:
        _retry(mail, error)
        return
    if not _begin_handover(mail, message_id):
        return  # taken for abandoned meanwhile, so it is another's now
    try:
        smtp.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code, words = max(error.recipients.values())
        _refused(mail, code, error)
        if is_missing(code, words):
            _tell_missing(mail, message.to[0])
    except smtplib.SMTPResponseException as error:
        _refused(mail, error.smtp_code, error)
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        # The line broke while handing over: it may have arrived. A person decides.
        _note(mail, MailState.UNCERTAIN, error=type(error).__name__)
        _drop(smtp)
    else:
        _note(mail, MailState.SENT)


def _begin_handover(mail: OutboxMail, message_id: str) -> bool:
    """Committed before the first byte goes; False where this claim does not stand any more."""
    with use(SYSTEM), transaction.atomic():
        mine = OutboxMail.objects.filter(
            pk=mail.pk, state=MailState.CLAIMED, attempts=mail.attempts
        )
        changed = mine.update(
            state=MailState.HANDOVER, message_id=message_id, changed_at=timezone.now()
        )
    mail.state, mail.message_id = MailState.HANDOVER, message_id
    return changed == 1


def _refused(mail: OutboxMail, code: int, error: Exception) -> None:
    """4xx: the server did not take it, try later. 5xx: it never will."""
    if 400 <= code < 500:
        _retry(mail, error, code)
    else:
        _note(mail, MailState.REFUSED, error=f"{code} {type(error).__name__}")


def is_missing(code: int, words: bytes) -> bool:
    """Whether a refusal says that there is no such mailbox, and not that the mail is unwelcome.

    By the enhanced status code (RFC 3463, X.1.Y: bad destination) where the server gives one.
    """
    enhanced = re.search(rb"\b5\.(\d+)\.\d+\b", words)
    if enhanced:
        return enhanced[1] == b"1"
    return code in (550, 551, 553)


def _tell_missing(mail: OutboxMail, address: str) -> None:
    with use(SYSTEM), transaction.atomic():
        mailbox_missing.send(sender=OutboxMail, kind=mail.person_kind, address=address)


def _retry(mail: OutboxMail, error: Exception, code: int = 0) -> None:
    text = f"{code or ''} {type(error).__name__}".strip()
    if mail.attempts >= MAX_ATTEMPTS:
        _note(mail, MailState.REFUSED, error=text)
        return
    wait = timedelta(seconds=30 * 4 ** (mail.attempts - 1))  # 30 s, 2 min, 8 min, 32 min, 2 h
    _note(mail, MailState.QUEUED, error=text, not_before=timezone.now() + wait)


def _drop(smtp) -> None:
    try:
        smtp.close()
    except (OSError, smtplib.SMTPException):
        smtp.connection = None


def _note(mail: OutboxMail, state: str, **values) -> None:
    with use(SYSTEM), transaction.atomic():
        _set(mail, state, **values)
    if state in AT_REST:
        _tell_state(mail)


def _tell_state(mail: OutboxMail) -> None:
    try:
        with use(SYSTEM), transaction.atomic():
            mail_state_changed.send(sender=OutboxMail, mail=mail)
    except Exception:
        # The mail is what it is, and the others wait: the receiver's net takes it over.
        logger.exception("news of mail %s (%s) was not taken", mail.pk, mail.state)


def _set(mail: OutboxMail, state: str, **values) -> None:
    OutboxMail.objects.filter(pk=mail.pk).update(state=state, changed_at=timezone.now(), **values)
    mail.state = state
    for name, value in values.items():
        setattr(mail, name, value)


def sweep() -> tuple[int, int]:
    """Queue abandoned claims again, mark abandoned handovers uncertain; returns both counts."""
    now = timezone.now()
    with use(SYSTEM), transaction.atomic():
        back = OutboxMail.objects.filter(
            state=MailState.CLAIMED, changed_at__lt=now - CLAIM_LASTS
        ).update(state=MailState.QUEUED, changed_at=now)
        lost = list(
            OutboxMail.objects.select_for_update(skip_locked=True).filter(
                state=MailState.HANDOVER, changed_at__lt=now - HANDOVER_LASTS
            )
        )
        for mail in lost:
            _set(mail, MailState.UNCERTAIN, error="onderbroken")
    for mail in lost:
        _tell_state(mail)
    return back, len(lost)
