"""What a company offers and the school's share of it: made, changed and withdrawn together.

Whoever answers, by a link too, sees this one share. So after the policy these go on in the school
of the place, which counts the shares. In the caller's transaction.

A company has one offer at a location, for a department, at a time. A second school's question, or
the same school's about another period in that time, gets a share of the offer that is there, which
grows. Windows of offers never overlap: the first that overlaps takes a share in, and is widened as
far as the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from django.db import connection

from companies import policies
from companies.enums import PlaceState
from companies.models import Company, Contact, Department, Invitation, Location, Offer, Place
from companies.services import shares
from companies.signals import place_withdrawn
from stage.core.record import audit
from stage.core.tenants.tenancy import as_school_of
from stage.core.who.policies import require

OF_THE_SHARE = ("how_many", "weekdays", "day_from", "day_to", "supervisor")


@dataclass(frozen=True)
class Terms:
    """What a company gives one school: so many places, on these days, this work, at this part.

    `tasks` None: as it stands. Times None: the period's.
    """

    starts: date
    ends: date
    how_many: int
    weekdays: list[int] = field(default_factory=list)
    tasks: str | None = ""
    supervisor: Contact | None = None
    location: Location | None = None
    department: Department | None = None
    day_from: time | None = None
    day_to: time | None = None

    @property
    def share(self) -> dict:
        """The fields of the place."""
        return {name: getattr(self, name) for name in OF_THE_SHARE}


@dataclass(frozen=True)
class Held:
    """A school's open share of something that a company offers in some window of time."""

    offer_id: int
    location_id: int | None
    department_id: int | None
    school_id: int
    school: str
    how_many: int
    starts: date
    ends: date
    tasks: str


def offered_already(company: Company, first: date, last: date) -> list[Held]:
    """What a company offers between two days, and to whom. In a company's scope, by a link too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM offers_of_company(%s, %s, %s)", [company.pk, first, last])
        return [Held(*row) for row in cursor.fetchall()]


def lock_place_of(invitation: Invitation) -> Place | None:
    """The place that was offered in answer to a question, if any; one at a time."""
    with as_school_of(invitation):
        rows = Place.objects.select_for_update(of=("self",)).filter(invitation=invitation)
        return rows.first()


def make_offer(invitation: Invitation, terms: Terms, *, actor) -> Place:
    """Offer this, in answer to a school's question: the place is the school's share of it."""
    place = Place(
        school_id=invitation.school_id,
        region_id=invitation.region_id,
        company_id=invitation.company_id,
        period_id=invitation.period_id,
        invitation=invitation,
        **terms.share,
    )
    require(policies.may_offer, actor, place)
    with as_school_of(place):
        _hold(place.company_id)
        offer = place.offer = _offer_for(place, terms)
        before = shares.of(offer).all
        tasks = _words(offer, terms, actor)
        place.save(force_insert=True)
        shares.grow(offer, tasks, before)
        audit.record(actor, "place_offered", place)
    return place


def ask_for_one(company: Company, period, *, tasks: str = "", actor) -> Place:
    """The place that a school asks of a company for one student: nobody's until it says yes.

    Without a letter's question: what the company answers to that is about any student. It hangs on
    an offer and makes none grow.
    """
    place = Place(
        school_id=period.school_id,
        region_id=company.region_id,
        company_id=company.pk,
        period=period,
        how_many=1,
        for_one=True,
        state=PlaceState.ASKED,
    )
    require(policies.may_ask_for_one, actor, place)
    terms = Terms(
        starts=period.starts,
        ends=period.ends,
        how_many=1,
        tasks=tasks,
        location=Location.objects.filter(company_id=company.pk).first(),
    )
    _hold(company.pk)
    place.offer = _offer_for(place, terms)
    place.save(force_insert=True)
    audit.record(actor, "place_asked", place)
    return place


def give(place: Place, *, actor) -> None:
    """The company says yes to the one student: the place is there, and its offer with it.

    In the school's scope, the place locked.
    """
    require(policies.may_give, actor, place)
    _hold(place.company_id)
    offer = Offer.objects.get(pk=place.offer_id)
    before = shares.of(offer).all - place.how_many
    Place.objects.filter(pk=place.pk).update(state=PlaceState.OPEN)
    place.state = PlaceState.OPEN
    shares.grow(offer, None, before)
    audit.record(actor, "place_offered", place, fields=("state",))


def change_offer(place: Place, terms: Terms, *, actor) -> None:
    """Offer something else than before, and again what was withdrawn."""
    require(policies.may_offer, actor, place)
    with as_school_of(place):
        _hold(place.company_id)
        before = Offer.objects.get(pk=place.offer_id)
        offer = before if _same_part(before, terms) else _offer_for(place, terms)
        shared = shares.of(before).all, shares.of(offer).all
        tasks = _words(offer, terms, actor)
        changed = [name for name, value in terms.share.items() if getattr(place, name) != value]
        changes = {**terms.share, "state": PlaceState.OPEN, "offer": offer}
        Place.objects.filter(pk=place.pk).update(**changes)
        if tasks is not None and tasks != before.tasks:
            changed.append("tasks")
        if offer.pk != before.pk:
            changed.append("offer")
            shares.grow(before, None, shared[0])
        shares.grow(offer, tasks, shared[1])
        audit.record(actor, "place_changed", place, fields=(*changed, "state"))


def withdraw_place(place: Place, *, actor) -> None:
    """Take back a school's share; who waits for it is told. The offer stands, with its others."""
    require(policies.may_offer, actor, place)
    with as_school_of(place):
        Place.objects.filter(pk=place.pk).update(state=PlaceState.WITHDRAWN)
        audit.record(actor, "place_withdrawn", place, fields=("state",))
    place_withdrawn.send(sender=Place, place=place, actor=actor)


def _words(offer: Offer, terms: Terms, actor) -> str | None:
    """The work as this answer tells it. Who is known by a link only changes no words that another

    school's students read.
    """
    if actor.is_company and not actor.proven and shares.of(offer).others:
        return None
    return terms.tasks


def _hold(company_id: int) -> None:
    """Until the transaction ends, nobody else makes or changes an offer of this family."""
    family = Company.objects.values_list("family_id", flat=True).get(pk=company_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"offers:{family}"]
        )


def _part(terms: Terms) -> tuple[int | None, int | None]:
    return (
        terms.location.pk if terms.location else None,
        terms.department.pk if terms.department else None,
    )


def _same_part(offer: Offer, terms: Terms) -> bool:
    return (offer.location_id, offer.department_id) == _part(terms)


def _offer_for(place: Place, terms: Terms) -> Offer:
    """The company's offer there and then; a new one where there is none."""
    location, department = _part(terms)
    family = Company.objects.of_family([place.company_id])
    here = Offer.objects.filter(
        company__in=family, location_id=location, department_id=department
    ).order_by("starts", "pk")
    found = here.filter(starts__lte=terms.ends, ends__gte=terms.starts).first()
    if found is None:
        return Offer.objects.create(
            region_id=place.region_id,
            company_id=place.company_id,
            location=terms.location,
            department=terms.department,
            starts=terms.starts,
            ends=terms.ends,
            how_many=terms.how_many,
            tasks=terms.tasks or "",
        )
    others = [(o.starts, o.ends) for o in here if o.pk != found.pk]
    _widen(found, terms, others)
    return found


def _widen(offer: Offer, terms: Terms, others: Iterable[tuple[date, date]]) -> None:
    """Over the asked window too, as far as it meets no other offer of the same part."""
    day = timedelta(days=1)
    first = max([e + day for _s, e in others if e < offer.starts], default=date.min)
    last = min([s - day for s, _e in others if s > offer.ends], default=date.max)
    starts = min(offer.starts, max(first, terms.starts))
    ends = max(offer.ends, min(last, terms.ends))
    if (starts, ends) != (offer.starts, offer.ends):
        offer.starts, offer.ends = starts, ends
        offer.save(update_fields=["starts", "ends"])
