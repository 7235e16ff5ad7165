"""Company people: a proven e-mail address says who; what it may, each school's trust says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from companies.enums import ContactRole
from companies.models import Contact, Invitation
from stage.core import mail
from stage.core.enums import Audience, PersonKind
from stage.core.tenants.statements import ask
from stage.core.tenants.tenancy import Reach, Scope, current
from stage.core.who.actors import Actor, Standing
from stage.core.who.identities import actor_of_device_kind, people_at_address

# (standings) -> (placement, student) of those somebody was put on as supervisor; the higher app
# that knows placements registers it.
_SUPERVISED: list[Callable[[Iterable[Standing]], list[tuple[int, int]]]] = []


def supervised_by(function: Callable) -> Callable:
    """Register what finds the placements that standings as a supervisor give, without a scope."""
    _SUPERVISED.append(function)
    return function


@mail.person_of_kind(PersonKind.CONTACT)
def find_contact(person_id: int) -> mail.Person | None:
    """A contact as mail and links know people, in the scope of the school that writes.

    Where that school trusts an address, it is that one, whatever the pool says now; otherwise the
    pool's, marked as unknown.
    """
    return find_contacts([person_id])[person_id]


def find_contacts(person_ids: Iterable[int]) -> dict[int, mail.Person | None]:
    """The same for many, in one read where the school knows them all."""
    school_id, ids = current().school, set(person_ids)
    found: dict[int, mail.Person | None] = dict.fromkeys(ids)
    if school_id is not None:
        # The first of an order stays, as where one is asked.
        for row in reversed(Contact.objects.known_to(school_id).filter(pk__in=ids)):
            found[row.pk] = _person(row, row.address, school_id)
    others = [pk for pk, person in found.items() if person is None]
    if others:
        for row in Contact.objects.not_put_away(school_id).filter(pk__in=others):
            found[row.pk] = _person(row, row.email, None, known=False)
    return found


def _person(row: Contact, address: str, school_id: int | None, *, known: bool = True):
    return _contact(row.pk, row.name, address, school_id, row.region_id, known=known)


def _contact(number, name, address, school_id, region_id, *, known: bool = True) -> mail.Person:
    return mail.Person("contact", number, name, address, school_id, region_id, known=known)


@actor_of_device_kind(PersonKind.CONTACT)
def actor_of_device(device) -> Actor | None:
    """The actor of a remembered device: what is trusted to its address now."""
    return actor_of_address(device.email)


@people_at_address(PersonKind.CONTACT)
def people_at(email: str) -> list[mail.Person]:
    """One person per address: whoever reads it is all contacts that have it."""
    for t in ask("trusts_at", email):
        return [_contact(t["contact_id"], t["name"], t["address"], t["school_id"], t["region_id"])]
    return [
        _contact(c["contact_id"], c["name"], c["email"], None, c["region_id"], known=False)
        for c in ask("contact_named_at", email)
    ]


def actor_of_address(email: str, *, proven: bool = True) -> Actor | None:
    """The actor of an e-mail address, asked of all regions before there is a scope.

    An address that is only named is somebody without any standing: it sees nothing until a school
    says yes. None for one that nobody ever named.
    """
    rows = ask("trusts_at", email)
    if not rows:
        named = ask("contact_named_at", email)
        return _nobody_yet(named[0], email) if named else None
    standings = tuple(
        Standing(r["school_id"], r["company_id"], r["contact_id"], frozenset(r["roles"]))
        for r in rows
    )
    regions = {r["region_id"] for r in rows}
    return Actor(
        kind="contact",
        id=rows[0]["contact_id"],
        role=Audience.COMPANY,
        scope=scope_of(standings, regions),
        name=rows[0]["name"],
        email=email,
        standings=standings,
        proven=proven,
    )


def scope_of(standings: tuple[Standing, ...], regions: Iterable[int]) -> Scope:
    """The scope that is the sum of what each school trusts somebody with.

    At a company that was merged, that is all members of its family, for that school alone.
    """
    placed = [pair for find in _SUPERVISED for pair in find(standings)]
    reach = Reach(
        pairs=_pairs(standings),
        contact=_pairs(standings, ContactRole.CONTACT),
        signatory=_pairs(standings, ContactRole.SIGNATORY),
        placements=tuple(sorted({placement for placement, _student in placed})),
        trainees=tuple(sorted({student for _placement, student in placed})),
    )
    companies = tuple(sorted({s.company for s in standings}))
    return Scope("company", companies=companies, regions=tuple(sorted(regions)), reach=reach)


def _pairs(standings: Iterable[Standing], role: str = "") -> tuple[tuple[int, int], ...]:
    return tuple(sorted({(s.school, s.company) for s in standings if not role or role in s.roles}))


def _nobody_yet(named: dict[str, Any], email: str) -> Actor:
    return Actor(
        kind="contact",
        id=named["contact_id"],
        role=Audience.COMPANY,
        scope=Scope("company", regions=(named["region_id"],)),
        name=named["name"],
        email=email,
    )


def actor_of_link(contact: Contact, invitation: Invitation) -> Actor:
    """Whoever opened the link of one invitation: it shows and answers that one, nothing else.

    Of a letter that asks again: the question, with its answer and its place.
    """
    return actor_of_mail(contact, contact.email, invitation)


def actor_of_mail(contact: Contact, address: str, invitation: Invitation | None) -> Actor:
    """Whoever opened the link of a mail to this person: at that company, and not proven.

    No row of a school is in sight but the letter the mail was, if it was one.
    """
    asked = {invitation.pk, invitation.question_id or invitation.pk} if invitation else ()
    return Actor(
        kind="contact",
        id=contact.pk,
        role=Audience.COMPANY,
        scope=Scope(
            "company",
            companies=(contact.company_id,),
            regions=(contact.region_id,),
            reach=Reach(invitations=tuple(sorted(asked))),
        ),
        name=contact.name,
        email=address,
        proven=False,
    )
