"""Days away that were reported: changed or taken back; and reported by the school."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from attendance import policies, services
from attendance.day_forms import AbsenceDaysForm
from attendance.forms import AbsenceForm
from attendance.models import Absence
from attendance.queries.absences import absences_to_come
from attendance.views.absence import store
from attendance.views.company import only_proven
from attendance.views.staff import own_placement
from placements.views.folder import LAYOUTS
from stage.core.enums import STAFF, Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict, require

EVERYBODY = (*STAFF, Audience.STUDENT, Audience.GUARDIAN, Audience.COMPANY)


@allow(*EVERYBODY, methods=("GET", "POST"))
def absence_change(request, public_id):
    """Other days, or not away after all."""
    actor = request.actor
    if actor.is_company or actor.role == Audience.GUARDIAN:
        only_proven(actor)
    rows = Absence.objects.visible_to(actor).standing().select_related("placement__company")
    absence = get_object_or_404(rows, public_id=public_id)
    require(policies.report_absence, actor, absence.placement)
    form = AbsenceDaysForm(
        request.POST if request.POST.get("action") == "change" else None,
        initial={"from_day": absence.starts, "until_day": absence.ends},
        begun=absence.has_begun,
    )
    try:
        if request.POST.get("action") == "withdraw":
            told = services.take_back_absence(absence, actor=actor)
            words = _("Ingetrokken. Wie dit wist, krijgt daar bericht van.")
            notice(request, words if told else _("Ingetrokken. Niemand krijgt bericht."))
            return redirect("web:home")
        if form.is_valid():
            first, last = form.cleaned_data["from_day"], form.cleaned_data["until_day"]
            services.change_absence(
                absence, actor=actor, day=first or absence.starts, until=last or first
            )
            notice(request, _("Veranderd. Over twee minuten krijgt wie dit moet weten bericht."))
            return redirect("attendance:absence_change", public_id)
    except Conflict as conflict:
        form.add_error(None, str(conflict)) if form.is_bound else notice(
            request, str(conflict), tone="attention"
        )
    context = {
        "form": form,
        "absence": absence,
        "layout": LAYOUTS.get(actor.role, "layouts/desk.html"),
        "home": reverse("web:home"),
    }
    return form_page(request, "attendance/absence_change.html", context)


@allow(*STAFF, methods=("GET", "POST"))
def staff_absence(request, public_id):
    """The school reports a student away, also for later and for longer."""
    placement = own_placement(request, public_id)
    require(policies.settle, request.actor, placement)
    form = AbsenceForm(request.POST or None, audience="staff")
    if request.method == "POST" and form.is_valid() and store(form, placement, request.actor):
        notice(request, _("Gemeld. Over twee minuten krijgt het bedrijf bericht."))
        return redirect("attendance:staff_absence", public_id)
    context = {
        "form": form,
        "placement": placement,
        "absences": absences_to_come(request.actor, placement=placement),
    }
    return form_page(request, "attendance/staff_absence.html", context)
