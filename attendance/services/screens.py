"""A code on the company's screen: paired once, then another one every thirty seconds.

A code follows from the screen's secret and the time, so nothing is stored when it changes. The one
that is shown and the one before it count; an older one was photographed, or came too late.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.core import signing
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from attendance.models import Screen
from attendance.models.screens import PAIR_FOR
from companies import policies
from companies.models import Location
from stage.core.record import audit
from stage.core.tenants.statements import ask
from stage.core.tenants.tenancy import Reach, Scope, use
from stage.core.who.codes import ALPHABET, login_code, normalise_code
from stage.core.who.links import hashed
from stage.core.who.policies import Conflict, require

STEP = 30  # seconds
LENGTH = 6
KEPT_FOR = 5 * 60  # seconds between opening the page of a code and pressing the button
_SALT = "attendance.screen"


def step_now(at: datetime | None = None) -> int:
    return int((at or timezone.now()).timestamp()) // STEP


def seconds_left() -> int:
    """Until the next code, at least one."""
    return STEP - int(timezone.now().timestamp()) % STEP


def code_at(secret: str, step: int) -> str:
    """The six signs of a step; the database works out the same (`screen_showing`)."""
    inner = sha256(f"{secret}:{step}".encode()).hexdigest()
    number = int(sha256(f"{secret}{inner}".encode()).hexdigest()[:12], 16)
    signs = []
    for _n in range(LENGTH):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return "".join(signs)


def _number_of(code: str) -> int | None:
    """The number that six signs stand for; None for what is no code."""
    if len(code) != LENGTH or any(sign not in ALPHABET for sign in code):
        return None
    return sum(ALPHABET.index(sign) * len(ALPHABET) ** n for n, sign in enumerate(code))


# --- the company ------------------------------------------------------------------------------


@transaction.atomic
def make_screen(location: Location, name: str, *, actor) -> Screen:
    """A screen that waits for its device. Raises NotAllowed."""
    require(policies.may_keep_company, actor, location)
    row = Screen(
        region_id=location.region_id, company_id=location.company_id, location=location, name=name
    )
    row.pairing = hashed(normalise_code(pairing_code(row)))
    row.save()
    audit.record(actor, "screen_made", row, fields=["name"])
    return row


@transaction.atomic
def withdraw_screen(screen: Screen, *, actor) -> None:
    """Its codes count no more, at once. Raises NotAllowed, and Conflict the second time."""
    require(policies.may_keep_company, actor, screen)
    rows = Screen.objects.standing().filter(pk=screen.pk)
    if not rows.update(withdrawn_at=timezone.now(), key="", pairing=""):
        raise Conflict(_("Dit scherm is al ingetrokken."))
    audit.record(actor, "screen_withdrawn", screen, fields=["withdrawn_at"])


def pairing_code(screen: Screen) -> str:
    """What is typed on the device, once: derived, so that only its hash is stored."""
    value = salted_hmac("stage.screen", screen.public_id, algorithm="sha256").hexdigest()
    return login_code(int(value, 16))


# --- the device -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """What the screen's page needs."""

    id: int
    company_id: int
    region_id: int
    secret: str
    company: str
    seen_ago: int | None  # seconds

    @property
    def code(self) -> str:
        return code_at(self.secret, step_now())


def pair(typed: str) -> str | None:
    """Put the screen with this code on the device that asks; returns the key it keeps.

    None for a code that is wrong, used, withdrawn or older than a quarter of an hour.
    """
    digest = hashed(normalise_code(typed))
    found = ask("screen_to_pair", digest, timezone.now() - PAIR_FOR)
    if not found:
        return None
    key = secrets.token_urlsafe(32)
    with use(_scope(found[0])), transaction.atomic():
        rows = Screen.objects.standing().filter(pk=found[0]["id"], pairing=digest)
        done = rows.update(pairing="", key=hashed(key), seen_at=timezone.now())
    return key if done else None


def shown_by(key: str) -> Shown | None:
    """The screen of a device; None once it was withdrawn."""
    found = ask("screen_of_key", hashed(key), timezone.now()) if key else []
    return Shown(**found[0]) if found else None


def is_alive(shown: Shown) -> None:
    """The screen asked again: kept once a minute."""
    if shown.seen_ago is not None and shown.seen_ago < 60:
        return
    scope = _scope({"company_id": shown.company_id, "region_id": shown.region_id})
    with use(scope), transaction.atomic():
        Screen.objects.filter(pk=shown.id).update(seen_at=timezone.now())


def _scope(found: dict) -> Scope:
    """Of a device: its own company's page, and no school's row."""
    company, region = found["company_id"], found["region_id"]
    reach = Reach(contact=((0, company),))
    return Scope("company", companies=(company,), regions=(region,), reach=reach)


# --- the student ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Read:
    """What a code of a screen says: where, and whether it was there within the last minute."""

    location_id: int
    is_fresh: bool


def read_code(code: str, at: datetime | None = None) -> Read | None:
    """In a student's scope; None for what no screen of the region showed the last minutes.

    `at`: when a phone without a network was pressed.
    """
    number = _number_of(code)
    if number is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM screen_showing(%s, %s)", [number, step_now(at)])
        found = cursor.fetchone()
    return Read(found[0], found[1] <= 1) if found else None


def ticket_for(read: Read, *, actor) -> str:
    """That this student saw the code just now: pressing the button may take a few minutes."""
    return signing.dumps([actor.student_id, read.location_id], salt=_SALT)


def location_of_ticket(ticket: str, *, actor, at: datetime | None = None) -> int | None:
    """The place of work it was read at; None when it is somebody else's, forged or too old.

    `at`: when it was pressed on a phone without a network, which sends it later.
    """
    longest = timedelta(seconds=KEPT_FOR)
    if at is not None:
        longest += timezone.now() - at
    try:
        student, location = signing.loads(ticket, salt=_SALT, max_age=longest)
    except (signing.BadSignature, ValueError):
        return None
    same = hmac.compare_digest(str(student), str(actor.student_id))
    return location if same else None
