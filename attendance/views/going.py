"""The rest of a day at work: going home, pauses, and the hour of going put right."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance import policies, services
from attendance.day_forms import CheckOutForm
from attendance.models import CheckIn
from attendance.queries.company import names_of
from attendance.views.company import trainee
from attendance.views.staff import back_to, own_placement
from placements.models import Placement
from stage.core.dutch.calendar import local_datetime, school_today
from stage.core.enums import STAFF, Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.once import once
from stage.core.who.access import allow
from stage.core.who.policies import Conflict, require


@allow(Audience.STUDENT, methods=("POST",))
@once
def check_out(request):
    """Ik ga naar huis."""
    at = request.happened_at
    try:
        row = services.check_out(actor=request.actor, at=at, device_at=request.device_at)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        words = _("Je dag is klaar om %(time)s.")
        notice(request, words % {"time": f"{timezone.localtime(row.at):%H:%M}"})
    return redirect("web:home")


@allow(Audience.STUDENT, methods=("POST",))
@once
def check_out_undo(request):
    """Toch niet: pressed by mistake."""
    return _said(request, services.undo_check_out, _("Ongedaan gemaakt. Je bent nog aan het werk."))


@allow(Audience.STUDENT, methods=("POST",))
@once
def pause_start(request):
    """Pauze."""
    said = {"device_at": request.device_at}
    return _said(request, services.start_pause, _("Je pauze loopt."), **said)


@allow(Audience.STUDENT, methods=("POST",))
@once
def pause_end(request):
    """Weer aan het werk."""
    said = {"device_at": request.device_at}
    return _said(request, services.end_pause, _("Je bent weer aan het werk."), **said)


def _said(request, service, words: str, **said):
    try:
        service(actor=request.actor, at=request.happened_at, **said)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        notice(request, words)
    return redirect("web:home")


@allow(*STAFF, methods=("GET", "POST"))
def check_out_correct(request, public_id, day):
    """The school says when a student went, or that nobody knows."""
    placement = own_placement(request, public_id)
    require(policies.settle, request.actor, placement)
    return _correct(
        request,
        placement,
        day,
        back_url=back_to(request, day),
        template="attendance/check_out_correct.html",
        name=placement.student.full_name,
    )


@allow(Audience.COMPANY, methods=("GET", "POST"))
def company_check_out(request, public_id):
    """The supervisor says when a trainee of today went."""
    placement = trainee(request, public_id)
    return _correct(
        request,
        placement,
        school_today(),
        back_url=reverse("attendance:company_today"),
        template="attendance/company_check_out.html",
        name=names_of(request.actor, [placement])[placement.pk],
    )


def _correct(request, placement: Placement, day, *, back_url: str, template: str, name: str):
    rows = CheckIn.objects.visible_to(request.actor).filter(placement=placement, date=day)
    arrival = get_object_or_404(rows.starts())
    known = rows.ends().first()
    form = CheckOutForm(
        request.POST or None,
        stands=known is not None,
        initial={"at": f"{timezone.localtime(known.at):%H:%M}"} if known else None,
    )
    if request.method == "POST" and form.is_valid():
        clock = form.cleaned_data["at"]
        try:
            services.correct_check_out(
                placement,
                actor=request.actor,
                arrival=arrival,
                at=local_datetime(day, clock) if clock else None,
                why=form.cleaned_data.get("why", ""),
            )
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            notice(request, _("Bewaard. Wat er eerst stond, blijft te lezen."))
            return redirect(back_url)
    context = {
        "form": form,
        "placement": placement,
        "name": name,
        "check_in": arrival,
        "known": known,
        "day": day,
        "back_url": back_url,
    }
    return form_page(request, template, context)
