"""The secret address of somebody's calendar: made, renewed, withdrawn, and whose it is.

A calendar program cannot log in, so the address is the key. It gives that one calendar to read and
nothing else, is kept as a hash, and is shown once. Who it is for is read anew each time: a log-in
that ended, or an address that no school trusts any more, has no calendar.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from stage.core.enums import PersonKind
from stage.core.models import CalendarFeed
from stage.core.record import audit
from stage.core.tenants.tenancy import NOBODY, use
from stage.core.who.actors import Actor, actor_of_membership
from stage.core.who.identities import actor_of_contact, membership_numbered
from stage.core.who.links import hashed
from stage.core.who.policies import Conflict


@dataclass(frozen=True)
class Found:
    """What an address leads to: `actor` is None where it is withdrawn, or its owner is gone."""

    feed: CalendarFeed
    actor: Actor | None


def feed_of(actor: Actor) -> CalendarFeed | None:
    """The address that works now, without its secret."""
    with use(NOBODY):
        return _own(actor).first()


@transaction.atomic
def make_feed(actor: Actor) -> str:
    """A new secret for the actor's calendar; the one before stops at once.

    Raises Conflict where another page made one at the same moment.
    """
    token = secrets.token_urlsafe(32)
    with use(NOBODY):
        _stop(actor)
        try:
            with transaction.atomic():
                made = CalendarFeed.objects.create(digest=hashed(token), **_owner(actor))
        except IntegrityError:
            raise Conflict(_("Er is net al een adres gemaakt. Kijk hoe het nu is.")) from None
    audit.record(actor, "calendar_made", made)
    return token


@transaction.atomic
def withdraw_feed(actor: Actor) -> None:
    """Stop the address at once. Raises Conflict where there is none."""
    with use(NOBODY):
        row = _own(actor).first()
        stopped = _stop(actor)
    if row is None or not stopped:
        raise Conflict(_("Er is geen adres meer om in te trekken."))
    audit.record(actor, "calendar_withdrawn", row)


def end_feed(membership_id: int) -> None:
    """A log-in that had ended begins again: what it gave away before is no key any more."""
    with use(NOBODY):
        rows = CalendarFeed.objects.filter(person_id=membership_id, email="")
        rows.filter(withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())


def find_feed(token: str) -> Found | None:
    """Whose calendar an address is, as known now; None for one that never was."""
    with use(NOBODY):
        feed = CalendarFeed.objects.filter(digest=hashed(token)).first()
    if feed is None:
        return None
    return Found(feed, None if feed.withdrawn_at else _actor_of(feed))


def _actor_of(feed: CalendarFeed) -> Actor | None:
    if feed.person_kind == PersonKind.CONTACT:
        actor = actor_of_contact(feed)
        return actor if actor is not None and actor.standings else None
    membership = membership_numbered(feed.person_id)
    if membership is None or not membership.user.is_active:
        return None
    return actor_of_membership(membership)


def _owner(actor: Actor) -> dict:
    if actor.is_company:
        return {
            "person_kind": PersonKind.CONTACT,
            "person_id": actor.id,
            "email": actor.email.lower(),
        }
    return {"person_kind": PersonKind.MEMBERSHIP, "person_id": actor.membership}


def _own(actor: Actor):
    mine = Q(email="", person_id=actor.membership)
    if actor.is_company:
        mine = Q(person_kind=PersonKind.CONTACT, email__iexact=actor.email)
    return CalendarFeed.objects.filter(mine, withdrawn_at__isnull=True)


def _stop(actor: Actor) -> int:
    return _own(actor).update(withdrawn_at=timezone.now())
