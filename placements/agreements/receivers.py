"""What agreements do at news from below: a signed one keeps its placement, an unsigned one goes

along with it, and who becomes known is asked.
"""

from __future__ import annotations

from collections.abc import Collection

from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Company
from companies.signals import trusted
from placements import vetoes
from placements.agreements import mails
from placements.agreements.enums import AgreementState, Party
from placements.agreements.models import Agreement, AgreementSettings, Signature
from placements.agreements.services import amending, late, refusing, starting
from placements.agreements.workflow import AGREEMENT
from placements.changes import elsewhere
from placements.changes import mails as change_mails
from placements.changes.kinds import STAND_IN
from placements.enums import PlacementState
from placements.models import Placement
from placements.signals import change_undone, placement_changed
from stage.core.record import workflow
from stage.core.record.workflow import transitioned
from stage.core.tenants import tenancy
from stage.schools.signals import (
    guardian_removed,
    guardian_settled,
    guardians_added,
    school_made,
)

OPEN = (AgreementState.FILLING, AgreementState.SIGNING)


@receiver(trusted)
def ask_who_is_known_now(sender, *, trusts, actor, **kwargs) -> None:
    """Agreements that nobody at the company could be asked about: it is asked now, once."""
    companies = [t.company_id for t in trusts]
    with tenancy.as_school_of(trusts[0]):
        waiting = Agreement.objects.filter(
            school_id=trusts[0].school_id,
            company__in=Company.objects.of_family(companies),
            state__in=OPEN,
        )
        related = ("placement", "school", "student")
        for agreement in waiting.select_related(*related).order_by("pk"):
            if agreement.state == AgreementState.SIGNING:
                mails.ask_to_sign(agreement)
            elif agreement.answers.filter(party=Party.COMPANY, checked_at__isnull=True).exists():
                mails.ask_to_fill(agreement, (Party.COMPANY,))


@vetoes.against("cancel")
def keep_what_is_signed(placement_ids: Collection[int]) -> dict[int, str]:
    """Once anybody signed an agreement of a placement, its match stays."""
    why = _("De overeenkomst is al getekend. Losmaken kan niet meer. Beëindig de stage.")
    signed = Signature.objects.filter(agreement__placement__in=placement_ids).order_by()
    return dict.fromkeys(signed.values_list("agreement__placement_id", flat=True).distinct(), why)


@receiver(placement_changed)
def follow_change(sender, *, change, actor, **kwargs) -> None:
    """The papers say what the placement now is; at another company they begin."""
    if not change.is_ending:
        amending.follow(change, actor=actor)
    elif change.moved_to is not None:
        starting.start_agreements([change.moved_to], actor=actor)


@receiver(change_undone)
def follow_undoing(sender, *, change, actor, **kwargs) -> None:
    if not change.is_ending:
        amending.follow(change, actor=actor)


change_mails.is_about("agreement_fill", gettext_lazy("de overeenkomst om na te kijken"))
change_mails.is_about("agreement_sign", gettext_lazy("de wijziging om te tekenen"))
change_mails.is_about("agreement_objected", gettext_lazy("de overeenkomst gaat weer open"))


@elsewhere.touches
def papers(plan) -> list[str]:
    """What happens to the agreement, before anything is done."""
    rows = Agreement.objects.whole().in_force().filter(placement=plan.placement)
    agreement = rows.first()
    if agreement is None:
        return []
    if plan.frees_place:
        if agreement.is_complete:
            return [_("De getekende overeenkomst blijft bewaard.")]
        return [_("De overeenkomst die nog niet getekend is, vervalt.")]
    if not plan.values:
        return []
    if set(plan.values) <= set(STAND_IN):
        return [_("De overeenkomst blijft zoals hij is: de vervanging is voor een tijdje.")]
    if agreement.is_complete and set(plan.values) != {"teacher_id"}:
        return [_("De getekende overeenkomst blijft. Wie het aangaat, tekent een wijziging erbij.")]
    if agreement.is_signing:
        return [_("De overeenkomst gaat weer open. Iedereen tekent de nieuwe tekst.")]
    return [_("De overeenkomst neemt dit over.")] if agreement.is_filling else []


@receiver(transitioned, sender=Placement)
def lapse_with_placement(obj, transition, actor, **kwargs) -> None:
    if transition.target not in (PlacementState.CANCELLED, PlacementState.STOPPED):
        return
    for agreement in Agreement.objects.filter(placement=obj, state__in=OPEN):
        workflow.apply(agreement, AGREEMENT["lapse"], actor=actor)


@receiver(guardians_added)
def ask_whether_they_sign(sender, *, added, actor, **kwargs) -> None:
    late.ask_about(added, actor=actor)


@receiver(guardian_settled)
def settle_what_they_said(sender, *, ids, how, actor, **kwargs) -> None:
    refusing.settle_with_address(ids, how, actor)


@receiver(guardian_removed)
def complete_without(sender, *, guardian, actor, **kwargs) -> None:
    late.complete_without(guardian, actor=actor)


@receiver(school_made)
def make_settings(sender, *, school, **kwargs) -> None:
    AgreementSettings.objects.create(school=school)
