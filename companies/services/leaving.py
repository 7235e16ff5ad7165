"""Somebody does not work at a company any more: who takes over, what moves, what is erased."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies import leaving, policies
from companies.enums import ChangeKind, ContactRole, PlaceState, TrustEnd, TrustSource
from companies.models import Company, Contact, Invitation, Place, Trust
from companies.services.changes import note_change, values_of
from companies.services.contacts import TOLD, is_known_elsewhere, store
from companies.services.passing import hand_question
from companies.services.trust import end_rows, hold_families, schools_spoken_for, vouch
from companies.signals import handed_over
from stage.core.dutch.calendar import school_today
from stage.core.record import audit
from stage.core.tenants import tenancy
from stage.core.who.policies import Conflict, require


@dataclass(frozen=True)
class Successor:
    """Who takes over: somebody of the company, or a new name and address; empty: nobody."""

    contact: Contact | None = None
    name: str = ""
    email: str = ""

    def __bool__(self) -> bool:
        return self.contact is not None or bool(self.email)


@transaction.atomic
def leave_company(
    contact: Contact, successor: Successor, *, nobody: bool = False, forget: bool = False, actor
) -> Contact | None:
    """End what somebody is at a company, once; returns who takes over, if anybody does.

    One's own leaving counts for every school, another's word for those it speaks for. Questions
    and what was offered go to the successor; students who are there do not: each school chooses
    who guides them. Raises Conflict when that person is gone already, and when a school would be
    left without a contact, unless `nobody` says so. `forget`: erase what is known of oneself.
    """
    require(policies.may_leave, actor, contact)
    own = leaving.is_own(actor, contact)
    schools = schools_of(contact, actor)
    hold_families(contact.region_id)
    with _pool_of(contact, actor):
        stored = Contact.objects.get(pk=contact.pk)
    if not stored.active and not schools:
        raise Conflict(_("%(name)s was hier al weg.") % {"name": stored.name})
    heir = _heir(stored, successor, actor=actor) if successor else None
    with _pool_of(contact, actor):
        _note(stored, heir, actor)
    for school_id in schools:
        with tenancy.use(tenancy.scope_at(school_id, stored.region_id)):
            _leave_school(stored, heir, school_id, nobody=nobody, actor=actor)
    with _pool_of(contact, actor):
        audit.record(actor, "contact_left", stored, fields=("active",))
        if not is_known_elsewhere(stored):
            Contact.objects.filter(pk=stored.pk).update(active=False)
        if forget and own:
            Contact.objects.filter(pk=stored.pk).update(forget_asked_at=timezone.now())
            audit.record(actor, "contact_asks_to_be_forgotten", stored)
    return heir


def schools_of(contact: Contact, actor) -> list[int]:
    """For which schools the actor's word about this contact counts."""
    if not leaving.is_own(actor, contact):
        return schools_spoken_for(actor, contact)
    return sorted({s.school for s in actor.standings if s.company == contact.company_id})


def _pool_of(contact: Contact, actor):
    """Who leaves may be no keeper of the company: its own line is written in the region's name."""
    if leaving.is_own(actor, contact):
        return tenancy.use(tenancy.scope_at(None, contact.region_id))
    return tenancy.use(actor.scope)


def _heir(contact: Contact, successor: Successor, *, actor) -> Contact:
    """Who takes over, known to the schools as far as the actor's word goes."""
    heir, source = successor.contact, TrustSource.TICKED
    here = Contact.objects.active().filter(company_id=contact.company_id)
    if heir is None:
        heir, source = here.filter(email__iexact=successor.email).first(), TrustSource.TYPED
    if heir is None:
        heir = Contact(
            region_id=contact.region_id,
            company_id=contact.company_id,
            name=successor.name,
            email=successor.email,
            roles=contact.roles,
        )
        store(heir, actor)
        audit.record(actor, "contact_added", heir)
        after = values_of(heir, TOLD)
        note_change(ChangeKind.ADDED, heir, before={}, after=after, actor=actor)
    elif heir.email.lower() == contact.email.lower() or not here.filter(pk=heir.pk).exists():
        raise Conflict(_("Kies een collega die er nog werkt."))
    if actor.is_company:
        source = TrustSource.NAMED
    vouch(heir, _roles_of(contact, actor), source=source, actor=actor)
    return heir


def _roles_of(contact: Contact, actor) -> set[str]:
    rows = Trust.objects.visible_to(actor).live().filter(contact=contact)
    return {role for roles in rows.values_list("roles", flat=True) for role in roles} or set(
        contact.roles
    )


def _note(contact: Contact, heir: Contact | None, actor) -> None:
    before = values_of(contact, TOLD)
    if heir is None:
        note_change(ChangeKind.LEFT, contact, before=before, after=before, actor=actor)
    else:
        after = values_of(heir, TOLD)
        note_change(ChangeKind.HANDED, contact, before=before, after=after, actor=actor)


def _leave_school(
    contact: Contact, heir: Contact | None, school_id: int, *, nobody: bool, actor
) -> None:
    """In the scope of one school that knows this person."""
    family = Company.objects.of_family([contact.company_id])
    # All of the company, in one order: two who leave at once must not count on each other.
    rows = Trust.objects.select_for_update(of=("self",)).select_related("contact").live()
    live = list(rows.filter(school_id=school_id, company__in=family).order_by("pk"))
    addresses = {row.address for row in live if row.contact_id == contact.pk}
    going = [row for row in live if row.address in addresses]
    if not nobody:
        _keep_a_contact(contact, going, [row for row in live if row.address not in addresses])
    end_rows(going, TrustEnd.LEFT, actor=actor, with_named=False)
    _hand_places(contact, heir, school_id)
    _hand_questions(contact, heir, school_id, actor=actor)
    if heir is not None:
        handed_over.send(
            sender=Contact, contact=contact, to=heir, school_id=school_id, ended=going, actor=actor
        )


def _keep_a_contact(contact: Contact, going: list[Trust], stay: list[Trust]) -> None:
    """Raises Conflict when nobody else is the contact for this school: it never goes silently."""
    was = any(ContactRole.CONTACT in row.roles for row in going)
    if was and not any(ContactRole.CONTACT in row.roles for row in stay):
        words = _("%(name)s is de enige contactpersoon voor een school. Kies wie het overneemt.")
        raise Conflict(words % {"name": contact.name})


def _hand_places(contact: Contact, heir: Contact | None, school_id: int) -> None:
    """Who would guide at a place that nobody has yet."""
    open_places = Place.objects.filter(
        school_id=school_id,
        supervisor=contact,
        state=PlaceState.OPEN,
        period__ends__gte=school_today(),
    )
    open_places.update(supervisor=heir)


def _hand_questions(contact: Contact, heir: Contact | None, school_id: int, *, actor) -> None:
    """Letters to this person: who takes over answers them, or changes the answer."""
    if heir is None:
        return
    rows = Invitation.objects.filter(
        school_id=school_id, contact=contact, period__ends__gte=school_today()
    )
    for invitation in rows.select_related("school", "period").order_by("pk"):
        hand_question(invitation, contact, heir, actor=actor)
