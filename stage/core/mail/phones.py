"""Notices on a phone: switched on and off by its owner, and sent beside the mail."""

from __future__ import annotations

import http.client
import logging
import time

from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.db import IntegrityError, transaction
from django.db.models import F
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from stage.core.enums import MailState, PersonKind
from stage.core.mail import web_push
from stage.core.mail.choosing import may_choose
from stage.core.mail.writing import Parcel, parcel_of
from stage.core.models import Membership, OutboxMail, PushSubscription
from stage.core.record import audit
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict, require

logger = logging.getLogger(__name__)

MOST = 10  # phones of one person
MOST_FAILURES = 10  # in a row; then it is given up
AGAIN_AFTER = 2.0  # seconds, once
GONE = (404, 410)
SESSION_KEY = "push"


@transaction.atomic
def switch_on(endpoint: str, p256dh: str, auth: str, *, device: str, actor) -> PushSubscription:
    """Keep a browser that may show the actor's notices.

    Raises NotAllowed; Conflict for what is no browser of a known maker, and for one too many.
    """
    require(may_choose, actor, None)
    if not web_push.is_on():
        raise Conflict(_("Meldingen staan uit op deze website."))
    if len(endpoint) > 500 or not web_push.is_push_service(endpoint) or not _fits(p256dh, auth):
        raise Conflict(_("Deze browser kan geen meldingen van Stage tonen."))
    member = Membership.objects.get(pk=actor.membership)
    own = PushSubscription.objects.filter(member=member)
    if own.count() >= MOST:
        raise Conflict(_("Er staan al tien apparaten aan. Zet er eerst een uit."))
    row = PushSubscription(
        school_id=member.school_id,
        member=member,
        endpoint=endpoint,
        p256dh=p256dh,
        auth=auth,
        device=device[:40],
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict(_("Dit lukte niet. Probeer het nog een keer.")) from None
    audit.record(actor, "push_switched_on", fields=("device",))
    return row


def switch_off(row: PushSubscription, *, actor) -> None:
    """Show no more notices there. Raises NotAllowed."""
    require(may_choose, actor, None)
    if PushSubscription.objects.visible_to(actor).filter(pk=row.pk).delete()[0]:
        audit.record(actor, "push_switched_off", fields=("device",))


def _fits(p256dh: str, auth: str) -> bool:
    try:
        web_push.Browser("", p256dh, auth)
    except ValueError:
        return False
    return len(p256dh) <= 100 and len(auth) <= 40


@receiver(user_logged_out, dispatch_uid="stage.push")
def _forget_on_log_out(sender, request, user, **kwargs) -> None:
    """Who comes next on a shared device sees no notice of who left."""
    actor = getattr(request, "actor", None)
    public_id = request.session.get(SESSION_KEY) if request is not None else None
    if actor is None or not public_id or actor.membership is None:
        return
    with use(actor.scope), transaction.atomic():
        own = PushSubscription.objects.filter(public_id=public_id, member__user=user)
        own.delete()


def reaches(mail: OutboxMail) -> bool:
    """Whether a mail's reader has a phone that shows notices."""
    if not web_push.is_on():
        return False
    with use(SYSTEM):
        return _phones_of(mail).exists()


def send_due() -> int:
    """Show on phones what was mailed; how many messages.

    Each is taken before it is sent: what a worker takes into its grave is not shown, and the mail
    has it. Nothing is shown twice: a message that arrives again replaces itself (`tag`).
    """
    sent = 0
    while (rows := _take()) is not None:
        if rows:
            sent += _tell(rows)
    return sent


def _take() -> list[OutboxMail] | None:
    """The rows of one message, for this worker alone; empty where another was first."""
    with use(SYSTEM), transaction.atomic():
        due = OutboxMail.objects.filter(push_due=True)
        first = due.order_by("changed_at").values_list("message_id", flat=True).first()
        if first is None:
            return None
        changed = due.filter(message_id=first).update(push_due=False)
        rows = OutboxMail.objects.filter(message_id=first, state=MailState.SENT)
        return list(rows.order_by("created_at")) if changed else []


def _tell(rows: list[OutboxMail]) -> int:
    """To each phone the subject of the mail, which has no full name, and where it leads."""
    parcel = parcel_of(rows)
    if parcel.message is None:
        return 0  # no longer so
    with use(SYSTEM):
        phones = list(_phones_of(rows[0]))
    said = _said(parcel)
    return sum(_send(phone, said) for phone in phones)


def _said(parcel: Parcel) -> dict[str, str]:
    assert parcel.message is not None
    inside = parcel.address.startswith(f"{settings.SITE_URL}/")
    return {
        "title": "Stage",
        "body": str(parcel.message.subject),
        "url": parcel.address.removeprefix(settings.SITE_URL) if inside else "/",
        "tag": parcel.mails[0].pk.hex,
    }


def _send(phone: PushSubscription, said: dict[str, str]) -> bool:
    status = _answer_of(phone, said)
    if status == 0 or status == 429 or status >= 500:
        time.sleep(AGAIN_AFTER)
        status = _answer_of(phone, said)
    rows = PushSubscription.objects.filter(pk=phone.pk)
    with use(SYSTEM), transaction.atomic():
        if 200 <= status < 300:
            rows.update(ok_at=timezone.now(), failures=0)
            return True
        logger.warning("push %s answered %s", phone.pk, status)
        if status in GONE or phone.failures + 1 >= MOST_FAILURES:
            rows.delete()
        else:
            rows.update(failures=F("failures") + 1)
    return False


def _answer_of(phone: PushSubscription, said: dict[str, str]) -> int:
    """What the push service answers; 0 when it does not."""
    try:
        browser = web_push.Browser(phone.endpoint, phone.p256dh, phone.auth)
        return web_push.send(browser, said)
    except ValueError:
        return GONE[0]  # of a maker that is not on the list any more
    except (OSError, http.client.HTTPException):
        return 0


def _phones_of(mail: OutboxMail):
    rows = PushSubscription.objects.filter(member__ended_at=None)
    if mail.person_kind == PersonKind.MEMBERSHIP:
        # Switched on in any of the roles of that person at the school.
        users = Membership.objects.filter(pk=mail.person_id).values("user")
        return rows.filter(member__user__in=users, school=mail.school_id)
    if mail.person_kind == PersonKind.STUDENT:
        return rows.filter(member__student_id=mail.person_id)
    return rows.none()
