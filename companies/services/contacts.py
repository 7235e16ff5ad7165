"""The people of a company in the pool: named, changed, gone. What they may: `services.trust`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies import policies, trust
from companies.enums import ChangeKind, ContactRole, NamedVia, TrustSource
from companies.models import Company, Contact, Trust
from companies.services.changes import note_change, values_of
from companies.services.trust import leave, set_roles, vouch
from stage.core import mail
from stage.core.enums import PersonKind
from stage.core.record import audit
from stage.core.tenants import tenancy
from stage.core.tenants.statements import ask
from stage.core.who import links
from stage.core.who.policies import ALLOWED, Answer, Conflict, NotAllowed, require

TOLD = ("name", "email", "telephone")


def may_change(actor, contact: Contact) -> Answer:
    """Who keeps the company, and everybody of the company their own line."""
    if actor.is_company and actor.proven and contact.pk in actor.contacts:
        return ALLOWED
    return policies.may_keep_company(actor, contact)


def may_change_address(actor, contact: Contact) -> bool:
    """Not a colleague's: who moves says so with the old address, or the school does."""
    return not actor.is_company or not contact.email or contact.pk in actor.contacts


def name_by(contact: Contact, actor) -> None:
    """Note by whom this address comes into the pool; the caller stores it."""
    via = NamedVia.BUREAU
    if actor.is_company:
        via = NamedVia.COMPANY if actor.proven else NamedVia.LINK
    elif actor.school_id:
        via = NamedVia.SCHOOL
    contact.named_via, contact.named_at = via, timezone.now()
    contact.named_school_id = actor.school_id


def store(contact: Contact, actor) -> None:
    """Note by whom this address comes into the pool, and store the contact."""
    contact.email = contact.email.lower()
    name_by(contact, actor)
    contact.save()


@transaction.atomic
def add_contact(contact: Contact, *, actor) -> Contact:
    """Name somebody at a company, and vouch for the address as far as the actor may."""
    require(policies.may_keep_company, actor, contact)
    store(contact, actor)
    audit.record(actor, "contact_added", contact)
    _note(ChangeKind.ADDED, contact, {}, actor)
    source = TrustSource.NAMED if actor.is_company else TrustSource.TYPED
    vouch(contact, contact.roles, source=source, actor=actor)
    return contact


def line_at(contact: Contact, company_id: int, *, actor) -> Contact:
    """The same person's line at another member of the company's family, made when there is none.

    What hangs on a company names its own people only, so that an undone merge leaves no row that
    names somebody of another company. The line gives nothing by itself. Raises Conflict for
    somebody of another family.
    """
    if contact.company_id == company_id:
        return contact
    if contact.company_id not in Company.objects.families([company_id]):
        raise Conflict(_("%(name)s hoort niet bij dit bedrijf.") % {"name": contact.name})
    same = {"email__iexact": contact.email} if contact.email else {"name": contact.name}
    found = Contact.objects.active().filter(company_id=company_id, **same).first()
    if found is not None:
        return found
    copied = ("region_id", "name", "function", "email", "telephone", "roles")
    line = Contact(company_id=company_id, **{name: getattr(contact, name) for name in copied})
    store(line, actor)
    audit.record(actor, "contact_added", line)
    return line


def own_line(actor, row) -> Contact | None:
    """As whom somebody of a company acts on a school's row: its line at the row's own company."""
    people = {c.pk: c for c in Contact.objects.visible_to(actor).filter(pk__in=actor.contacts)}
    found = next((people[pk] for pk in actor.contacts_at(row) if pk in people), None)
    return line_at(found, row.company_id, actor=actor) if found else None


def name_supervisor(*, invitation, name: str, email: str, telephone: str, actor) -> Contact:
    """A supervisor named in the answer to an invitation; see `name_colleague`."""
    return name_colleague(
        invitation=invitation,
        name=name,
        email=email,
        telephone=telephone,
        role=ContactRole.SUPERVISOR,
        actor=actor,
    )


def name_colleague(
    *, invitation, name: str, email: str, role: str, telephone: str = "", actor
) -> Contact:
    """Somebody whom the reader of an invitation names; one whom we know by address is found.

    Through a link alone it is a name: somebody who proved who they are, or the school, says yes
    before it means anything.
    """
    known = Contact.objects.active().filter(company_id=invitation.company_id, email__iexact=email)
    contact = known.first()
    if contact is None:
        contact = Contact(
            region_id=invitation.region_id,
            company_id=invitation.company_id,
            name=name,
            email=email,
            telephone=telephone,
            roles=[role],
        )
        store(contact, actor)
        if not actor.proven:
            with tenancy.as_school_of(invitation):
                named = Contact.objects.filter(pk=contact.pk)
                named.update(named_school=invitation.school_id)
        audit.record(actor, "contact_added", contact)
        _note(ChangeKind.ADDED, contact, {}, actor)
    if trust.is_contact(actor, invitation):
        vouch(contact, [role], source=TrustSource.NAMED, actor=actor)
    elif not actor.is_company:  # staff type what the company said by telephone
        vouch(contact, [role], source=TrustSource.TYPED, actor=actor)
    return contact


def _note(kind: str, contact: Contact, before: dict, actor) -> None:
    note_change(kind, contact, before=before, after=values_of(contact, TOLD), actor=actor)


@transaction.atomic
def change_contact(contact: Contact, *, roles: Iterable[str] | None, actor) -> str:
    """Store what was changed of a contact, and its roles as far as the actor gives them.

    An address typed by staff of a school counts for that school. One's own new address counts once
    it is proven: until then the old one does; the answer is then that new address, else empty.
    Raises NotAllowed, and Conflict where a school would be left without a contact.
    """
    require(may_change, actor, contact)
    stored = Contact.objects.get(pk=contact.pk)
    before, moved = values_of(stored, TOLD), stored.email.lower() != contact.email.lower()
    if moved and not may_change_address(actor, stored):
        raise NotAllowed(_("Een ander adres vult die persoon zelf in, of de school."))
    if moved and not contact.email and actor.is_company:
        raise Conflict(_("Zonder e-mailadres kunnen wij u niet bereiken. Vul een adres in."))
    with _writing(contact, actor):
        if moved:
            store(contact, actor)
        else:
            contact.save()
    audit.record(actor, "contact_changed", contact, fields=("name", "email", "telephone", "roles"))
    if before != values_of(contact, TOLD):
        _note(ChangeKind.ADDRESS, contact, before, actor)
    if roles is not None:
        set_roles(contact, roles, actor=actor)
    if moved and actor.is_company and contact.pk in actor.contacts:
        return _begin_move(contact, actor=actor)
    if moved:
        source = TrustSource.NAMED if actor.is_company else TrustSource.TYPED
        vouch(contact, roles or contact.roles, source=source, actor=actor, moves=True)
    return ""


@contextmanager
def _writing(contact: Contact, actor) -> Iterator[None]:
    """Who keeps no company writes its own line in the name of a school that knows it."""
    own = Trust.objects.visible_to(actor).live().filter(contact=contact).first()
    if own is None or not actor.is_company or contact.pk not in actor.contacts:
        yield
        return
    with tenancy.as_school_of(own):
        yield


def _begin_move(contact: Contact, *, actor) -> str:
    """The owner of the old address says where it moves to; the new one still has to be proven."""
    rows = Trust.objects.live().filter(address=actor.email.lower())
    _of_family(rows, contact.company_id).update(next_address=contact.email)
    # In the region's name: to the address as the pool has it now, not to the one still trusted.
    mail.queue(
        "address_moves",
        person_kind=PersonKind.CONTACT,
        person_id=contact.pk,
        key=f"address_moves:{contact.pk}:{timezone.now():%Y%m%d%H%M%S}",
        region_id=contact.region_id,
        urgent=True,
    )
    return contact.email


@transaction.atomic
def finish_move(contact_id: int, address: str) -> None:
    """The new address was proven: every school that trusted the old one knows it by this one.

    Before there is a scope: each school's row in that school's.
    """
    for found in ask("schools_of_move", contact_id, address):
        with tenancy.use(tenancy.scope_at(found["school_id"], 0)):
            _finish_move_at(contact_id, address)


def _finish_move_at(contact_id: int, address: str) -> None:
    company_id = Contact.objects.values_list("company_id", flat=True).get(pk=contact_id)
    rows = Trust.objects.select_for_update().live().filter(next_address=address.lower())
    for row in _of_family(rows, company_id):
        taken = Trust.objects.live().filter(
            school_id=row.school_id, company_id=row.company_id, address=address.lower()
        )
        if not taken.exists():
            links.forget_devices(PersonKind.CONTACT, row.address)
            Trust.objects.filter(pk=row.pk).update(address=address.lower(), next_address="")
            audit.record(None, "address_moved", row, fields=("address",))


def _of_family(rows, company_id: int):
    """Of rows of trust those at the company and its family: one address is one person there."""
    return rows.filter(company__in=Company.objects.of_family([company_id]))


@transaction.atomic
def set_contact_active(contact: Contact, *, active: bool, actor) -> None:
    """Somebody left, or is back.

    For whom the actor speaks they mean nothing any more, at once. In the pool they stay while
    another school knows them: nobody is put out by a school that never had to do with them.
    """
    require(policies.may_keep_company, actor, contact)
    if active:
        Contact.objects.filter(pk=contact.pk).update(active=True)
        source = TrustSource.NAMED if actor.is_company else TrustSource.TICKED
        vouch(contact, contact.roles, source=source, actor=actor)
        audit.record(actor, "contact_back", contact, fields=("active",))
        return
    leave(contact, actor=actor)
    audit.record(actor, "contact_left", contact, fields=("active",))
    _note(ChangeKind.LEFT, contact, values_of(contact, TOLD), actor)
    if not is_known_elsewhere(contact):
        Contact.objects.filter(pk=contact.pk).update(active=False)


def is_known_elsewhere(contact: Contact) -> bool:
    """Whether any school trusts this contact still: a yes or no, not which."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_is_known(%s)", [contact.pk])
        return cursor.fetchone()[0]
