"""Companies of the pool and their parts, and a school's own notes about them."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from companies import policies
from companies.models import Company, CompanyNote, Contact, Department, Location
from stage.core import audit
from stage.core.policies import Conflict, NotAllowed, require


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
    for part in filter(None, (location, contact)):
        part.company, part.region_id = company, company.region_id
        part.save()
    audit.record(actor, "company_added", company)
    return company


@transaction.atomic
def update_company(company: Company, *, actor, **values) -> None:
    """Change a company's profile. Raises Conflict for a KvK number that is taken."""
    require(policies.may_keep_company, actor, company)
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


def _kvk_taken(company: Company) -> Conflict:
    return Conflict(
        _("Er is al een bedrijf met KvK-nummer %(number)s.") % {"number": company.kvk_number}
    )


@transaction.atomic
def save_part(part: Location | Department | Contact, *, actor, fields=()):
    """Add or change a location, department or contact of a company."""
    require(policies.may_keep_company, actor, part)
    verb = "changed" if part.pk else "added"
    part.save()
    audit.record(actor, f"{part._meta.model_name}_{verb}", part, fields=fields)
    return part


@transaction.atomic
def set_contact_active(contact: Contact, *, active: bool, actor) -> None:
    """Somebody left, or is back: no mail goes there and no link of theirs works any more."""
    require(policies.may_keep_company, actor, contact)
    Contact.objects.filter(pk=contact.pk).update(active=active)
    audit.record(actor, "contact_back" if active else "contact_left", contact, fields=("active",))


@transaction.atomic
def remove_department(department: Department, *, actor) -> None:
    require(policies.may_keep_company, actor, department)
    audit.record(actor, "department_removed", department)
    department.delete()


@transaction.atomic
def add_note(company: Company, *, text: str, actor) -> CompanyNote:
    """Write something about a company that only the own school reads."""
    if company.region_id not in actor.scope.regions:
        raise NotAllowed(_("Dit bedrijf hoort niet bij jullie regio."))
    note = CompanyNote(
        school_id=actor.school_id, company=company, text=text, written_by_id=actor.membership
    )
    require(policies.may_note, actor, note)
    note.save()
    audit.record(actor, "company_note_added", note)
    return note


@transaction.atomic
def remove_note(note: CompanyNote, *, actor) -> None:
    require(policies.may_note, actor, note)
    audit.record(actor, "company_note_removed", note)
    note.delete()
