"""The worker's side of the outbox: claim, write, hand over, note.

`claimed` is safe to queue again. `handover` is committed just before SMTP DATA: what dies in it is
`uncertain` and shown to a person, never guessed. Nothing is sent twice, nothing is lost unseen.
Rows that leave as one mail go this way together.
"""

from __future__ import annotations

import re
import smtplib
import time
from contextlib import closing
from datetime import timedelta

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from stage.core.enums import MailState
from stage.core.mail import outcomes, pace, phones
from stage.core.mail.writing import Parcel, parcel_of, parcels_of
from stage.core.models import OutboxMail
from stage.core.signals import mailbox_missing
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.work.wake import wake

MAX_ATTEMPTS = 6
CLAIM_BATCH = 50  # claimed in one go
BATCH_LASTS = 2.0  # seconds; what is not begun by then goes back
CLAIM_LASTS = timedelta(minutes=5)
HANDOVER_LASTS = timedelta(minutes=5)


def deliver(limit: int = 200) -> int:
    """Send what is due, at most about `limit` mails over one connection; returns how many."""
    handled = 0
    with closing(get_connection()) as smtp:
        while handled < limit:
            if mails := _claim(min(CLAIM_BATCH, limit - handled)):
                handled += _deliver_all(pace.due(mails), smtp)
            elif mails := _claim_bundle():
                handled += _deliver_bundle(mails, smtp)
            else:
                break
    return handled


def _deliver_all(mails: list[OutboxMail], smtp) -> int:
    """Send what was claimed together; how many. What takes too long goes back to the queue.

    So a code that somebody waits for, queued meanwhile, comes after seconds and not after fifty
    letters to a slow server.
    """
    end = time.monotonic() + BATCH_LASTS
    parcels = parcels_of(mails)
    with outcomes.together():
        for n, mail in enumerate(mails, start=1):
            try:
                missing = _deliver([mail], smtp, parcels.get(mail.pk))
            except BaseException:
                _unclaim(mails[n:])
                raise
            if missing:
                parcels = {}  # who is gone may be among them: each is written anew
            if time.monotonic() > end:
                _unclaim(mails[n:])
                return n
    return len(mails)


def _claim(limit: int) -> list[OutboxMail]:
    """Take the next ones that go by themselves, urgent ones first, so that no other worker does."""
    with use(SYSTEM), transaction.atomic():
        mails = _due().filter(bundle="").select_for_update(skip_locked=True, of=("self",))
        return _claimed(list(mails.order_by("-urgent", "not_before")[:limit]))


def _claim_bundle() -> list[OutboxMail]:
    """Take all that leaves as one mail now; nothing where another worker just did.

    Waits for that worker, in the same order of rows: else each would have part of it, and the mail
    of a day would be two.
    """
    with use(SYSTEM), transaction.atomic():
        bundles = _due().exclude(bundle="").order_by("not_before")
        bundle = bundles.values_list("bundle", flat=True).first()
        if bundle is None:
            return []
        rows = _due().filter(bundle=bundle).select_for_update(of=("self",))
        return sorted(_claimed(list(rows.order_by("pk"))), key=lambda mail: mail.created_at)


def _due():
    # Of a school that ended it waits; taken back in time, it still goes out.
    rows = OutboxMail.objects.filter(state=MailState.QUEUED, not_before__lte=timezone.now())
    return rows.filter(school__ended_at__isnull=True)


def _claimed(mails: list[OutboxMail]) -> list[OutboxMail]:
    if mails:
        OutboxMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(
            state=MailState.CLAIMED, attempts=F("attempts") + 1, changed_at=timezone.now()
        )
    for mail in mails:
        mail.state, mail.attempts = MailState.CLAIMED, mail.attempts + 1
    return mails


def _unclaim(mails: list[OutboxMail], **values) -> None:
    """Put back what was claimed and not begun: as if it had not been."""
    if not mails:
        return
    with use(SYSTEM), transaction.atomic():
        rows = OutboxMail.objects.filter(
            pk__in=[mail.pk for mail in mails], state=MailState.CLAIMED
        )
        rows.update(
            state=MailState.QUEUED,
            attempts=F("attempts") - 1,
            changed_at=timezone.now(),
            **values,
        )


def _deliver_bundle(mails: list[OutboxMail], smtp) -> int:
    """Send these as one mail; how many rows. Where the worker came too late, the night passes."""
    until = pace.quiet_end(mails[0])
    if until is not None:
        _unclaim(mails, not_before=until, paced_to=until)
        return 0
    _deliver(mails, smtp)
    return len(mails)


def _deliver(mails: list[OutboxMail], smtp, written: Parcel | None = None) -> bool:
    """Send rows to one person as one mail; what it does not say is noted apart.

    Answers whether the server knows no such mailbox.
    """
    parcel = written or parcel_of(mails)
    for mail, state, error in parcel.left_out:
        outcomes.note([mail], state, **({"error": error} if error else {}))
    if parcel.message is None:
        return False
    return _hand_over(parcel.mails, parcel.message, smtp, parcel.message_id)


def _hand_over(mails: list[OutboxMail], message, smtp, message_id: str) -> bool:
    try:
        smtp.open()
    except (OSError, smtplib.SMTPException) as error:
        _retry(mails, error)
        return False
    if not outcomes.begin_handover(mails, message_id):
        return False  # taken for abandoned meanwhile, so it is another's now
    try:
        smtp.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code, words = max(error.recipients.values())
        _refused(mails, code, error)
        if is_missing(code, words):
            _tell_missing(mails[0], message.to[0])
            return True
    except smtplib.SMTPResponseException as error:
        _refused(mails, error.smtp_code, error)
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        # The line broke while handing over: it may have arrived. A person decides.
        outcomes.note(mails, MailState.UNCERTAIN, error=type(error).__name__)
        _drop(smtp)
    else:
        shown = phones.reaches(mails[0])
        outcomes.note_sent(mails, push_due=shown)
        if shown:
            wake("stage.core.tasks.send_pushes")
    return False


def _refused(mails: list[OutboxMail], code: int, error: Exception) -> None:
    """4xx: the server did not take it, try later. 5xx: it never will."""
    if 400 <= code < 500:
        _retry(mails, error, code)
    else:
        outcomes.note(mails, MailState.REFUSED, error=f"{code} {type(error).__name__}")


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


def _retry(mails: list[OutboxMail], error: Exception, code: int = 0) -> None:
    text = f"{code or ''} {type(error).__name__}".strip()
    attempts = max(mail.attempts for mail in mails)
    if attempts >= MAX_ATTEMPTS:
        outcomes.note(mails, MailState.REFUSED, error=text)
        return
    wait = timedelta(seconds=30 * 4 ** (attempts - 1))  # 30 s, 2 min, 8 min, 32 min, 2 h
    outcomes.note(mails, MailState.QUEUED, error=text, not_before=timezone.now() + wait)


def _drop(smtp) -> None:
    try:
        smtp.close()
    except (OSError, smtplib.SMTPException):
        smtp.connection = None


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
        outcomes.put(lost, MailState.UNCERTAIN, error="onderbroken")
    outcomes.tell(lost)
    return back, len(lost)
