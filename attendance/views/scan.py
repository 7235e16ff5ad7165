"""The poster: scan or type its code, press the button, done."""

from __future__ import annotations

from datetime import datetime

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance import one_browser, queries, services
from attendance.code_forms import TypedCodeForm
from attendance.enums import CheckInMethod, ScanFailure
from attendance.filters import ScanFilters
from attendance.services import screens
from attendance.services.guesses import LookedUp, look_up
from companies.enums import AttendanceMode
from placements.teachers import whom_to_call
from stage.core.dutch.calendar import school_day
from stage.core.enums import Audience
from stage.core.models.base import new_public_id
from stage.core.ui import offline
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.once import good_nonce, has_script, once, taken
from stage.core.who.access import allow
from stage.core.who.codes import normalise_code

OLD_CODE = gettext_lazy("Deze code is te oud. Kijk op het scherm welke er nu staat.")
TOO_OFTEN = gettext_lazy(
    "Je hebt te vaak een verkeerde code geprobeerd. Probeer het over tien minuten weer."
)
WRONG = {
    ScanFailure.OLD_CODE: OLD_CODE,
    ScanFailure.TOO_OFTEN: TOO_OFTEN,
    ScanFailure.UNKNOWN_CODE: gettext_lazy("Deze code kennen we niet. Kijk goed naar de poster."),
}


@allow(Audience.STUDENT)
@reads(ScanFilters)
def scan_open(request, code):
    """Where the QR on the poster leads. Shows, changes nothing."""
    found = normalise_code(code)
    seen = look_up(found, actor=request.actor)
    if seen.location is None:
        form = TypedCodeForm(initial={"code": code[:20]})
        context = _page(request, form, failure=seen.failure)
        return render(request, "attendance/scan_typed.html", context, status=404)
    return render(
        request,
        "attendance/scan_open.html",
        {
            "location": seen.location,
            "code": found,
            "here": seen.here,
            "nonce": new_public_id(),
            "ticket": seen.ticket,
            "needs_screen": not seen.ticket and _takes_screens_alone(seen),
            "method": "typed" if request.filters.chosen["typed"] else "poster",
        },
    )


def _takes_screens_alone(seen: LookedUp) -> bool:
    if seen.here is not None:
        return seen.here.refuses_posters
    return seen.location is not None and seen.location.attendance_mode == AttendanceMode.SCREEN


@allow(Audience.STUDENT, methods=("GET", "POST"))
def scan_typed(request):
    """Scan, or type the code when the camera does not work; then the same page as after a scan."""
    form = TypedCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        seen = look_up(code, actor=request.actor)
        if seen.location is not None:
            response = redirect("attendance:scan_open", code)
            response["Location"] += "?typed=1"
            return response
        if seen.failure != ScanFailure.TOO_OFTEN:
            services.refuse(code, seen.failure, actor=request.actor)
        form.add_error("code", WRONG[ScanFailure(seen.failure)])
    return offline.keep(form_page(request, "attendance/scan_typed.html", _page(request, form)))


def _page(request, form: TypedCodeForm, failure: str = "") -> dict:
    """What the page with the scanner shows: also whom to call when it does not work."""
    today = queries.today_of_student(request.actor)
    placement = today.placement
    supervisor = placement.supervisor_now if placement else None
    return {
        "form": form,
        "today": today,
        "failure": failure,
        "scanned_url": _scanned_url(),
        "old_code": OLD_CODE if failure == ScanFailure.OLD_CODE else "",
        "too_often": TOO_OFTEN if failure == ScanFailure.TOO_OFTEN else "",
        "call": whom_to_call(placement) if placement else None,
        "supervisor": supervisor if supervisor and supervisor.telephone else None,
    }


@allow(Audience.STUDENT, methods=("POST",))
def check_in_help(request):
    """It does not work: who guides from school is told."""
    if services.ask_help(actor=request.actor):
        notice(request, _("School ziet nu dat aanmelden niet lukt. Ga maar aan het werk."))
    return redirect("attendance:scan_typed")


@allow(Audience.STUDENT, methods=("POST",))
@once
def check_in(request):
    """Ik ben er."""
    arrival = _arrive(request, normalise_code(request.POST.get("code", "")[:40]))
    if arrival.failure:
        context = {
            "old_code": OLD_CODE if arrival.failure == ScanFailure.OLD_CODE else "",
            "too_often": TOO_OFTEN if arrival.failure == ScanFailure.TOO_OFTEN else "",
            "code_is_unknown": arrival.failure == ScanFailure.UNKNOWN_CODE,
            "by_company": arrival.failure == ScanFailure.BY_COMPANY,
            "needs_screen": arrival.failure == ScanFailure.NEEDS_SCREEN,
            "too_old": arrival.failure == ScanFailure.TOO_OLD,
        }
        return render(request, "attendance/scan_failed.html", context, status=422)
    if arrival.already and arrival.check_in:
        at = timezone.localtime(arrival.check_in.at)
        notice(request, _("Je was er al om %(time)s.") % {"time": f"{at:%H:%M}"}, tone="info")
    elif arrival.is_back:
        notice(request, _("Welkom terug. Je bent weer beter gemeld."))
    response = _you_are_in(request, arrival)
    if arrival.check_in and not arrival.already:
        one_browser.remember(request, response, arrival.check_in.date)
    return response


def _you_are_in(request, arrival: services.Arrival):
    """The page that says so: at once from what was just written, where it can take its own address.

    Elsewhere by way of that address, or going back would ask to send the form once more.
    """
    done = reverse("attendance:check_in_done")
    if arrival.chance is None or arrival.check_in is None or not has_script(request):
        return redirect(done)
    today = queries.today_of_arrival(arrival.chance, arrival.check_in)
    context = {"today": today, "lives_at": done}
    return taken(render(request, "attendance/check_in_done.html", context), done)


def _arrive(request, code: str) -> services.Arrival:
    """With a poster's code; or with a screen's, which was read a few minutes ago at most.

    What a phone typed without a network had no page in between, and so no ticket.
    """
    actor, ticket, at = request.actor, request.POST.get("ticket", ""), request.happened_at
    typed = request.POST.get("method") == CheckInMethod.TYPED
    method = CheckInMethod.TYPED if typed else CheckInMethod.POSTER
    seen_at = None
    if ticket:
        method = CheckInMethod.SCREEN
        seen_at = screens.location_of_ticket(ticket, actor=actor, at=at)
        if seen_at is None:
            return services.refuse(code, ScanFailure.OLD_CODE, actor=actor)
    elif at is not None and (read := screens.read_code(code, at)) and read.is_fresh:
        method, seen_at = CheckInMethod.SCREEN, read.location_id
    return services.scan(
        code,
        actor=actor,
        method=method,
        nonce=good_nonce(request.POST.get("nonce", "")),
        device_at=request.device_at or _moment(request.POST.get("device_at", "")),
        happened_at=at,
        seen_at=seen_at,
        shares_browser=one_browser.used_by_another(request, school_day(at or timezone.now())),
    )


@allow(Audience.STUDENT)
def check_in_done(request):
    """You are in: the time, and what comes next."""
    today = queries.today_of_student(request.actor)
    return render(request, "attendance/check_in_done.html", {"today": today, "lives_at": ""})


def _scanned_url() -> str:
    """Where posters lead, without their code: see `queue.js`."""
    return reverse("attendance:scan_open", args=["-"]).removesuffix("-/")


def _moment(text: str) -> datetime | None:
    """What the phone's clock said; nothing when it is no time with a zone."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None
