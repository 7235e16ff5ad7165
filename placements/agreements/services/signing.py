"""One signature under one frozen text; the last one completes the agreement."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from placements.agreements import mails, policies
from placements.agreements.enums import AgreementState, Party, SignatureMethod
from placements.agreements.models import Agreement, Signature
from placements.agreements.queries import signers
from placements.agreements.services import refusing
from placements.agreements.services.locks import lock
from placements.agreements.workflow import AGREEMENT, PLACEMENT
from placements.enums import PlacementState
from placements.models import Placement
from stage.core.record import audit, workflow
from stage.core.tenants import tenancy
from stage.core.who.policies import Conflict, NotAllowed, require


@dataclass(frozen=True)
class Evidence:
    """How a signature was given: kept beside it, to be shown when it is disputed."""

    method: str
    statement: str
    address: str | None = None
    browser: str = ""


def statement_for(party: str) -> str:
    """The sentence a signer agrees with."""
    return {
        Party.STUDENT: _("Ik heb de overeenkomst gelezen en ik houd me aan de afspraken."),
        Party.GUARDIAN: _("Ik heb de overeenkomst gelezen en geef toestemming voor deze stage."),
        Party.COMPANY: _("Ik heb de overeenkomst gelezen en teken namens het bedrijf."),
        Party.SCHOOL: _("Ik heb de overeenkomst gelezen en teken namens de school."),
    }[Party(party)]


@transaction.atomic
def sign(agreement: Agreement, *, whole_hash: str, evidence: Evidence, actor) -> Signature:
    """Sign as oneself. `whole_hash` is that of the text which was on the screen.

    Raises NotAllowed for who is no signer, Conflict when the text changed, is not being signed, or
    this signature is there already; then nothing is stored.
    """
    require(policies.may_sign, actor, agreement)
    if evidence.method != method_of(actor):
        raise NotAllowed(
            _("Zo kunt u deze overeenkomst niet tekenen. Vraag de school hoe het wel kan.")
        )
    with tenancy.as_school_of(agreement):
        held = lock_for_signing(agreement, whole_hash)
        slot, signer = open_slot_of(held, actor)
        signature = store(held, slot, signer, evidence)
        audit.record(actor, "agreement_signed", signature)
        refusing.withdraw_own(held, actor)
        complete_when_all_signed(agreement, actor)
    return signature


def lock_for_signing(agreement: Agreement, whole_hash: str) -> Agreement:
    """Hold the row; raises Conflict unless exactly this text is being signed."""
    # Undoing a match takes this row first too: a signature and the undoing cannot both win.
    Placement.objects.select_for_update(no_key=True).get(pk=agreement.placement_id)
    held = lock(agreement)
    if held.state != AgreementState.SIGNING or held.whole_hash != whole_hash:
        raise Conflict(
            _("De overeenkomst is intussen veranderd. Er is niets getekend. Lees de nieuwe tekst.")
        )
    if not held.is_intact:
        raise Conflict(
            _("De tekst is veranderd na het vaststellen. Er is niets getekend. Bel de school.")
        )
    return held


def open_slot_of(agreement: Agreement, actor) -> tuple[signers.Slot, signers.Signer]:
    """The signature that waits for this person."""
    done = False
    for slot in signers.slots_of(agreement):
        signer = slot.signer_for(actor)
        if signer and slot.after:
            raise Conflict(slot.not_yet)
        if signer and not slot.done:
            return slot, signer
        done = done or bool(signer)
    if done:
        raise Conflict(_("Deze handtekening staat er al."))
    raise NotAllowed(_("U bent niet degene die deze overeenkomst tekent."))


def store(agreement, slot, signer, evidence: Evidence, **paper) -> Signature:
    """Write one signature; the database lets each person sign a version once."""
    try:
        with transaction.atomic():
            return Signature.objects.create_about(
                agreement,
                party=slot.party,
                person_kind=signer.kind,
                person_id=signer.id,
                name=signer.name,
                whole_hash=agreement.whole_hash,
                method=evidence.method,
                statement=evidence.statement,
                at=timezone.now(),
                address=evidence.address,
                browser=evidence.browser[:200],
                **paper,
            )
    except IntegrityError as error:
        raise Conflict(_("Deze handtekening staat er al.")) from error


def complete_when_all_signed(agreement: Agreement, actor) -> bool:
    """With the last signature the agreement is complete and the placement signed."""
    slots = signers.slots_of(agreement)
    if not all(slot.done for slot in slots):
        if any(slot.after for slot in slots):
            mails.ask_to_sign(agreement)  # whose turn it may have become
        return False
    workflow.apply(agreement, AGREEMENT["complete"], actor=actor, completed_at=timezone.now())
    placement = Placement.objects.get(pk=agreement.placement_id)
    if placement.state == PlacementState.AGREEMENT:
        workflow.apply(placement, PLACEMENT["sign"], actor=actor)
    mails.tell_complete(agreement)
    return True


def method_of(actor) -> str:
    """People who log in sign with that; the others with a fresh code from their mailbox."""
    if actor.is_company or actor.is_guardian:
        return SignatureMethod.CODE
    return SignatureMethod.LOGIN
