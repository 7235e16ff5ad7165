"""What a school does at a company for one student: bring it into the pool, name who to ask.

Wider than what a teacher may otherwise (`policies.may_ask_for_one`), so no more than that: a
company with its town, and one address where the school knows nobody yet.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from companies import policies
from companies.enums import ChangeKind, ContactRole, Standing
from companies.models import Company, Contact, Invitation, Location
from companies.services.changes import note_change, values_of
from companies.services.contacts import TOLD, store
from companies.services.trust import vouch_for_school
from stage.core.record import audit
from stage.core.who.policies import Conflict, require


@transaction.atomic
def bring_in(
    *, name: str, city: str, telephone: str = "", region_id: int, school_id: int, actor
) -> Company:
    """A company that the pool does not have, with its town."""
    row = Invitation(school_id=school_id, region_id=region_id)
    require(policies.may_ask_for_one, actor, row)
    company = Company(region_id=region_id, name=name, telephone=telephone)
    company.save()
    Location.objects.create(region_id=region_id, company=company, city=city)
    audit.record(actor, "company_added", company)
    return company


@transaction.atomic
def name_person(
    company: Company, *, name: str, email: str, telephone: str = "", school_id: int, actor
) -> Contact:
    """Whom the school asks there: found by the address, else new, and known to it from then on.

    Without an address it is somebody to call, and nobody is known by it. Raises Conflict where the
    school knows somebody there already.
    """
    address = email.lower()
    people = Contact.objects.active().filter(company__family_id=company.family_id)
    same = {"email": address} if address else {"email": "", "name": name}
    contact = people.filter(**same).order_by("pk").first()
    if contact is None:
        contact = Contact(
            region_id=company.region_id,
            company=company,
            name=name or company.name,
            email=address,
            telephone=telephone,
            roles=[ContactRole.CONTACT],
        )
        row = Invitation(school_id=school_id, region_id=company.region_id)
        require(policies.may_ask_for_one, actor, row)
        store(contact, actor)
        audit.record(actor, "contact_added", contact)
        after = values_of(contact, TOLD)
        note_change(ChangeKind.ADDED, contact, before={}, after=after, actor=actor)
    vouch_for_school(contact, [ContactRole.CONTACT], school_id=school_id, actor=actor)
    return contact


def check_may_be_asked(company: Company) -> None:
    """Raises Conflict for a company that nobody in the region may ask."""
    if company.standing != Standing.OPEN:
        words = {"name": company.name, "why": str(Standing(company.standing).label).lower()}
        raise Conflict(_("%(name)s kun je niet vragen: %(why)s.") % words)
