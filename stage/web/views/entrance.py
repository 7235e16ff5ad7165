"""The front door: who are you, and out again; the switch between one's roles."""

from __future__ import annotations

from django.conf import settings as django_settings
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from stage.core.enums import Audience, Role
from stage.core.record import audit
from stage.core.ui import language
from stage.core.ui.back import next_of, page_before
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who import accounts, identities, links
from stage.core.who.access import allow, public
from stage.core.who.limits import Limit, give_back_all, source_of, take_all
from stage.schools.models import RegionSettings, SchoolSettings
from stage.web.forms.entrance import StudentLoginForm, WayInForm

WAYS_IN = Limit("way-in", amount=20, seconds=3600)
WRONG_PER_NAME = Limit("student-name", amount=10, seconds=600)
# A whole class stands behind one address of the school's network.
WRONG_PER_ADDRESS = Limit("student-address", amount=60, seconds=600)

EXPLANATIONS = {
    Audience.STUDENT: "web/explanation_student.html",
    Audience.GUARDIAN: "web/explanation_guardian.html",
    Audience.COMPANY: "web/explanation_company.html",
    Audience.COORDINATOR: "web/explanation_coordinator.html",
    Audience.TEACHER: "web/explanation_teacher.html",
    Audience.BUREAU: "web/explanation_bureau.html",
}
EXPLAINED_SECONDS = 365 * 24 * 3600
PEOPLE_WITH_LOGIN = tuple(str(role) for role in Role)


@public("the front door")
def login(request):
    """Three ways in; who is in already goes on."""
    target = next_of(request, "")
    if request.actor is not None:
        return redirect(target or "web:home")
    return render(request, "web/login.html", {"next": target})


@public("students log in here", methods=("GET", "POST"))
@transaction.non_atomic_requests
def student_login(request):
    """A student with an own username and password."""
    form = StudentLoginForm(request.POST or None)
    target = next_of(request, "")
    context = {"form": form, "next": target}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "web/student_login.html", context)
    name, source = form.cleaned_data["username"], source_of(request)
    tries = ((WRONG_PER_NAME, name), (WRONG_PER_ADDRESS, source))
    if not take_all(*tries):
        form.add_error(None, _("Er is te vaak geprobeerd. Wacht tien minuten en probeer opnieuw."))
        return render(request, "web/student_login.html", context, status=429)
    membership = accounts.student_with_password(name, form.cleaned_data["password"])
    if membership is None:
        form.add_error(
            None,
            _(
                "Deze gebruikersnaam en dit wachtwoord horen niet bij elkaar."
                " Weet je het niet meer? Vraag op school om een nieuwe inlogkaart."
            ),
        )
        return form_page(request, "web/student_login.html", context)
    give_back_all(*tries)
    accounts.log_in(request, membership, method="password")
    return redirect(target or "web:home")


@public("company people and parents ask for their link", methods=("GET", "POST"))
@transaction.non_atomic_requests
def link_ask(request):
    """Mail a link to a known address; the answer is the same for an unknown one."""
    form = WayInForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "web/link_ask.html", {"form": form})
    if not WAYS_IN.take(source_of(request)):
        form.add_error(
            None, _("Er is te vaak om een link gevraagd. Probeer het over een uur weer.")
        )
        return render(request, "web/link_ask.html", {"form": form}, status=429)
    identities.mail_way_in(form.cleaned_data["email"])
    return redirect("web:link_asked")


@public("says that mail is on its way, to anybody alike")
def link_asked(request):
    """What happens next, without saying whether the address is known."""
    return render(request, "web/link_asked.html")


@public("anybody may leave", methods=("POST",))
def log_out(request):
    """End the session and forget the device."""
    secret = request.COOKIES.get(links.DEVICE_COOKIE, "")
    if secret:
        links.forget_device(secret)
    accounts.log_out(request)
    notice(request, _("U bent uitgelogd.") if secret else _("Je bent uitgelogd."))
    response = redirect("web:login")
    response.delete_cookie(links.DEVICE_COOKIE, samesite="Lax")
    return response


@public("anybody may choose what to read in", methods=("POST",))
def language_choose(request):
    """Choose the language, on this device and for the mails, and go on with the same page."""
    wanted = request.POST.get("language", "")
    response = redirect(page_before(request))
    if language.is_offered(wanted):
        language.choose(wanted, actor=request.actor)
        language.keep_on_device(response, wanted)
    return response


@allow(*PEOPLE_WITH_LOGIN, methods=("GET", "POST"))
def role_switch(request):
    """Choose in which of one's own roles to go on."""
    rows = getattr(request, "memberships", [])
    if request.method == "GET":
        current = request.actor.membership
        return render(request, "web/role_switch.html", {"rows": rows, "current": current})
    wanted = request.POST.get("membership", "")
    found = identities.choose_membership(request, int(wanted)) if wanted.isdecimal() else None
    if found is None:
        notice(request, _("Deze rol heb je niet. Kies een rol uit de lijst."), tone="wrong")
        return redirect("web:role_switch")
    audit.record(request.actor, "role_switched", fields=("membership",))
    return redirect("web:home")


@allow(*EXPLANATIONS)
def explanation(request):
    """How it works, for who is here for the first time; again from the menu or foot of a page."""
    actor = request.actor
    go_on = next_of(request, reverse("web:home"))
    context: dict[str, object] = {"own": _own_words(actor), "go_on": go_on}
    if actor.is_company:
        # Who guides only never answers a school: that part comes second.
        context["guides_only"] = not (actor.scope.reach.contact or actor.scope.reach.signatory)
    return render(request, EXPLANATIONS[actor.role], context)


def _own_words(actor) -> list[str]:
    """What the region says to companies, and the school to its students."""
    found: list[str] = []
    if actor.is_company:
        rows = RegionSettings.objects.visible_to(actor).filter(region__in=actor.scope.regions)
        found = [row.company_explanation for row in rows.order_by("region__name", "pk")]
    elif actor.is_student:
        found = [SchoolSettings.objects.of(actor.school_id).student_explanation]
    return [text for text in found if text]


@allow(Audience.COORDINATOR, Audience.TEACHER, Audience.BUREAU, Audience.COMPANY, methods=("POST",))
def explanation_seen(request):
    """Put the first explanation away on this device; it stays under "Uitleg"."""
    response = redirect("web:home")
    response.set_cookie(
        explained_cookie(request.actor),
        "1",
        max_age=EXPLAINED_SECONDS,
        secure=django_settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def explained_cookie(actor) -> str:
    """Name of the cookie that remembers that a role's first explanation was put away."""
    return f"explained_{actor.role}"
