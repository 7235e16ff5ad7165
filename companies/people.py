"""The people of a company as a page lists them, with what they are to who looks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from companies import addresses
from companies.addresses import Named
from companies.enums import ContactRole
from companies.models import Company, Contact, LetterStop, Trust


@dataclass(frozen=True)
class Person:
    """A contact; with the school's trust, or with what a person needs to judge the address."""

    contact: Contact
    trust: Trust | None = None
    named: Named | None = None
    no_letters: tuple[str, ...] = ()  # of which schools that are in sight it wants no letters

    @property
    def roles(self) -> str:
        """What this person may: as the school says, else as whom the pool names it."""
        roles = self.trust.roles if self.trust else self.contact.roles
        return ", ".join(str(ContactRole(role).label) for role in roles)


def people_of(company: Company, actor) -> list[Person]:
    """All contacts of a company, who works there now first; in a bounded number of queries."""
    family = company.family
    here = Contact.objects.filter(company__in=family, forgotten_at__isnull=True)
    rows = list(here.order_by("-active", "name", "pk"))
    stops = _stops(family, actor)
    if actor.is_bureau:
        return [Person(row, no_letters=tuple(stops[row.email.lower()])) for row in rows]
    live = Trust.objects.visible_to(actor).live().filter(company__in=family).select_related("by")
    trusts = {t.contact_id: t for t in live}
    named: dict[int, Named] = {}
    if actor.is_coordinator:
        found = addresses.at_companies(actor.school_id, [company.pk])
        named = {n.contact.pk: n for n in found}
    people = []
    for row in rows:
        known = trusts.get(row.pk)
        no_letters = stops[known.address if known else row.email.lower()]
        people.append(Person(row, known, named.get(row.pk), tuple(no_letters)))
    return people


def _stops(family, actor) -> dict[str, list[str]]:
    """Address -> the schools of which its reader wants no letters; for staff."""
    found: dict[str, list[str]] = defaultdict(list)
    if not actor.is_company:
        rows = LetterStop.objects.visible_to(actor).filter(company__in=family)
        for row in rows.select_related("school").order_by("pk"):
            found[row.address].append(row.school.name)
    return found
