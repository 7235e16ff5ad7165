"""A placement that does not go on takes its unsigned agreement along: nobody signs it any more."""

from __future__ import annotations

from django.dispatch import receiver

from placements.agreements.workflow import AGREEMENT
from placements.enums import AgreementState, PlacementState
from placements.models import Agreement, Placement
from stage.core import workflow
from stage.core.workflow import transitioned

OPEN = (AgreementState.FILLING, AgreementState.SIGNING)


@receiver(transitioned, sender=Placement)
def lapse_with_placement(obj, transition, actor, **kwargs) -> None:
    if transition.target != PlacementState.CANCELLED:
        return
    for agreement in Agreement.objects.filter(placement=obj, state__in=OPEN):
        workflow.apply(agreement, AGREEMENT["lapse"], actor=actor)
