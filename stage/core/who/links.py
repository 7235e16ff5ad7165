"""Getting in without an account.

A **link** identifies a person and an occasion; opening it changes nothing and logs nobody in, since
mail scanners open links. A **code** mailed to the known address proves who reads that mailbox: ten
minutes, once, in the browser that asked (OWASP ASVS 5.0, 6.5.5). A **device** is the browser that
gave a right code, as a stored row that can be revoked.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from stage.core import mail
from stage.core.enums import NoticeKind
from stage.core.models import CalendarFeed, Device, Link, MailedCode
from stage.core.record import audit
from stage.core.signals import mailbox_proven
from stage.core.tenants.tenancy import NOBODY, Scope, scope_at, use
from stage.core.who.limits import Limit, take_all
from stage.core.who.link_rows import Occasion, row_for

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LINK_DAYS = 14
CODE_MINUTES = 10
CODE_TRIES = 5
CODES_OF_SOURCE = Limit("codes-of-source", amount=6, seconds=3600)
CODES_OF_PERSON = Limit("codes-of-person", amount=40, seconds=3600)
DEVICE_DAYS = 30
DEVICE_HOURS = 12
BROWSER_COOKIE = settings.BROWSER_COOKIE_NAME
DEVICE_COOKIE = settings.DEVICE_COOKIE_NAME


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Purpose:
    """What a link is for and where it leads.

    `page` is a URL name. With `needs_code` the visitor first proves to read the mailbox
    (`web:link_open`), then gets to `page(target)` as that person. Without, the link leads straight
    to `page(token)`: a page that shows no student and acts on POST only. `proves`: what is asked on
    that page counts on the code of this very link for a while (`proofs`), and is explained there.
    """

    name: str
    page: str
    needs_code: bool = True
    label: StrOrPromise = ""  # what it is about, in words that name no student
    proves: bool = False


_PURPOSES: dict[str, Purpose] = {}


def purpose(
    name: str,
    *,
    page: str,
    needs_code: bool = True,
    label: StrOrPromise = "",
    proves: bool = False,
) -> Purpose:
    """Declare a purpose of links; apps do so in `notifications.py`."""
    _PURPOSES[name] = Purpose(name, page, needs_code, label, proves)
    return _PURPOSES[name]


def purpose_of(link: Link) -> Purpose:
    return _PURPOSES[link.purpose]


def code_purpose(link: Link) -> str:
    """What a code asked behind this link is for: to come in, or that and this very occasion."""
    return f"login:{link.public_id}" if purpose_of(link).proves else "login"


def destination(link: Link) -> str:
    """The path of the page a link leads to, once its person is known."""
    found = purpose_of(link)
    if not found.needs_code:
        return reverse(found.page, args=[token_of(link)])
    return reverse(found.page, args=[link.target] if link.target else [])


# --- links ------------------------------------------------------------------------------------


def link_for(
    *,
    person_kind: str,
    person_id: int,
    purpose: str,
    target: str = "",
    region_id: int,
    school_id: int | None = None,
    days: int = LINK_DAYS,
) -> str:
    """The absolute address of a person's link for one occasion; made once, renewed when expired."""
    occasion = Occasion(person_kind, person_id, purpose, target, region_id, school_id)
    link = row_for(occasion, days)
    direct = not _PURPOSES[purpose].needs_code
    page = _PURPOSES[purpose].page if direct else "web:link_open"
    return settings.SITE_URL + reverse(page, args=[token_of(link)])


def token_of(link: Link) -> str:
    """The token in the address: the link's public id and a signature; none can be guessed."""
    return f"{link.public_id}-{_signature(link.public_id)}"


def token_in(address: str) -> str:
    """The token of an address that `link_for` gave; empty for any other."""
    try:
        found = resolve(address.removeprefix(settings.SITE_URL))
    except Resolver404:
        return ""
    return str(found.kwargs.get("token", ""))


def _signature(public_id: str) -> str:
    return salted_hmac("stage.link", public_id, algorithm="sha256").hexdigest()[:24]


def find_link(token: str) -> Link | None:
    """The link of a token, also when it has expired; None when it is not ours or was revoked."""
    public_id, _dash, signature = token.partition("-")
    if not hmac.compare_digest(signature.encode(), _signature(public_id).encode()):
        return None
    with use(NOBODY):
        return Link.objects.filter(public_id=public_id, revoked_at__isnull=True).first()


def is_expired(link: Link) -> bool:
    return link.expires_at < timezone.now()


def scope_of_link(link: Link) -> Scope:
    """The scope in which a link's person can be looked up: the school's, else the region's."""
    return scope_at(link.school_id, link.region_id)


def person_of_link(link: Link) -> mail.Person | None:
    """Whom the link is for, as known now."""
    with use(scope_of_link(link)):
        return mail.resolve_person(link.person_kind, link.person_id)


def send_new_link(link: Link) -> None:
    """Mail an expired link's person a fresh one, to the address known now."""
    stamp = timezone.now().strftime("%Y%m%d%H")
    with use(scope_of_link(link)), transaction.atomic():
        mail.queue(
            "link_renewed",
            person_kind=link.person_kind,
            person_id=link.person_id,
            key=f"link:{link.pk}:{stamp}",
            region_id=link.region_id,
            school_id=link.school_id,
            about=link,
            urgent=True,
        )


@mail.event("link_renewed", mail.Notice(NoticeKind.ACCOUNT, at_night=True), to_named=True)
def _link_renewed(row) -> mail.Letter | None:
    with use(NOBODY):
        link = Link.objects.filter(pk=row.about_id, revoked_at__isnull=True).first()
    if link is None:
        return None
    address = link_for(
        person_kind=link.person_kind,
        person_id=link.person_id,
        purpose=link.purpose,
        target=link.target,
        region_id=link.region_id,
        school_id=link.school_id,
    )
    return mail.Letter(
        "link_renewed",
        {"button_url": address, "button_label": _("Open de link"), "days": LINK_DAYS},
    )


def masked(email: str) -> str:
    """An address as only its owner recognises it: "b…r@bakkerij.nl"."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}…{name[-1:] if len(name) > 2 else ''}@{domain}"


# --- codes ------------------------------------------------------------------------------------


def browser_key(request) -> str:
    """What binds a code to a browser: the value of a cookie set when the code is asked for."""
    return request.COOKIES.get(BROWSER_COOKIE, "")


def new_browser_key() -> str:
    return secrets.token_urlsafe(24)


def ask_code(
    person: mail.Person, *, region_id: int, purpose: str, browser: str, source: str = ""
) -> bool:
    """Mail a code to the person's known address; False when too many were asked this hour.

    Who calls keeps a stopped address out; the worker would not send to it either.

    A new code replaces the earlier one of the same browser; another browser's stays, so that nobody
    can spoil somebody else's log-in by asking. Nor by using up the codes of an hour: each source
    (`limits.source_of`) has its own, below a ceiling for the person.
    """
    now = timezone.now()
    with use(NOBODY), transaction.atomic():
        who = f"{person.kind}:{person.id}"
        if not take_all((CODES_OF_SOURCE, who, source), (CODES_OF_PERSON, who)):
            return False
        row = MailedCode.objects.create(
            person_kind=person.kind,
            person_id=person.id,
            purpose=purpose,
            browser=hashed(browser),
            digest="",
            expires_at=now + timedelta(minutes=CODE_MINUTES),
        )
        row.digest = _digest(row, person, code_of(row))
        row.save(update_fields=["digest"])
        with use(scope_at(person.school_id, region_id)):
            mail.queue(
                "code",
                person_kind=person.kind,
                person_id=person.id,
                key=f"code:{row.pk}",
                region_id=region_id,
                school_id=person.school_id,
                about=row,
                urgent=True,
            )
    return True


def _digest(row: MailedCode, person: mail.Person, digits: str) -> str:
    """What is kept of a code, with the address: it proves who reads the mailbox it was sent to.

    One mailed to an earlier address, or to the one another school knows somebody by, is of no use.
    """
    return hashed(f"{row.pk}:{digits}:{person.email.lower()}")


def is_at_address_of(row: MailedCode, person: mail.Person) -> bool:
    """Whether a code was mailed to the address that this person has now."""
    return hmac.compare_digest(row.digest, _digest(row, person, code_of(row)))


def code_of(row: MailedCode) -> str:
    """The eight digits of a row. Derived, so that the outbox needs to hold no secret."""
    value = salted_hmac("stage.code", f"{row.pk}:{row.browser}", algorithm="sha256").hexdigest()
    return f"{int(value, 16) % 10**8:08d}"


@mail.event("code", mail.Notice(NoticeKind.ACCOUNT, at_night=True), to_named=True)
def _code(row) -> mail.Letter | None:
    with use(NOBODY):
        code = MailedCode.objects.filter(pk=row.about_id, used_at__isnull=True).first()
    if code is None or code.expires_at < timezone.now():
        return None
    digits = code_of(code)
    return mail.Letter("code", {"code": f"{digits[:4]} {digits[4:]}", "minutes": CODE_MINUTES})


@dataclass(frozen=True)
class CodeAnswer:
    """Whether all that was typed was right; if not, whether another try is worth it.

    `code_right` is about the code alone, `stopped` about the address: the school has to look.
    """

    right: bool
    tries_left: int = 0
    code_right: bool = False
    stopped: bool = False


def check_code(
    person: mail.Person, *, purpose: str, browser: str, typed: str, beside: bool = True
) -> CodeAnswer:
    """Use a code up: right once, in the same browser, in time; five wrong tries end it.

    `beside`: whether what was asked beside the code was right; if not, that is a wrong try too.
    """
    digits = "".join(c for c in typed if c.isdigit())
    with use(NOBODY), transaction.atomic():
        row = (
            MailedCode.objects.select_for_update()
            .filter(
                person_kind=person.kind,
                person_id=person.id,
                purpose=purpose,
                browser=hashed(browser),
                used_at__isnull=True,
                expires_at__gt=timezone.now(),
                wrong_tries__lt=CODE_TRIES,
            )
            .order_by("-pk")
            .first()
        )
        if row is None:
            return CodeAnswer(False)
        code_right = hmac.compare_digest(row.digest, _digest(row, person, digits))
        if code_right and beside:
            row.used_at = timezone.now()
            row.save(update_fields=["used_at"])
            return CodeAnswer(True, code_right=True)
        MailedCode.objects.filter(pk=row.pk).update(wrong_tries=F("wrong_tries") + 1)
        return CodeAnswer(False, CODE_TRIES - row.wrong_tries - 1, code_right)


# --- devices ----------------------------------------------------------------------------------


def remember_device(person: mail.Person, *, long: bool) -> tuple[str, timedelta]:
    """Make this browser the person's; returns the cookie's secret and how long it lasts.

    `long`: thirty days ("this is my own phone"); otherwise twelve hours.
    """
    secret = secrets.token_urlsafe(32)
    lasts = timedelta(days=DEVICE_DAYS) if long else timedelta(hours=DEVICE_HOURS)
    with use(NOBODY), transaction.atomic():
        device = Device.objects.create(
            digest=hashed(secret),
            person_kind=person.kind,
            person_id=person.id,
            email=person.email.lower(),
            expires_at=timezone.now() + lasts,
        )
        audit.record(None, "device_remembered", device)
        mailbox_proven.send(sender=Device, person=person)
    return secret, lasts


def device_of(secret: str) -> Device | None:
    """The valid device of a cookie."""
    with use(NOBODY):
        return Device.objects.filter(
            digest=hashed(secret), revoked_at__isnull=True, expires_at__gt=timezone.now()
        ).first()


def has_device(person: mail.Person) -> bool:
    """Whether this person proved a browser before: if not, things want explaining."""
    same = {"email__iexact": person.email} if person.kind == "contact" else {"person_id": person.id}
    with use(NOBODY):
        return Device.objects.filter(person_kind=person.kind, **same).exists()


def forget_devices(kind: str, email: str) -> None:
    """Revoke what is of an address, its calendar too: whoever held it there is to prove again."""
    at, now = {"person_kind": kind, "email__iexact": email}, timezone.now()
    with use(NOBODY):
        Device.objects.filter(**at, revoked_at__isnull=True).update(revoked_at=now)
        CalendarFeed.objects.filter(**at, withdrawn_at__isnull=True).update(withdrawn_at=now)


def forget_device(secret: str) -> None:
    """Revoke a device, for instance when somebody says "this is not my phone"."""
    with use(NOBODY):
        Device.objects.filter(digest=hashed(secret)).update(revoked_at=timezone.now())
