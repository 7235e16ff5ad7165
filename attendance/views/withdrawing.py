"""An arrival that was none: taken back by the student, the school or the company."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from attendance import policies, services
from attendance.day_forms import WrongCheckInForm
from attendance.models import CheckIn
from attendance.views.company import trainee
from attendance.views.staff import back_to, own_placement
from stage.core.dutch.calendar import school_day, school_today
from stage.core.enums import STAFF, Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.once import once
from stage.core.who.access import allow
from stage.core.who.policies import Conflict, require


@allow(Audience.STUDENT, methods=("POST",))
@once
def check_in_undo(request):
    """Toch niet: pressed by mistake, or at home."""
    at = request.happened_at
    rows = _standing(request.actor).filter(
        student_id=request.actor.student_id, date=school_day(at) if at else school_today()
    )
    try:
        services.undo_check_in(rows.first(), actor=request.actor, at=at)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        notice(request, _("Ongedaan gemaakt. Je staat niet meer als aangemeld."))
    return redirect("web:home")


@allow(*STAFF, methods=("GET", "POST"))
def check_in_wrong(request, public_id, day):
    """The school takes an arrival back and says why; it stays to be read."""
    placement = own_placement(request, public_id)
    require(policies.settle, request.actor, placement)
    row = get_object_or_404(_standing(request.actor), placement=placement, date=day)
    form = WrongCheckInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_check_in(row, actor=request.actor, why=form.cleaned_data["why"])
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            words = _(
                "De aanmelding van %(name)s telt niet meer. Was %(name)s er toch? Kies dan “Is er”."
            )
            notice(request, words % {"name": placement.student.first_name})
            return redirect(back_to(request, day))
    context = {
        "form": form,
        "placement": placement,
        "check_in": row,
        "day": day,
        "back_url": back_to(request, day),
    }
    return form_page(request, "attendance/check_in_wrong.html", context)


@allow(Audience.COMPANY, methods=("POST",))
def company_not_here(request, public_id):
    """The supervisor: who checked in is not here."""
    placement = trainee(request, public_id)
    rows = _standing(request.actor).filter(placement=placement, date=school_today())
    try:
        services.not_here(rows.first(), actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        notice(request, _("Genoteerd. De school ziet dat de leerling er niet is."))
    return redirect("attendance:company_today")


def _standing(actor):
    return CheckIn.objects.visible_to(actor).starts().select_related("placement")
