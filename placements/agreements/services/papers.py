"""A signature on paper, seen by the school."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from placements import unsigned
from placements.agreements.enums import FileKind, SignatureMethod
from placements.agreements.models import Agreement, AgreementSettings, Signature
from placements.agreements.queries import signers
from placements.agreements.services.signing import (
    Evidence,
    complete_when_all_signed,
    lock_for_signing,
    store,
)
from stage.core.files import store as files
from stage.core.record import audit
from stage.core.who.policies import Conflict, coordinator_of, require


def scan_needed(agreement: Agreement) -> bool:
    """Whether a scan must come along, or a form kept in the school's file is enough.

    Never for who is 14 or 15 on the first day: there the signature stands on the agreement itself
    (Nadere regeling kinderarbeid 3:1), so that the signed sheet is kept with it.
    """
    if is_young(agreement):
        return True
    return not AgreementSettings.objects.of(agreement.school_id).paper_counts


def is_young(agreement: Agreement) -> bool:
    """Whether the student is under sixteen on the first day."""
    return agreement.student.age_on(agreement.placement.starts) < unsigned.AGE


def may_note(actor, agreement: Agreement, slots: Iterable[signers.Slot]) -> bool:
    """Whether a signature on paper can be noted now: some slot is open and somebody could sign."""
    waits = any(not slot.done and slot.people for slot in slots)
    return agreement.is_signing and waits and bool(coordinator_of(actor, agreement))


@transaction.atomic
def sign_on_paper(
    agreement: Agreement, *, key: str, name: str, seen_on: date, upload=None, actor
) -> Signature:
    """The coordinator saw somebody's signature on paper under this very text.

    `key` is the slot's. Raises Conflict when it is filled or a scan is needed, and
    `media.FileRefused` for a file that cannot be kept.
    """
    require(coordinator_of, actor, agreement)
    if upload is None and scan_needed(agreement):
        raise Conflict(_("Voeg een scan of foto van de getekende overeenkomst toe."))
    held = lock_for_signing(agreement, agreement.whole_hash)
    slot = next((s for s in signers.slots_of(held) if s.key == key), None)
    if slot is None or slot.done or not slot.people:
        raise Conflict(_("Deze handtekening staat er al."))
    signer = next((p for p in slot.people if p.name == name), slot.people[0])
    with override("nl"):  # it stands in the agreement, whatever the coordinator's screen speaks
        seen = _("Getekend op papier; gezien op %(date)s door %(name)s.")
    words = seen % {"date": f"{seen_on:%d-%m-%Y}", "name": actor.name}
    evidence = Evidence(SignatureMethod.PAPER, words)
    paper = _keep(upload, held, actor) if upload else None
    signature = store(
        held,
        slot,
        signers.Signer(signer.kind, signer.id, name or signer.name),
        evidence,
        paper=paper,
        seen_by_id=actor.membership,
    )
    audit.record(actor, "agreement_signed_on_paper", signature)
    complete_when_all_signed(agreement, actor)
    return signature


def _keep(upload, agreement: Agreement, actor):
    owner = files.Owner.about(agreement)
    return files.store_upload(upload, kind=FileKind.PAPER, owner=owner, actor=actor)
