"""The agreement's part of the placement's folder and of the settings of a school."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from placements.agreements import policies
from placements.agreements.enums import AgreementState
from placements.agreements.forms import AgreementSettingsForm
from placements.agreements.models import Agreement
from placements.agreements.queries import signers
from placements.agreements.queries.listing import STARTABLE
from stage.core.ui import sections
from stage.schools.forms import settings_page

settings_page.card(
    "insurance",
    order=40,
    title=_("Verzekering"),
    text=_("Deze tekst komt in elke overeenkomst. Laat die nakijken door uw bestuur."),
)
settings_page.add(
    AgreementSettingsForm,
    card="signing",
    order=20,
    fields=("guardians_needed", "signing_order", "paper_counts"),
)
settings_page.add(
    AgreementSettingsForm,
    card="insurance",
    order=10,
    fields=("liability_maximum", "insurance_text"),
)


@sections.of("placement", order=10, key="agreement", label=_("Overeenkomst"))
def agreement_part(actor, placement) -> tuple[str, dict] | None:
    """The agreement in force and who signed; for the coordinator the way to begin one."""
    rows = Agreement.objects.visible_to(actor).filter(placement=placement)
    agreement = rows.exclude(state=AgreementState.SUPERSEDED).select_related("placement").first()
    if agreement is None:
        can_start = (
            actor.is_coordinator and placement.state in STARTABLE and not placement.period.is_taster
        )
        context = {"agreement": None, "placement": placement}
        return ("agreements/_section.html", context) if can_start else None
    if not policies.may_read(actor, agreement):
        return None
    slots = signers.slots_of(agreement)
    return "agreements/_section.html", {"agreement": agreement, "slots": slots}
