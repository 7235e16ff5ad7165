"""Who somebody of a company is to a school: the predicates, and the people a school knows.

An address gives nothing by itself (`companies.models.Trust`). What a company person may is the sum
of its trust rows, each for one school at one company:

* contact: the applications and the company's page; may stand in for any supervisor;
* supervisor: the placements it was put on;
* signatory: agreements. Where a school knows none, its contacts sign.

Companies that were merged are one to a school (`Company.family`): whom it trusts at a member, it
trusts at each of them. The scope says so already; lists of people ask for all members.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from copy import copy

from django.db.models import F, Q
from django.utils.translation import gettext as _

from companies.enums import ContactRole
from companies.models import Company, Contact
from stage.core.models.base import q_of_pairs
from stage.core.who.policies import ALLOWED, Answer, Denied

# --- predicates -------------------------------------------------------------------------------


def _pair(row) -> tuple[int, int]:
    return row.school_id, row.company_id


def _denied(actor) -> Denied:
    if actor.is_company and not actor.proven:
        return Denied(_("Vraag eerst een code aan, dan weten wij dat u het bent."))
    return Denied(_("Dit kan alleen iemand van het bedrijf zelf."))


def is_contact(actor, row) -> Answer:
    """Whom the row's school trusts as the contact of the row's company."""
    if actor.is_company and actor.proven and _pair(row) in actor.scope.reach.contact:
        return ALLOWED
    return _denied(actor)


def guides(actor, row) -> Answer:
    """The supervisor who was put on the placement, or the contact, who stands in for anybody.

    `row` is the placement or carries `placement_id`.
    """
    if is_contact(actor, row):
        return ALLOWED
    placement_id = getattr(row, "placement_id", row.pk)
    if actor.is_company and actor.proven and placement_id in actor.scope.reach.placements:
        return ALLOWED
    return _denied(actor)


def guided(actor) -> Q:
    """The same as a condition on placements."""
    reach = actor.scope.reach
    return q_of_pairs(reach.contact) | Q(pk__in=reach.placements)


def reads_agreement(actor, agreement) -> Answer:
    """Contacts and signatories of the pair, and who guides the placement.

    `agreement` is one, or the placement it is about.
    """
    reach = actor.scope.reach
    pairs = (*reach.contact, *reach.signatory)
    placement_id = getattr(agreement, "placement_id", agreement.pk)
    mine = _pair(agreement) in pairs or placement_id in reach.placements
    return ALLOWED if actor.is_company and actor.proven and mine else _denied(actor)


def answers(actor, invitation) -> Answer:
    """The contact, or who holds the link of this one invitation: no student is in sight."""
    by_link = actor.is_company and invitation.pk in actor.scope.reach.invitations
    return ALLOWED if by_link else is_contact(actor, invitation)


def keeps_company(actor, company_id: int) -> Answer:
    """A contact of the company, for whichever school: its page is one for all."""
    kept = {company for _school, company in actor.scope.reach.contact}
    return ALLOWED if actor.is_company and actor.proven and company_id in kept else _denied(actor)


# --- people a school knows; in that school's scope ---------------------------------------------


def known_people(
    school_id: int, company_ids: Iterable[int], *roles: str
) -> dict[int, list[Contact]]:
    """Per company those whom the school trusts there, in one of these roles if any are named.

    Each has `address` and `may` beside the pool's own words; an address stands there once.
    """
    asked = list(company_ids)
    rows = Contact.objects.known_to(school_id).filter(company__in=Company.objects.of_family(asked))
    if roles:
        rows = rows.who_may(*roles)
    families: dict[int, list[Contact]] = defaultdict(list)
    for row in rows.annotate(family=F("company__family_id")).order_by("pk"):
        families[row.family].append(row)
    members = Company.objects.families(asked) if families else {}
    known = [pk for pk in asked if members.get(pk) in families]
    return {pk: _each_once(pk, families[members[pk]]) for pk in known}


def _each_once(company_id: int, rows: list[Contact]) -> list[Contact]:
    """Each address once, as the company's own line before that of another member, with the sum of

    what its lines may.
    """
    by_address: dict[str, Contact] = {}
    may: dict[str, set[str]] = defaultdict(set)
    for row in sorted(rows, key=lambda r: r.company_id != company_id):
        by_address.setdefault(row.address, row)
        may[row.address].update(row.may)
    found = []
    for address, row in by_address.items():
        line = copy(row)
        line.may = sorted(may[address])
        found.append(line)
    return sorted(found, key=lambda r: (r.company_id != company_id, r.pk))


def first_contacts(
    school_id: int, company_ids: Iterable[int], *, but: Collection[tuple[int, str]] = ()
) -> dict[int, Contact]:
    """Whom a school mails about students: per company a contact it knows, else anybody it knows.

    `but`: families with addresses that are passed over.
    """
    best: dict[int, Contact] = {}
    for company_id, rows in known_people(school_id, company_ids).items():
        left = [r for r in rows if (r.family, r.address) not in but]
        contacts = [r for r in left if ContactRole.CONTACT in r.may]
        if left:
            best[company_id] = (contacts or left)[0]
    return best


def who_signs(school_id: int, company_ids: Iterable[int]) -> dict[int, list[Contact]]:
    """Per company the signatories this school knows; where it knows none, its contacts."""
    found = known_people(school_id, company_ids, ContactRole.SIGNATORY, ContactRole.CONTACT)
    return {
        company_id: [r for r in rows if ContactRole.SIGNATORY in r.may] or rows
        for company_id, rows in found.items()
    }
