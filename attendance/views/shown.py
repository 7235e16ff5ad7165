"""A code on the student's phone that somebody of the company scans."""

from __future__ import annotations

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from attendance import queries
from attendance.queries.company import names_of
from attendance.services import shown
from attendance.views.company import trainee
from placements.models import Placement
from stage.core.enums import Audience
from stage.core.ui.notices import notice
from stage.core.ui.qr import qr_data_uri
from stage.core.who.access import allow, public


@allow(Audience.STUDENT)
def code_show(request):
    """My code, for a minute; the page asks for the next one itself."""
    placement = queries.today_of_student(request.actor).placement
    if placement is None:
        return redirect("attendance:scan_typed")
    address = reverse("attendance:code_scanned", args=[shown.code_of(placement)])
    context = {
        "picture": qr_data_uri(settings.SITE_URL + address),
        "seconds": shown.COUNTS_FOR // 2,
    }
    return render(request, "attendance/code_show.html", context)


@public("any camera opens it: who is not the supervisor is told what to do, and changes nothing")
def code_scanned(request, code):
    """Who this is, to the supervisor alone; to everybody else what the code is for."""
    actor, placement, name = request.actor, None, ""
    public_id = shown.placement_of(code)
    if public_id and actor is not None and actor.is_company and actor.proven:
        placement = Placement.objects.visible_to(actor).filter(public_id=public_id).first()
    if placement is not None:
        name = names_of(actor, [placement])[placement.pk]
    context = {"name": name, "code": code, "is_old": public_id is None}
    return render(request, "attendance/code_scanned.html", context)


@allow(Audience.COMPANY, methods=("POST",))
def code_present(request, code):
    """Is er."""
    public_id = shown.placement_of(code, seconds=shown.PRESSED_WITHIN)
    if public_id is None:
        notice(request, _("Deze code is te oud. Laat de leerling een nieuwe tonen."), tone="wrong")
        return redirect("attendance:company_today")
    placement = trainee(request, public_id)
    name = names_of(request.actor, [placement])[placement.pk]
    words = _("%(name)s is er.") if shown.tick_shown(placement, actor=request.actor) else ""
    notice(request, (words or _("%(name)s was al aangemeld.")) % {"name": name})
    return redirect("attendance:company_today")
