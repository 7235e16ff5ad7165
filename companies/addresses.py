"""Addresses that others typed: who, when, what is odd. A person says yes or leaves it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.enums import ContactRole, NamedVia, PlaceState
from companies.models import Company, Contact, Invitation, Place, Trust
from companies.models.pool import ContactQuerySet
from stage.core.dutch.calendar import school_today

LATELY = timedelta(days=14)


# (school) -> which contacts something of that school waits for.
_WAITED_FOR: list[Callable[[int], Q]] = []


def waited_for(function: Callable[[int], Q]) -> Callable[[int], Q]:
    """Register a condition on contacts, for an app above this one; runs in the school's scope."""
    _WAITED_FOR.append(function)
    return function


@dataclass(frozen=True)
class Named:
    """Somebody in the pool whom the school does not know, with what a person needs to judge it."""

    contact: Contact
    who: str  # who typed the address
    odd: tuple[str, ...]  # what is odd about it, in words
    why: str = ""  # what waits for it, or why it counts no more

    @property
    def roles(self) -> str:
        return ", ".join(str(ContactRole(role).label) for role in self.contact.roles)


def at_companies(school_id: int, company_ids: Iterable[int]) -> list[Named]:
    """Everybody at these companies whom the school does not know; what is odd first."""
    rows = Contact.objects.named_only(school_id).filter(
        company__in=Company.objects.of_family(company_ids)
    )
    return _described(school_id, rows)


def described(school_id: int, contacts: Iterable[Contact]) -> list[Named]:
    """These people, as far as the school does not know them; what is odd first."""
    rows = Contact.objects.named_only(school_id).filter(pk__in=[c.pk for c in contacts])
    return _described(school_id, rows)


def waiting(actor) -> QuerySet[Contact]:
    """Those for whom something of this school waits until it knows them.

    At companies with a place or a question of ours that is not over: who was named to guide there,
    who was named through our own letter, and whoever there is where we know nobody at all; and
    whom a higher app waits for.
    """
    school_id, today = actor.school_id, school_today()
    here = {"school_id": school_id, "company__family_id": OuterRef("company__family_id")}
    places = Place.objects.filter(**here, period__ends__gte=today, state=PlaceState.OPEN)
    asked = Invitation.objects.filter(**here, period__ends__gte=today)
    known = Trust.objects.live().filter(**here)
    own_letter = Q(Exists(asked), named_via=NamedVia.LINK, named_school=school_id)
    guides = Q(Exists(places.filter(supervisor=OuterRef("pk"))))
    nobody = Q(~Exists(known) & Exists(places))
    wanted = own_letter | guides | nobody
    for also in _WAITED_FOR:
        wanted |= also(school_id)
    return Contact.objects.visible_to(actor).named_only(school_id).filter(wanted)


def colleagues_of(actor) -> ContactQuerySet:
    """Who is named at the companies where this person is contact, and waits for a yes.

    Known to none of the schools that trust this person; or to guide at a place of one of them
    that does not know that name.
    """
    kept = {company for _school, company in actor.scope.reach.contact}
    known = Trust.objects.visible_to(actor).live()
    to_that_school = known.filter(school=OuterRef("school"), contact=OuterRef("supervisor"))
    guides = (
        Place.objects.visible_to(actor)
        .filter(~Exists(to_that_school), supervisor=OuterRef("pk"), state=PlaceState.OPEN)
        .filter(period__ends__gte=school_today())
    )
    rows = Contact.objects.visible_to(actor).active().filter(company__in=kept).exclude(email="")
    nobody_knows = ~Exists(known.filter(contact=OuterRef("pk"))) & ~Exists(known.same_person())
    return rows.filter(nobody_knows | Exists(guides))


def _described(school_id: int, rows) -> list[Named]:
    contacts = list(rows.select_related("company", "named_school").order_by("name", "pk"))
    domains = _domains({c.company_id for c in contacts})
    ended = _ended(school_id, contacts)
    found = [
        Named(
            contact=c,
            who=who_named(c, school_id),
            odd=tuple(_odd(c, domains[c.company_id])),
            why=ended.get((c.pk, c.email.lower()), ""),
        )
        for c in contacts
    ]
    return sorted(found, key=lambda n: (-len(n.odd), n.contact.company.sort_name, n.contact.pk))


def who_named(contact: Contact, school_id: int | None = None) -> str:
    """Who typed this address, in words."""
    via = NamedVia(contact.named_via)
    if via == NamedVia.SCHOOL and contact.named_school is not None:
        if contact.named_school_id == school_id:
            return _("door jullie school")
        return _("door %(school)s") % {"school": contact.named_school.name}
    return str(via.label)


def _odd(contact: Contact, domains: Counter) -> Iterable[str]:
    if timezone.now() - contact.named_at < LATELY:
        yield _("pas toegevoegd")
    others = domains - Counter([_domain(contact.email)])
    if others and _domain(contact.email) not in others:
        yield _("een ander adres dan de anderen van dit bedrijf")


def _domain(email: str) -> str:
    return email.rpartition("@")[2].lower()


def _domains(company_ids: set[int]) -> dict[int, Counter]:
    """How often each mail domain occurs at a company."""
    found: dict[int, Counter] = defaultdict(Counter)
    rows = Contact.objects.active().filter(company_id__in=company_ids).exclude(email="")
    for company_id, email in rows.order_by("pk").values_list("company_id", "email"):
        found[company_id][_domain(email)] += 1
    return found


def _ended(school_id: int, contacts: list[Contact]) -> dict[tuple[int, str], str]:
    """Why the school does not know them any more, where it once did."""
    rows = Trust.objects.filter(school_id=school_id, contact__in=contacts, until__isnull=False)
    return {
        (r.contact_id, r.address): r.get_ended_why_display() for r in rows.order_by("until", "pk")
    }
