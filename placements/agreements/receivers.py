"""A placement that does not go on takes its unsigned agreement along; who is known is asked."""

from __future__ import annotations

from django.dispatch import receiver

from companies.signals import trusted
from placements.agreements import letters
from placements.agreements.workflow import AGREEMENT
from placements.enums import AgreementState, Party, PlacementState
from placements.models import Agreement, Placement
from stage.core.record import workflow
from stage.core.record.workflow import transitioned
from stage.core.tenants import tenancy

OPEN = (AgreementState.FILLING, AgreementState.SIGNING)


@receiver(trusted)
def ask_who_is_known_now(sender, *, trusts, actor, **kwargs) -> None:
    """Agreements that nobody at the company could be asked about: it is asked now, once."""
    companies = {t.company_id for t in trusts}
    with tenancy.as_school_of(trusts[0]):
        waiting = Agreement.objects.filter(
            school_id=trusts[0].school_id, company_id__in=companies, state__in=OPEN
        )
        related = ("placement", "school", "student")
        for agreement in waiting.select_related(*related).order_by("pk"):
            if agreement.state == AgreementState.SIGNING:
                letters.ask_to_sign(agreement)
            elif agreement.answers.filter(party=Party.COMPANY, checked_at__isnull=True).exists():
                letters.ask_to_fill(agreement, (Party.COMPANY,))


@receiver(transitioned, sender=Placement)
def lapse_with_placement(obj, transition, actor, **kwargs) -> None:
    if transition.target != PlacementState.CANCELLED:
        return
    for agreement in Agreement.objects.filter(placement=obj, state__in=OPEN):
        workflow.apply(agreement, AGREEMENT["lapse"], actor=actor)
