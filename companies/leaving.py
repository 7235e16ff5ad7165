"""Who leaves a company: what hangs on that person, and what is kept when its data goes.

Apps above say what they know; each function runs in the scope of who asks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from django.db.models import Exists, OuterRef, Q

from companies.enums import ChangeKind, ContactRole, TrustEnd
from companies.models import Company, CompanyChange, Contact, Trust
from stage.core.tenants import tenancy

Found = Callable[[Collection[int]], Iterable[int]]
# (contacts) -> those who guide a student now; and those whom papers of a placement name.
_GUIDING: list[Found] = []
_ON_PAPER: list[Found] = []


def guides_now(function: Found) -> Found:
    """Register what finds, of these contacts, who guides a student that is there or comes."""
    _GUIDING.append(function)
    return function


def on_paper(function: Found) -> Found:
    """Register what finds, of these contacts, whom the papers of a placement name."""
    _ON_PAPER.append(function)
    return function


def guiding(contacts: Collection[int]) -> set[int]:
    return {pk for find in _GUIDING for pk in find(contacts)}


def named_on_paper(contacts: Collection[int]) -> set[int]:
    return {pk for find in _ON_PAPER for pk in find(contacts)}


def is_own(actor, contact: Contact) -> bool:
    """Whether this line is the actor's own: it proved to read that mailbox."""
    if not (actor.is_company and actor.proven):
        return False
    return contact.pk in actor.contacts or contact.email.lower() == actor.email.lower()


def own_lines(actor) -> list[Contact]:
    """As whom somebody stands in the pool, also where no school knows that person."""
    found: dict[int, Contact] = {}
    for region_id in actor.scope.regions:
        with tenancy.use(tenancy.scope_at(None, region_id)):
            mine = Q(email__iexact=actor.email) | Q(pk__in=actor.contacts)
            rows = Contact.objects.active().filter(mine, region_id=region_id)
            found |= {row.pk: row for row in rows.select_related("company")}
    return sorted(found.values(), key=lambda row: (row.company.sort_name, row.pk))


def last_for(contact: Contact, schools: Iterable[int]) -> list[int]:
    """The schools that would know no contact at the company any more; in each one's own scope."""
    return [school_id for school_id in schools if _is_last(contact, school_id)]


def _is_last(contact: Contact, school_id: int) -> bool:
    with tenancy.use(tenancy.scope_at(school_id, contact.region_id)):
        family = Company.objects.of_family([contact.company_id])
        rows = Trust.objects.live().filter(school_id=school_id, company__in=family)
        rows = rows.filter(roles__contains=[ContactRole.CONTACT])
        own = set(rows.filter(contact=contact).values_list("address", flat=True))
        return bool(own) and not rows.exclude(address__in=own).exists()


def has_left(school_id: int, column: str) -> Q:
    """A condition: the contact in this column left, as the school was told; nobody it knows."""
    rows = Trust.objects.filter(school_id=school_id, contact=OuterRef(column))
    return Q(Exists(rows.filter(ended_why=TrustEnd.LEFT)), ~Exists(rows.live()))


def heirs(school_id: int, contacts: Collection[int]) -> dict[int, Contact | None]:
    """Of these contacts those who left, as the school was told, with who took over, if anybody.

    In the school's scope.
    """
    rows = Trust.objects.filter(school_id=school_id, contact__in=contacts)
    known = set(rows.live().values_list("contact", flat=True))
    gone = rows.filter(ended_why=TrustEnd.LEFT).exclude(contact__in=known)
    found: dict[int, Contact | None] = dict.fromkeys(gone.values_list("contact", flat=True))
    handed = CompanyChange.objects.filter(kind=ChangeKind.HANDED, contact__in=found)
    told = {row.contact_id: row for row in handed.order_by("at", "pk") if row.contact_id}
    here = {row.company_id for row in told.values()}
    active = Contact.objects.active().filter(company__in=here)
    people = {(c.company_id, c.email.lower()): c for c in active.order_by("-pk")}
    for number, row in told.items():
        found[number] = people.get((row.company_id, row.after.get("email", "").lower()))
    return found
