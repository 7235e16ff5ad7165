"""The transitions of an agreement, and those of its placement that follow from it."""

from __future__ import annotations

from placements.agreements.enums import AgreementState
from placements.agreements.policies import a_party, coordinator_of, may_object
from placements.enums import PlacementState
from placements.policies import leads
from stage.core.record.workflow import Transition, Workflow

FILLING, SIGNING = AgreementState.FILLING, AgreementState.SIGNING
COMPLETE, SUPERSEDED = AgreementState.COMPLETE, AgreementState.SUPERSEDED

AGREEMENT = Workflow(
    [
        Transition("freeze", (FILLING,), SIGNING, coordinator_of, "agreement_frozen"),
        Transition("complete", (SIGNING,), COMPLETE, a_party, "agreement_completed"),
        # Somebody became known later and signs as well: the same text, and what is signed stays.
        Transition("ask_more", (COMPLETE,), SIGNING, coordinator_of, "agreement_signer_added"),
        Transition("object", (SIGNING,), SUPERSEDED, may_object, "agreement_objected"),
        Transition("lapse", (FILLING, SIGNING), SUPERSEDED, leads, "agreement_lapsed"),
        # The placement changed: what was fixed and not signed by all is opened again; what was
        # signed by all is amended (`services.amending`).
        Transition("outdate", (SIGNING,), SUPERSEDED, leads, "agreement_outdated"),
        Transition("amend", (FILLING,), SIGNING, leads, "agreement_amended"),
        Transition("revise", (SIGNING, COMPLETE), SUPERSEDED, coordinator_of, "agreement_revised"),
    ]
)

PLACEMENT = Workflow(
    [
        Transition(
            "start_agreement",
            (PlacementState.CONCEPT,),
            PlacementState.AGREEMENT,
            coordinator_of,
            "placement_agreement_started",
        ),
        Transition(
            "sign",
            (PlacementState.AGREEMENT,),
            PlacementState.SIGNED,
            a_party,
            "placement_signed",
        ),
    ]
)
