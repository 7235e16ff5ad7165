"""What a company offers and the school's share of it: made, changed and withdrawn together.

Whoever answers, by a link too, sees this one share. So after the policy these go on in the school
of the place, which counts the shares. In the caller's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _

from companies import policies
from companies.enums import PlaceState
from companies.models import Contact, Invitation, Location, Offer, Place
from companies.signals import place_withdrawn
from stage.core.record import audit
from stage.core.tenants.tenancy import as_school_of
from stage.core.who.policies import Conflict, require


@dataclass(frozen=True)
class Terms:
    """What is offered, the same for whoever is asked; `how_many` in all."""

    starts: date
    ends: date
    how_many: int
    weekdays: list[int] = field(default_factory=list)
    tasks: str = ""
    supervisor: Contact | None = None


def lock_place_of(invitation: Invitation) -> Place | None:
    """The place that was offered in answer to an invitation, if any; one at a time."""
    with as_school_of(invitation):
        rows = Place.objects.select_for_update(of=("self",)).filter(invitation=invitation)
        return rows.first()


def make_offer(invitation: Invitation, terms: Terms, *, share: int, actor) -> Place:
    """Offer this, in answer to a school's invitation: the place is the school's share of it.

    Raises Conflict when the share is more than is offered.
    """
    place = Place(
        school_id=invitation.school_id,
        region_id=invitation.region_id,
        company_id=invitation.company_id,
        period_id=invitation.period_id,
        invitation=invitation,
        how_many=share,
    )
    require(policies.may_offer, actor, place)
    with as_school_of(place):
        place.offer = Offer.objects.create(
            region_id=place.region_id,
            company_id=place.company_id,
            location=Location.objects.filter(company_id=place.company_id).first(),
            **vars(terms),
        )
        place.save(force_insert=True)
        _check_shares(place.offer)
        audit.record(actor, "place_offered", place)
    return place


def change_offer(place: Place, terms: Terms, *, share: int, actor) -> None:
    """Offer something else than before, and again what was withdrawn; `share` is this school's.

    Raises Conflict when its shares would be more than is offered.
    """
    require(policies.may_offer, actor, place)
    with as_school_of(place):
        offer = Offer.objects.select_for_update(of=("self",)).get(pk=place.offer_id)
        changed = [name for name, value in vars(terms).items() if getattr(offer, name) != value]
        for name in changed:
            setattr(offer, name, getattr(terms, name))
        offer.save(update_fields=changed)
        Place.objects.filter(pk=place.pk).update(how_many=share, state=PlaceState.OPEN)
        _check_shares(offer)
        audit.record(actor, "place_changed", place, fields=(*changed, "state"))


def withdraw_place(place: Place, *, actor) -> None:
    """Take back a school's share; who waits for it is told. The offer stands, with its others."""
    require(policies.may_offer, actor, place)
    with as_school_of(place):
        Place.objects.filter(pk=place.pk).update(state=PlaceState.WITHDRAWN)
        audit.record(actor, "place_withdrawn", place, fields=("state",))
    place_withdrawn.send(sender=Place, place=place, actor=actor)


def _check_shares(offer: Offer) -> None:
    """The shares that the school of the running scope sees are never more than is offered."""
    open_shares = Place.objects.open().filter(offer=offer)
    if (open_shares.aggregate(n=Sum("how_many"))["n"] or 0) > offer.how_many:
        raise Conflict(_("Er zijn meer plekken verdeeld dan er zijn."))
