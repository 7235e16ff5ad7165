"""Vouching for an address, and ending it. Nothing here happens by itself: a person acts."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from companies import policies
from companies.enums import ContactRole, TrustEnd, TrustSource
from companies.models import Company, Contact, Invitation, Trust
from companies.signals import trusted
from stage.core.dutch.calendar import school_today
from stage.core.enums import PersonKind
from stage.core.models import Mandate, Membership
from stage.core.record import audit
from stage.core.tenants.statements import ask
from stage.core.who import links
from stage.core.who.policies import Conflict, require

COLLEAGUES = frozenset({ContactRole.CONTACT, ContactRole.SUPERVISOR})


@transaction.atomic
def vouch(
    contact: Contact,
    roles: Iterable[str],
    *,
    source: str,
    actor,
    moves: bool = False,
) -> list[Trust]:
    """Say that a contact's address, as the pool has it now, is who it says, in these roles.

    For the schools the actor speaks for: staff for their own, the bureau for those whose mandate
    says so, a trusted contact for those that trust it, within what it may itself. Roles are added.
    Whom a school knows by another address keeps that one, since anybody may have changed the
    pool's; only who typed the new address `moves` it. Returns the rows as they are now, none for
    an address that is empty. Higher apps hear it (`signals.trusted`): what waited goes out.
    """
    if not contact.email:
        return []
    rows = []
    hold_families(contact.region_id)
    for school_id in schools_spoken_for(actor, contact):
        wanted = allowed_roles(actor, school_id, contact, roles)
        if wanted:
            _check_word(actor, school_id, contact)
            rows.append(_vouch_at(school_id, contact, wanted, source, actor, moves))
    return rows


def vouch_for_school(
    contact: Contact, roles: Iterable[str], *, school_id: int, actor
) -> list[Trust]:
    """The same by a coordinator or teacher who read the address and asks a company there.

    Only where the school knows nobody at the company: who is known there speaks for it.
    """
    row = Invitation(school_id=school_id, region_id=contact.region_id)
    require(policies.may_ask_for_one, actor, row)
    if not contact.email:
        return []
    hold_families(contact.region_id)
    family = Company.objects.of_family([contact.company_id])
    if Trust.objects.live().filter(school_id=school_id, company__in=family).exists():
        raise Conflict(_("Jullie kennen al iemand bij dit bedrijf. Bekijk hoe het nu is."))
    return [_vouch_at(school_id, contact, set(roles), TrustSource.TICKED, actor, False)]


def hold_families(region_id: int, *, undoing: bool = False) -> None:
    """Until the transaction ends, no merge of the region is undone while somebody vouches there.

    Many vouch at a time, one undoes. First of all: what is locked after it is never waited for.
    """
    lock = "pg_advisory_xact_lock" if undoing else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtextextended(%s, 0))", [f"families:{region_id}"])


def _check_word(actor, school_id: int, contact: Contact) -> None:
    """Raises Conflict where a merge that this company person's word rests on was undone since.

    The scope was read before; under `hold_families` what is read now stays so.
    """
    if not actor.is_company:
        return
    here = {s.person for s in actor.standings if (s.school, s.company) == _pair(school_id, contact)}
    family = Company.objects.of_family([contact.company_id])
    if not Contact.objects.filter(pk__in=here, company__in=family).exists():
        raise Conflict(_("Dit bedrijf is net veranderd. Bekijk hoe het nu is."))


def _pair(school_id: int, contact: Contact) -> tuple[int, int]:
    return school_id, contact.company_id


def schools_spoken_for(actor, contact: Contact) -> list[int]:
    """The schools for which this actor can say who somebody at the contact's company is."""
    if actor.is_coordinator:
        return [actor.school_id]
    if actor.is_company and actor.proven:
        return sorted(
            s.school
            for s in actor.standings
            if s.company == contact.company_id
            and s.roles & {ContactRole.CONTACT, ContactRole.SIGNATORY}
        )
    if actor.is_bureau and not _is_of_bureau(contact):
        return vouched_by_bureau(actor)
    return []


def vouched_by_bureau(actor) -> list[int]:
    """Schools whose running mandate lets the bureau say who a company is."""
    today = school_today()
    rows = Mandate.objects.visible_to(actor).filter(
        may_vouch=True, starts__lte=today, ends__gte=today
    )
    return sorted(set(rows.values_list("school_id", flat=True)))


def _is_of_bureau(contact: Contact) -> bool:
    """Whether the address is one of the bureau's own people: they are no company."""
    own = Membership.objects.filter(region_id=contact.region_id, school__isnull=True)
    return own.filter(email__iexact=contact.email).exists()


def allowed_roles(actor, school_id: int, contact: Contact, roles: Iterable[str]) -> set[str]:
    """Of these roles those the actor may give: nobody more than it has itself, nor to itself."""
    wanted = {str(role) for role in roles}
    if not actor.is_company:
        return wanted
    found = [s for s in actor.standings if (s.school, s.company) == _pair(school_id, contact)]
    own: set[str] = {role for s in found for role in s.roles}
    may: set[str] = set()
    if ContactRole.CONTACT in own:
        may |= COLLEAGUES
    if ContactRole.SIGNATORY in own:
        may |= {ContactRole.SIGNATORY}
    # Oneself is also one's line at another member of the company's family.
    is_self = actor.email.lower() == contact.email.lower()
    is_self = is_self or any(s.person == contact.pk for s in found)
    return wanted & own if is_self else wanted & may


def _vouch_at(school_id, contact, roles, source, actor, moves) -> Trust:
    address = contact.email.lower()
    live = (
        Trust.objects.select_for_update()
        .live()
        .filter(
            Q(contact=contact) | Q(address=address),
            school_id=school_id,
            company_id=contact.company_id,
        )
    )
    row = None
    for known in live:
        if known.address == address:
            row = known
        elif moves:  # the contact's earlier address
            _end([known], TrustEnd.MOVED, actor=actor)
        else:
            row = row or known
    if row is not None and row.contact_id != contact.pk:
        # Two entries of the pool with one mailbox: it is one person, by its newest name.
        Trust.objects.filter(pk=row.pk).update(contact=contact)
    if row is None:
        row, _made = Trust.objects.get_or_create(
            school_id=school_id,
            company_id=contact.company_id,
            address=address,
            until=None,
            defaults={
                "contact": contact,
                "roles": sorted(roles),
                "source": source,
                "by_id": actor.membership if actor.school_id == school_id else None,
                "by_address": actor.email.lower() if actor.is_company else "",
            },
        )
        audit.record(actor, "address_trusted", row, fields=("address", "roles"))
    else:
        _set_roles(row, {*row.roles, *roles}, actor=actor)
    trusted.send(sender=Trust, trusts=[row], actor=actor)
    return row


@transaction.atomic
def vouch_many(contacts: Iterable[Contact], *, source: str, actor) -> int:
    """Vouch for many at once, each in the roles it was named for; returns how many are new.

    A school does so in a fixed number of statements, however many companies it asks; somebody who
    is known already, by this address or another, stays as known. Others vouch one by one.
    """
    if not actor.is_coordinator:
        rows = list(contacts)
        return sum(bool(vouch(c, c.roles, source=source, actor=actor)) for c in rows)
    for region_id in actor.scope.regions:
        hold_families(region_id)
    _one_at_a_time(actor.school_id)
    live = Trust.objects.live().filter(school_id=actor.school_id)
    known_people = set(live.values_list("contact_id", flat=True))
    known_addresses = set(live.values_list("company_id", "address"))
    made = [
        Trust(
            school_id=actor.school_id,
            company_id=c.company_id,
            contact=c,
            address=c.email.lower(),
            roles=sorted(c.roles),
            source=source,
            by_id=actor.membership,
        )
        for c in contacts
        if c.email
        and c.pk not in known_people
        and (c.company_id, c.email.lower()) not in known_addresses
    ]
    Trust.objects.bulk_create(made, batch_size=1000)
    fields = ("address", "roles")
    audit.record_all(audit.entry_of(actor, "address_trusted", r, fields=fields) for r in made)
    if made:
        trusted.send(sender=Trust, trusts=made, actor=actor)
    return len(made)


def _set_roles(row: Trust, roles: Iterable[str], *, actor) -> None:
    wanted = sorted(set(roles))
    if wanted != row.roles:
        if set(wanted) - set(row.roles):
            row.widened_at = timezone.now()
        row.roles = wanted
        row.save(update_fields=["roles", "widened_at"])
        audit.record(actor, "address_roles_changed", row, fields=("roles",))


def _one_at_a_time(school_id: int) -> None:
    """Two colleagues who press "all of them" at once: the second finds what the first did."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"trust:{school_id}"]
        )


@transaction.atomic
def set_roles(contact: Contact, roles: Iterable[str], *, actor) -> None:
    """Make these the roles of somebody who is known, for the schools the actor speaks for.

    Company people give and take only what they may give, and never their own. Raises Conflict where
    a school would be left without any contact.
    """
    wanted = {str(role) for role in roles}
    hold_families(contact.region_id)
    for row in _live_of(contact, actor):
        if actor.is_company and contact.pk in actor.contacts_at(row):
            continue
        may = allowed_roles(actor, row.school_id, contact, ContactRole.values)
        after = (set(row.roles) - may) | (wanted & may)
        if actor.is_company and ContactRole.CONTACT in set(row.roles) - after:
            _keep_one_contact(row)
        _check_word(actor, row.school_id, contact)
        _set_roles(row, after, actor=actor)


def _live_of(contact: Contact, actor) -> list[Trust]:
    # All of the company, in one order: two who leave at once must not count on each other.
    rows = Trust.objects.select_for_update(of=("self",)).live().select_related("contact")
    here = rows.filter(
        company__in=Company.objects.of_family([contact.company_id]),
        school_id__in=schools_spoken_for(actor, contact),
    )
    live = list(here.order_by("pk"))
    # At a family one address is one person, also where it has a line of its own.
    own = {(row.school_id, row.address) for row in live if row.contact_id == contact.pk}
    return [row for row in live if (row.school_id, row.address) in own]


def _keep_one_contact(row: Trust) -> None:
    """Raises Conflict when nobody else is the contact for this school: it never goes silently."""
    others = Trust.objects.live().filter(
        school_id=row.school_id,
        company__in=Company.objects.of_family([row.company_id]),
        roles__contains=[ContactRole.CONTACT],
    )
    if not others.exclude(address=row.address).exists():
        raise Conflict(
            _("%(name)s is de enige contactpersoon voor een school. Voeg eerst iemand anders toe.")
            % {"name": row.contact.name}
        )


@transaction.atomic
def confirm_addresses(contacts: Iterable[Contact], *, actor) -> int:
    """The school, or a colleague it trusts, says yes to addresses others typed; returns how many.

    Each comes in with the roles it was named for.
    """
    rows = list(contacts)
    for contact in rows:
        require(policies.may_confirm, actor, contact)
    source = TrustSource.NAMED if actor.is_company else TrustSource.TICKED
    return vouch_many(rows, source=source, actor=actor)


@transaction.atomic
def end_trust(contact: Contact, *, actor) -> list[Contact]:
    """The school does not trust somebody any more: at once, on every device.

    Whom that person named goes too, and is asked again; returns them.
    """
    require(policies.may_confirm, actor, contact)
    rows = _live_of(contact, actor)
    if not rows:
        raise Conflict(_("Dit adres was al gestopt."))
    return _end(rows, TrustEnd.SCHOOL, actor=actor)


@transaction.atomic
def leave(contact: Contact, *, actor) -> None:
    """Somebody does not work there any more, says the school, or the company to those it speaks to.

    Raises Conflict where the company would leave a school without any contact.
    """
    rows = _live_of(contact, actor)
    for row in rows:
        # A school that says it itself does not do so unseen.
        if actor.is_company and ContactRole.CONTACT in row.roles:
            _keep_one_contact(row)
    _end(rows, TrustEnd.LEFT, actor=actor, with_named=False)


def end_rows(rows: Iterable[Trust], why: str, *, actor, with_named: bool = True) -> None:
    """End rows for a reason of their own (a bounce, a year without use, leaving); in a scope that

    sees them.
    """
    _end(list(rows), why, actor=actor, with_named=with_named)


def _end(rows: list[Trust], why: str, *, actor, with_named: bool = True) -> list[Contact]:
    """End rows and, for each, those it named for the same school; returns whom it named."""
    now, asked_again = timezone.now(), []
    for row in rows:
        if not Trust.objects.filter(pk=row.pk, until__isnull=True).update(
            until=now, ended_why=why, next_address=""
        ):
            continue
        audit.record(actor, "address_ended", row, fields=("until",))
        _forget_devices(row.address)
        # A word given before a merge stands by itself; one given since ends with the undo.
        if with_named and why not in (TrustEnd.MOVED, TrustEnd.UNMERGED):
            named = list(_named_by(row))
            asked_again += [r.contact for r in named]
            asked_again += _end(named, TrustEnd.VOUCHER, actor=actor)
    return asked_again


def _forget_devices(address: str) -> None:
    """Nobody who trusts this address is left: its devices are nobody's. Else they just see less."""
    if not ask("trusts_at", address):
        links.forget_devices(PersonKind.CONTACT, address)


def _named_by(row: Trust):
    return (
        Trust.objects.live()
        .filter(
            school_id=row.school_id,
            company__in=Company.objects.of_family([row.company_id]),
            by_address=row.address,
        )
        .exclude(pk=row.pk)
        .select_related("contact")
    )
