"""The poster: scan or type its code, press the button, done."""

from __future__ import annotations

from datetime import datetime

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from attendance import queries, services
from attendance.enums import CheckInMethod, ScanFailure
from attendance.filters import ScanFilters
from attendance.forms import TypedCodeForm
from attendance.services.check_in import find_location
from stage.core.enums import Audience
from stage.core.models.base import new_public_id
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.codes import normalise_code


@allow(Audience.STUDENT)
@reads(ScanFilters)
def scan_open(request, code):
    """Where the QR on the poster leads. Shows, changes nothing."""
    found = normalise_code(code)
    location = find_location(found, actor=request.actor)
    if location is None:
        form = TypedCodeForm(initial={"code": code[:20]})
        today = queries.today_of_student(request.actor)
        context = {"form": form, "failure": ScanFailure.UNKNOWN_CODE, "today": today}
        return render(request, "attendance/scan_typed.html", context, status=404)
    return render(
        request,
        "attendance/scan_open.html",
        {
            "location": location,
            "code": found,
            "today": queries.today_of_student(request.actor),
            "nonce": new_public_id(),
            "method": "typed" if request.filters.chosen["typed"] else "poster",
        },
    )


@allow(Audience.STUDENT, methods=("GET", "POST"))
def scan_typed(request):
    """Type the code when the camera does not work; then the same page as after a scan."""
    form = TypedCodeForm(request.POST or None)
    failure = ""
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if find_location(code, actor=request.actor) is not None:
            response = redirect("attendance:scan_open", code)
            response["Location"] += "?typed=1"
            return response
        failure = services.scan(code, actor=request.actor).failure
        form.add_error("code", _("Deze code kennen we niet. Kijk goed naar de poster."))
    today = queries.today_of_student(request.actor)
    context = {"form": form, "failure": failure, "today": today}
    return form_page(request, "attendance/scan_typed.html", context)


@allow(Audience.STUDENT, methods=("POST",))
def check_in(request):
    """Ik ben er."""
    typed = request.POST.get("method") == CheckInMethod.TYPED
    arrival = services.scan(
        normalise_code(request.POST.get("code", "")[:40]),
        actor=request.actor,
        method=CheckInMethod.TYPED if typed else CheckInMethod.POSTER,
        nonce=_nonce(request.POST.get("nonce", "")),
        device_at=_moment(request.POST.get("device_at", "")),
    )
    if arrival.failure:
        context = {
            "code_is_unknown": arrival.failure == ScanFailure.UNKNOWN_CODE,
            "by_company": arrival.failure == ScanFailure.BY_COMPANY,
        }
        return render(request, "attendance/scan_failed.html", context, status=422)
    if arrival.already and arrival.check_in:
        at = timezone.localtime(arrival.check_in.at)
        notice(request, _("Je was er al om %(time)s.") % {"time": f"{at:%H:%M}"}, tone="info")
    elif arrival.is_back:
        notice(request, _("Welkom terug. Je bent weer beter gemeld."))
    return redirect("attendance:check_in_done")


@allow(Audience.STUDENT)
def check_in_done(request):
    """You are in: the time, and what comes next."""
    today = queries.today_of_student(request.actor)
    return render(request, "attendance/check_in_done.html", {"today": today})


def _nonce(text: str) -> str:
    ok = 8 <= len(text) <= 40 and text.isascii() and text.replace("-", "").isalnum()
    return text if ok else ""


def _moment(text: str) -> datetime | None:
    """What the phone's clock said; nothing when it is no time with a zone."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None
