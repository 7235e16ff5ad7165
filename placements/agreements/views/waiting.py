"""What waits for the coordinator around signing: unsigned under sixteen, and who became known."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from placements import services, unsigned
from placements.agreements.enums import GuardiansNeeded
from placements.agreements.forms import LateForm, UnsignedForm
from placements.agreements.models import Agreement, AgreementSettings, LateGuardian
from placements.agreements.queries import signers
from placements.agreements.services import late as late_guardians
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def unsigned_start(request, public_id):
    """Help signing, or start anyway and say why."""
    rows = Placement.objects.visible_to(request.actor).select_related("student", "company")
    placement = get_object_or_404(rows, public_id=public_id)
    waits = unsigned.waiting(rows.filter(pk=placement.pk), school_today()).exists()
    if request.method == "GET" and not waits:
        notice(request, _("Voor deze stage hoeft dit niet meer."), tone="info")
        return redirect("placements:placement_show", placement.public_id)
    form = UnsignedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _start(request, placement, form.cleaned_data["reason"])
    agreement = (
        Agreement.objects.visible_to(request.actor)
        .filter(placement=placement)
        .whole()
        .in_force()
        .first()
    )
    context = {
        "placement": placement,
        "agreement": agreement,
        "slots": signers.slots_of(agreement) if agreement else [],
        "form": form,
        "has_begun": placement.starts <= school_today(),
    }
    return form_page(request, "agreements/unsigned.html", context)


def _start(request, placement, reason):
    try:
        services.start_unsigned(placement, reason=reason, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        notice(request, _("De stage kan beginnen. De reden staat bij de stage."))
    return redirect("placements:placement_show", placement.public_id)


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def late_guardian(request, public_id):
    """Does somebody who was added while this was being signed, sign as well?"""
    rows = LateGuardian.objects.visible_to(request.actor)
    rows = rows.select_related("guardian", "student", "agreement__company")
    late = get_object_or_404(rows, public_id=public_id)
    one = AgreementSettings.objects.of(late.school_id).guardians_needed == GuardiansNeeded.ONE
    form = LateForm(request.POST or None, instead=one and late.agreement.is_signing)
    if request.method == "POST" and form.is_valid():
        return _decide(request, late, form.cleaned_data["answer"])
    return form_page(request, "agreements/late_guardian.html", {"late": late, "form": form})


def _decide(request, late, answer):
    try:
        late_guardians.decide(late, answer=answer, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        notice(request, _("Bewaard. Wie moet tekenen, krijgt een mail."))
    return redirect("agreements:agreement_show", late.agreement.public_id)
