"""Who said not to sign: what the person itself sees of it, and who a person is at an agreement."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from placements.agreements import policies
from placements.agreements.enums import Party, RefusalKind
from placements.agreements.models import Agreement, SigningRefusal
from stage.core.tenants import tenancy

MOST = 10  # of one agreement, on its page


@dataclass(frozen=True)
class Person:
    """A party's person: `ids` are all numbers under which the school knows a contact."""

    party: str
    kind: str
    ids: tuple[int, ...]

    @property
    def q(self) -> Q:
        return Q(party=self.party, person_kind=self.kind, person_id__in=self.ids)


def person_of(actor, agreement: Agreement) -> Person | None:
    """As whom the actor is a party; None for the school and for who is none."""
    party = policies.party_of(actor)
    if party == Party.STUDENT:
        return Person(party, "student", (actor.student_id,))
    if party == Party.GUARDIAN:
        return Person(party, "guardian", (actor.id,))
    if party == Party.COMPANY:
        return Person(party, "contact", actor.contacts_at(agreement))
    return None


def kinds_for(actor) -> list[RefusalKind]:
    """What somebody can say instead of signing."""
    party = policies.party_of(actor)
    if party == Party.GUARDIAN:
        return [RefusalKind.UNWILLING, RefusalKind.STRANGER]
    return [RefusalKind.UNWILLING] if party in (Party.STUDENT, Party.COMPANY) else []


def own(actor, agreement: Agreement) -> SigningRefusal | None:
    """What this person itself said of this agreement and did not take back."""
    person = person_of(actor, agreement)
    if person is None:
        return None
    with tenancy.as_school_of(agreement):
        return SigningRefusal.objects.filter(person.q, agreement=agreement).open().first()


def refusing_people(agreement_ids) -> set[tuple[int, str, int]]:
    """Agreement, kind and number of who said not to sign: they get no reminder meanwhile."""
    rows = SigningRefusal.objects.filter(agreement__in=agreement_ids).open()
    return set(rows.values_list("agreement_id", "person_kind", "person_id"))


def told_of(actor, agreement: Agreement) -> list[SigningRefusal]:
    """What the school was told of an agreement, for its own people; the newest first."""
    if not actor.is_staff:
        return []
    rows = SigningRefusal.objects.visible_to(actor).filter(agreement=agreement, withdrawn_at=None)
    return list(rows.select_related("settled_by")[:MOST])
