"""Somebody does not sign: the school is told, and everything else stays as it is.

Another thing than an objection (`starting.object_to`), with which everybody signs anew.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from placements.agreements import mails, policies
from placements.agreements.enums import RefusalKind
from placements.agreements.models import Agreement, Signature, SigningRefusal
from placements.agreements.queries import refusals, signers
from placements.agreements.services.locks import lock
from stage.core.record import audit
from stage.core.tenants import tenancy
from stage.core.who.policies import Conflict, NotAllowed, require
from stage.schools.models import Guardian
from stage.schools.services import guardians


@transaction.atomic
def refuse(agreement: Agreement, *, kind: str, words: str = "", actor) -> SigningRefusal:
    """Tell the school that one does not sign, or that this is not one's child.

    Said twice it stands there once. The second stops all mail about this student to that address
    until the school looked at it. Raises NotAllowed for who has nothing to sign here, Conflict when
    the signature is there already.
    """
    require(policies.may_sign, actor, agreement)
    if kind not in refusals.kinds_for(actor):
        raise NotAllowed(_("Dit kan alleen wie deze overeenkomst tekent."))
    with tenancy.as_school_of(agreement):
        held = lock(agreement)
        person = refusals.person_of(actor, held)
        assert person is not None  # only parties have a kind
        told = SigningRefusal.objects.filter(person.q, agreement=held).open().first()
        if told is not None and told.kind == kind:
            return told
        signer = _who(held, kind, actor)
        if told is not None:  # the later word counts
            _close(told)
        row = SigningRefusal.objects.create_about(
            held,
            party=person.party,
            person_kind=signer.kind,
            person_id=signer.id,
            name=signer.name,
            kind=kind,
            words=words.strip(),
            at=timezone.now(),
        )
        audit.record(actor, "agreement_refused", row, fields=("kind",))
        if kind == RefusalKind.STRANGER:
            guardians.disown(signer.id, actor=actor)
        mails.tell_refusal(row)
    return row


def _who(agreement: Agreement, kind: str, actor) -> signers.Signer:
    """The person who says so, in the school's scope."""
    if kind == RefusalKind.STRANGER:
        row = Guardian.objects.get(pk=actor.id)
        signed = Signature.objects.filter(agreement=agreement, person_kind="guardian")
        if signed.filter(person_id=row.pk).exists():
            raise Conflict(_("Deze handtekening staat er al. Bel de school."))
        return signers.Signer("guardian", row.pk, row.name, row.email)
    mine = [(slot, slot.signer_for(actor)) for slot in signers.slots_of(agreement)]
    found = [(slot, signer) for slot, signer in mine if signer]
    if not found:
        raise NotAllowed(_("U bent niet degene die deze overeenkomst tekent."))
    waiting = next((signer for slot, signer in found if not slot.done), None)
    if waiting is None or not agreement.is_signing:
        raise Conflict(_("Er is nu niets te tekenen."))
    return waiting


@transaction.atomic
def withdraw(agreement: Agreement, *, actor) -> bool:
    """Take back what one said; whether there was anything."""
    require(policies.may_sign, actor, agreement)
    with tenancy.as_school_of(agreement):
        return withdraw_own(agreement, actor)


def withdraw_own(agreement: Agreement, actor) -> bool:
    """The same in the school's scope: who signs after all has taken it back with that."""
    person = refusals.person_of(actor, agreement)
    if person is None:
        return False
    rows = SigningRefusal.objects.select_for_update(of=("self",))
    told = rows.filter(person.q, agreement=agreement).open().first()
    if told is None:
        return False
    _close(told)
    audit.record(actor, "agreement_refusal_withdrawn", told)
    return True


@transaction.atomic
def withdraw_stranger(row: SigningRefusal) -> bool:
    """ "I was mistaken, it is my child": the address works again. In the school's scope.

    Who calls has seen that it is the same browser that said so; nobody is known there any more.
    """
    held = SigningRefusal.objects.select_for_update().get(pk=row.pk)
    if not (held.is_open and held.is_stranger):
        return False
    _close(held)
    guardians.own_again(held.person_id)
    audit.record(None, "agreement_refusal_withdrawn", held)
    return True


def _close(row: SigningRefusal) -> None:
    row.withdrawn_at = timezone.now()
    row.save(update_fields=["withdrawn_at"])


@transaction.atomic
def settle(row: SigningRefusal, *, note: str, actor) -> None:
    """The school talked about it. Signing stays open; what was said stays to be read.

    Raises Conflict for a stranger's address: that is settled where the address is.
    """
    require(policies.may_settle, actor, row)
    held = SigningRefusal.objects.select_for_update().get(pk=row.pk)
    if held.is_stranger:
        raise Conflict(_("Kijk eerst het adres na."))
    if not held.is_open:
        raise Conflict(_("Dit is al afgehandeld."))
    held.settled_at, held.settled_by_id, held.note = timezone.now(), actor.membership, note.strip()
    held.save(update_fields=["settled_at", "settled_by", "note"])
    audit.record(actor, "agreement_refusal_settled", held, fields=("note",))


def settle_with_address(ids: Collection[int], how: str, actor) -> None:
    """The school confirmed, changed or removed these guardians: what they said of it is settled."""
    rows = SigningRefusal.objects.filter(
        person_kind="guardian", person_id__in=ids, withdrawn_at=None, settled_at=None
    )
    if how != "removed":
        rows = rows.filter(kind=RefusalKind.STRANGER)
    note = {
        "confirmed": "De school zegt dat het adres klopt.",
        "changed": "De school veranderde het adres.",
        "removed": "De school haalde deze ouder of verzorger weg.",
    }[how]
    for row in rows:
        row.settled_at, row.settled_by_id, row.note = timezone.now(), actor.membership, note
        row.save(update_fields=["settled_at", "settled_by", "note"])
        audit.record(actor, "agreement_refusal_settled", row, fields=("note",))
