"""Agreements whose part or signature waits for a party, and how long each step takes."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef

from placements.agreements.enums import AgreementState
from placements.agreements.models import Agreement, AgreementAnswer, Signature
from placements.agreements.queries import signers

# So long before the first day an agreement is filled in, and is signed, if all goes well.
FILLING_TAKES = timedelta(days=10)
SIGNING_TAKES = timedelta(days=7)


def unchecked(*parties: str) -> Exists:
    """A condition on agreements: one of these parties has not said that its part is right."""
    rows = AgreementAnswer.objects.filter(agreement=OuterRef("pk"), checked_at__isnull=True)
    return Exists(rows.filter(party__in=parties))


def unsigned_by(rows, party: str, **person):
    """Of these agreements those without a signature of this party."""
    signed = Signature.objects.filter(agreement=OuterRef("pk"), party=party, **person)
    return rows.exclude(Exists(signed))


def to_fill(actor, party: str):
    """Agreements whose part of this party waits, as far as the actor sees them."""
    rows = Agreement.objects.visible_to(actor).filter(state=AgreementState.FILLING)
    return rows.filter(unchecked(party))


def to_sign(actor, party: str, **person):
    """Agreements that wait for a signature of this party, as far as the actor sees them."""
    rows = Agreement.objects.visible_to(actor).filter(state=AgreementState.SIGNING)
    return signers.in_turn(unsigned_by(rows, party, **person), party)
