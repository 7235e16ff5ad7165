"""Companies of the pool and their parts."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from companies import policies
from companies.enums import ChangeKind, ContactRole, TrustSource
from companies.models import Company, Contact, Department, Location
from companies.services.changes import TOLD_FACTS, note_change, values_of
from companies.services.contacts import store
from companies.services.trust import vouch
from stage.core.record import audit
from stage.core.who.policies import Conflict, require


@transaction.atomic
def add_company(company: Company, *, actor, location: Location, contact: Contact | None) -> Company:
    """Bring a company into the pool with its first location and, if known, a contact.

    Raises Conflict when the region has a company with the same KvK number.
    """
    require(policies.may_add_company, actor, company.region_id)
    try:
        with transaction.atomic():
            company.save()
    except IntegrityError:
        raise _kvk_taken(company) from None
    location.company, location.region_id = company, company.region_id
    location.save()
    contact = contact or _general_contact(company)
    if contact is not None:
        contact.company, contact.region_id = company, company.region_id
        store(contact, actor)
        vouch(contact, contact.roles, source=TrustSource.TYPED, actor=actor)
    audit.record(actor, "company_added", company)
    return company


def _general_contact(company: Company) -> Contact | None:
    """Who reads the general address; a link belongs to a person, so it stands for one."""
    if not company.email:
        return None
    roles = [ContactRole.CONTACT]
    return Contact(name=company.name, email=company.email, telephone=company.telephone, roles=roles)


@transaction.atomic
def update_company(company: Company, *, actor, **values) -> None:
    """Change a company's profile; other schools that work there hear of its facts.

    Raises Conflict for a KvK number that is taken.
    """
    require(policies.may_keep_company, actor, company)
    told = [name for name in TOLD_FACTS if name in values]
    stored = Company.objects.get(pk=company.pk)
    before = values_of(stored, told)
    for name, value in values.items():
        setattr(company, name, value)
    company.set_keys()
    changed = {*values, "sort_name", "search_name"}
    try:
        with transaction.atomic():
            company.save(update_fields=changed)
    except IntegrityError:
        raise _kvk_taken(company) from None
    audit.record(actor, "company_changed", company, fields=values)
    news = [name for name in told if before[name] != values[name]]
    note_change(
        ChangeKind.FACTS,
        company,
        before={name: before[name] for name in news},
        after={name: values[name] for name in news},
        actor=actor,
    )


def _kvk_taken(company: Company) -> Conflict:
    return Conflict(
        _("Er is al een bedrijf met KvK-nummer %(number)s.") % {"number": company.kvk_number}
    )


@transaction.atomic
def save_location(location: Location, *, actor, fields=()) -> Location:
    """Add or change a location; other schools that work there hear of a change."""
    require(policies.may_keep_company, actor, location)
    stored = Location.objects.filter(pk=location.pk).first() if location.pk else None
    location.save()
    verb = "location_changed" if stored else "location_added"
    audit.record(actor, verb, location, fields=fields)
    if stored:
        news = [name for name in fields if getattr(stored, name) != getattr(location, name)]
        before, after = values_of(stored, news), values_of(location, news)
        note_change(ChangeKind.LOCATION, location, before=before, after=after, actor=actor)
    return location


@transaction.atomic
def save_department(department: Department, *, actor, fields=()) -> Department:
    """Add or change a department."""
    require(policies.may_keep_company, actor, department)
    verb = "department_changed" if department.pk else "department_added"
    department.save()
    audit.record(actor, verb, department, fields=fields)
    return department


@transaction.atomic
def remove_department(department: Department, *, actor) -> None:
    require(policies.may_keep_company, actor, department)
    audit.record(actor, "department_removed", department)
    department.delete()
