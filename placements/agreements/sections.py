"""The agreement's part of the placement's folder and of the settings of a school."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from placements import unsigned
from placements.agreements import policies
from placements.agreements.forms import AgreementSettingsForm
from placements.agreements.models import Agreement
from placements.agreements.queries import signers
from placements.agreements.queries.listing import STARTABLE
from placements.enums import UNSIGNED
from placements.models import Placement
from stage.core.dutch.calendar import school_today
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
    papers = list(rows.in_force().select_related("placement", "school"))
    agreement = next((row for row in papers if not row.is_amendment), None)
    context = {"agreement": agreement, "placement": placement, **_unsigned(actor, placement)}
    if agreement is None:
        can_start = (
            actor.is_coordinator and placement.state in STARTABLE and not placement.period.is_taster
        )
        return ("agreements/_section.html", context) if can_start else None
    if not policies.may_read(actor, agreement):
        return None
    context["amendments"] = [row for row in papers if row.amends_id == agreement.pk]
    return "agreements/_section.html", {**context, "slots": signers.slots_of(agreement)}


def _unsigned(actor, placement) -> dict:
    """For the school: that somebody under sixteen cannot begin yet, or began and why."""
    if not actor.is_staff:
        return {}
    rows = Placement.objects.filter(pk=placement.pk)
    may_wait = actor.is_coordinator and placement.state in UNSIGNED
    return {
        "must_sign_first": may_wait and unsigned.waiting(rows, school_today()).exists(),
        "began_unsigned": placement.overrides.filter(rule__in=(unsigned.RULE, unsigned.MOVED))
        .select_related("by")
        .first(),
    }
