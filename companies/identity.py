"""Company people: a verified e-mail address is the identity, its contacts' companies the scope."""

from __future__ import annotations

from companies.models import Contact
from stage.core import mail
from stage.core.actors import Actor
from stage.core.enums import Audience, PersonKind
from stage.core.identities import actor_of_device_kind, people_at_address
from stage.core.tenancy import Scope


@mail.person_of_kind(PersonKind.CONTACT)
def find_contact(person_id: int) -> mail.Person | None:
    """A contact who is still active, as mail and links know people."""
    row = Contact.objects.filter(pk=person_id, active=True).first()
    if row is None:
        return None
    return mail.Person("contact", row.pk, row.name, row.email, None, row.region_id)


@actor_of_device_kind(PersonKind.CONTACT)
def actor_of_device(device) -> Actor | None:
    """The actor of a remembered device: all companies where this address is a contact now."""
    return actor_of_address(device.email)


@people_at_address(PersonKind.CONTACT)
def people_at(email: str) -> list[mail.Person]:
    """One person per address: whoever reads it is all contacts that have it."""
    row = Contact.objects.active().filter(email__iexact=email).order_by("pk").first()
    return [mail.Person("contact", row.pk, row.name, row.email, None, row.region_id)] if row else []


def actor_of_address(email: str, *, proven: bool = True) -> Actor | None:
    """The actor of an e-mail address; run in the system scope, since it spans regions."""
    rows = list(Contact.objects.active().filter(email__iexact=email).order_by("pk"))
    return actor_of_contacts(rows, email=email, proven=proven) if rows else None


def actor_of_contacts(rows: list[Contact], *, email: str, proven: bool) -> Actor:
    """One person out of one or more contact rows with the same address."""
    return Actor(
        kind="contact",
        id=rows[0].pk,
        role=Audience.COMPANY,
        scope=Scope(
            "company",
            companies=tuple(sorted({r.company_id for r in rows})),
            regions=tuple(sorted({r.region_id for r in rows})),
        ),
        name=rows[0].name,
        email=email,
        contacts=tuple(r.pk for r in rows),
        contact_roles=frozenset(role for r in rows for role in r.roles),
        proven=proven,
    )
