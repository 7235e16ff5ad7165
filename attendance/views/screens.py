"""A code on the company's screen: the device itself, and where it is made and withdrawn."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from attendance import services
from attendance.code_forms import PairForm, ScreenForm
from attendance.models import Screen
from attendance.services import screens
from attendance.views.company import only_proven
from companies.models import Location
from stage.core.enums import Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.qr import qr_data_uri
from stage.core.who.access import allow, public
from stage.core.who.codes import group_code
from stage.core.who.limits import Limit, source_of
from stage.core.who.policies import Conflict, NotAllowed

KEY_COOKIE = "stage_screen"
KEY_SECONDS = 400 * 24 * 3600  # as long as browsers keep one
PAIRINGS = Limit("screen-pair", amount=20, seconds=3600)


@public("a company's tablet has nobody logged in; it shows a code that counts for a minute")
def screen(request):
    """The code, large; or where the device is paired."""
    shown = screens.shown_by(request.COOKIES.get(KEY_COOKIE, ""))
    if shown is None:
        return render(request, "attendance/screen_pair.html", {"form": PairForm()})
    return _code_page(request, shown)


@public("the same device, which asks for its next code", methods=("POST",))
@transaction.non_atomic_requests
def screen_next(request):
    """The next code; the company's list then says when this screen was last seen."""
    shown = screens.shown_by(request.COOKIES.get(KEY_COOKIE, ""))
    if shown is None:
        return redirect("attendance:screen")
    screens.is_alive(shown)
    return _code_page(request, shown)


def _code_page(request, shown: screens.Shown):
    code = shown.code
    address = settings.SITE_URL + reverse("attendance:scan_open", args=[code])
    context = {
        "company": shown.company,
        "picture": qr_data_uri(address),
        "code": group_code(code, 3),
        "seconds": screens.seconds_left(),
    }
    return render(request, "attendance/screen.html", context)


@public("a device is paired by the code its company was shown", methods=("POST",))
@transaction.non_atomic_requests
def screen_pair(request):
    """Put a screen on this device. Nothing of a person is kept on it."""
    form = PairForm(request.POST)
    if form.is_valid():
        if not PAIRINGS.take(source_of(request)):
            form.add_error("code", _("Te vaak geprobeerd. Wacht een uur."))
        else:
            key = screens.pair(form.cleaned_data["code"])
            if key:
                return _remembered(redirect("attendance:screen"), key)
            form.add_error(
                "code", _("Deze code klopt niet, of is ouder dan een kwartier. Maak een nieuwe.")
            )
    return form_page(request, "attendance/screen_pair.html", {"form": form})


def _remembered(response, key: str):
    response.set_cookie(
        KEY_COOKIE,
        key,
        max_age=KEY_SECONDS,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _kept_locations(actor):
    """Where this person may put a screen: the companies it is contact of."""
    only_proven(actor)
    companies = {company for _school, company in actor.scope.reach.contact}
    if not companies:
        raise NotAllowed(_("Dit kan alleen de contactpersoon van het bedrijf."))
    return Location.objects.visible_to(actor).filter(company__in=companies)


@allow(Audience.COMPANY, methods=("GET", "POST"))
def screen_list(request):
    """The screens of a company: which, where, when last seen; and a new one."""
    actor = request.actor
    form = ScreenForm(request.POST or None, locations=_kept_locations(actor))
    if request.method == "POST" and form.is_valid():
        services.make_screen(form.cleaned_data["location"], form.cleaned_data["name"], actor=actor)
        notice(request, _("Typ nu op het scherm de code die hieronder staat."))
        return redirect("attendance:screen_list")
    rows = Screen.objects.visible_to(actor).standing().select_related("location")
    context = {
        "form": form,
        "address": settings.SITE_URL.partition("://")[2] + reverse("attendance:screen"),
        "rows": [(row, screens.pairing_code(row) if row.is_waiting else "") for row in rows],
    }
    return form_page(request, "attendance/screen_list.html", context)


@allow(Audience.COMPANY, methods=("POST",))
def screen_withdraw(request, public_id):
    """This device shows no code any more."""
    _kept_locations(request.actor)
    row = get_object_or_404(Screen.objects.visible_to(request.actor), public_id=public_id)
    try:
        services.withdraw_screen(row, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        notice(request, _("Ingetrokken. De code op dat scherm telt niet meer."))
    return redirect("attendance:screen_list")
