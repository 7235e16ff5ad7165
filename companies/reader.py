"""Whoever opened the link of a mail to somebody of a company: known by that link only."""

from __future__ import annotations

from dataclasses import dataclass

from companies import identity
from companies.models import Contact, Invitation
from stage.core.models import Link
from stage.core.tenants import tenancy
from stage.core.who import links
from stage.core.who.actors import Actor


@dataclass(frozen=True)
class Reader:
    """The person of a mail, as the school that wrote it knows them, at that one company.

    `actor` is not proven: mails are forwarded, and scanners open links.
    """

    link: Link
    contact: Contact
    address: str  # where mails of this school to this person go
    known: bool  # whether the school knows that address
    actor: Actor
    invitation: Invitation | None = None  # the letter, where the mail was one

    @property
    def school_id(self) -> int | None:
        """Empty for a mail of the region's bureau."""
        return self.link.school_id

    @property
    def company_id(self) -> int:
        return self.contact.company_id

    @property
    def is_expired(self) -> bool:
        return links.is_expired(self.link)


def reader_of(link: Link) -> Reader | None:
    """The reader of a mail by its link to a contact; None when that person is gone."""
    person = links.person_of_link(link)
    if person is None:
        return None
    with tenancy.use(links.scope_of_link(link)):
        contact = Contact.objects.select_related("company").get(pk=person.id)
        invitation = None
        if link.purpose == "invitation":
            rows = Invitation.objects.filter(public_id=link.target, company=contact.company)
            invitation = rows.first()
    return Reader(
        link=link,
        contact=contact,
        address=person.email.lower(),
        known=person.known,
        actor=identity.actor_of_mail(contact, person.email, invitation),
        invitation=invitation,
    )
