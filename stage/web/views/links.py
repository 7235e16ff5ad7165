"""People without an account: a mailed link, a mailed code, and on to what it is about.

Opening a link changes nothing and lets nobody in: mail scanners open links.
"""

from __future__ import annotations

from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from stage.core import mail
from stage.core.enums import PersonKind
from stage.core.tenants.tenancy import use
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who import accounts, links
from stage.core.who.access import public
from stage.core.who.limits import Limit, source_of
from stage.schools.ended import page_of_ended_school
from stage.schools.services import guardians
from stage.web.forms.entrance import CodeForm, FirstPasswordForm, FirstUseForm

STAFF_INVITATION = "staff_invitation"
UNKNOWN_LINKS = Limit("unknown-link", amount=60, seconds=600)
REASON = "a mailed link; shows no student and lets nobody in"


def with_link(view):
    """Give the view the link and its person; what cannot go on with a code is answered here."""

    @wraps(view)
    def found(request, token):
        link = None
        if not UNKNOWN_LINKS.reached(source_of(request)):
            link = links.find_link(token)
        person = links.person_of_link(link) if link else None
        if link is None or person is None:
            UNKNOWN_LINKS.take(source_of(request))
            return render(request, "web/link_unknown.html", status=404)
        if (ended := page_of_ended_school(request, link)) is not None:
            return ended
        if _goes_straight(link):
            return redirect(links.destination(link))
        if person.stopped:
            return _stopped(request, link)
        if links.is_expired(link) and view.__name__ != "link_renew":
            return render(
                request,
                "web/link_expired.html",
                {"token": token, "masked": links.masked(person.email) if person.email else ""},
                status=410,
            )
        return view(request, token, link, person)

    return found


def _stopped(request, link):
    """Whoever reads this mailbox did not know the child's birthday: the school has to look."""
    with use(links.scope_of_link(link)):
        sender = mail.sender_of(school_id=link.school_id, region_id=link.region_id)
    return render(request, "web/link_stopped.html", {"sender": sender}, status=403)


def _goes_straight(link) -> bool:
    """No code: a page that needs none, or somebody with a log-in, which that page asks for."""
    if not links.purpose_of(link).needs_code:
        return True
    has_login = link.person_kind in (PersonKind.MEMBERSHIP, PersonKind.STUDENT)
    return has_login and link.purpose != STAFF_INVITATION


def _is_known(request, person) -> bool:
    """Whether this browser already proved to be this very person."""
    actor = request.actor
    if actor is None or not actor.proven or actor.kind != person.kind:
        return False
    if person.kind == PersonKind.CONTACT:
        return actor.email.lower() == person.email.lower()
    return person.kind == PersonKind.GUARDIAN and actor.id == person.id


def _page(request, token, link, person, **extra) -> dict:
    return {
        "token": token,
        "person": person,
        "masked": links.masked(person.email) if person.email else "",
        "sender": link.school.name if link.school_id else _("het stagebureau"),
        "about": links.purpose_of(link).label,
        "other_login": request.user.is_authenticated,
        "of_company": link.person_kind == PersonKind.CONTACT,
        **extra,
    }


@public(REASON, methods=("GET", "POST"))
@with_link
def link_open(request, token, link, person):
    """GET says for whom and about what; POST mails a code. A known device goes straight on."""
    if request.method == "GET" and _is_known(request, person):
        return redirect(links.destination(link))
    if request.method == "GET" or not person.email:
        return render(request, "web/link_open.html", _page(request, token, link, person))
    return _mail_code(request, token, link, person)


@public(REASON, methods=("POST",))
@with_link
def code_resend(request, token, link, person):
    """Mail another code."""
    return _mail_code(request, token, link, person)


def _mail_code(request, token, link, person):
    key = links.browser_key(request) or links.new_browser_key()
    source = source_of(request)
    purpose = links.code_purpose(link)
    if not links.ask_code(
        person, region_id=link.region_id, purpose=purpose, browser=key, source=source
    ):
        context = _page(request, token, link, person, too_many=True)
        return render(request, "web/link_open.html", context, status=429)
    notice(
        request,
        _("De code is onderweg naar %(address)s.") % {"address": links.masked(person.email)},
    )
    response = redirect("web:link_code", token)
    _set_cookie(response, links.BROWSER_COOKIE, key, 60 * 60)
    return response


@public(REASON, methods=("GET", "POST"))
@with_link
def link_code(request, token, link, person):
    """The eight digits; right ones make this browser the person's. A guardian's first time asks
    the child's birthday too."""
    first_use = guardians.asks_birthday(person)
    form = (FirstUseForm if first_use else CodeForm)(request.POST or None)
    context = _page(request, token, link, person, form=form, first_use=first_use)
    if request.method == "GET":
        return render(request, "web/link_code.html", context)
    if form.is_valid():
        answer = _check(request, link, person, form, first_use)
        if answer.right:
            return _come_in(request, link, person, long=form.cleaned_data["remember"])
        if answer.stopped:
            return _stopped(request, link)
        form.add_error(None if first_use else "code", _wrong(answer.tries_left, first_use))
        context["ended"] = answer.tries_left == 0
    return form_page(request, "web/link_code.html", context)


def _check(request, link, person, form, first_use: bool) -> links.CodeAnswer:
    asked = {
        "purpose": links.code_purpose(link),
        "browser": links.browser_key(request),
        "typed": form.cleaned_data["code"],
    }
    if not first_use:
        return links.check_code(person, **asked)
    day, month = form.cleaned_data["day"], form.cleaned_data["month"]
    return guardians.check_first_use(person, **asked, day=day, month=month)


def _wrong(tries_left: int, first_use: bool) -> str:
    """What to do now. Never which of code and birthday was wrong: that would help a stranger."""
    if not tries_left:
        return _("Deze code werkt niet meer. Vraag hieronder een nieuwe code.")
    if first_use:
        text = _("De code of de verjaardag klopt niet. U kunt nog %(count)s keer proberen.")
    else:
        text = _("Deze code klopt niet. U kunt nog %(count)s keer proberen.")
    return text % {"count": tries_left}


def _come_in(request, link, person, *, long: bool):
    if person.kind == PersonKind.MEMBERSHIP:
        accounts.welcome(request, person.id)
        return redirect("web:staff_welcome")
    # A company goes straight to what its mail was about; what explains stands on its home. So does
    # who signs: that page says what it is, and the explanation would stand between code and text.
    straight = person.kind == PersonKind.CONTACT or links.purpose_of(link).proves
    first_time = not straight and not links.has_device(person)
    earlier = request.COOKIES.get(links.DEVICE_COOKIE, "")
    if earlier:
        links.forget_device(earlier)
    if request.user.is_authenticated:
        accounts.log_out(request)
    secret, lasts = links.remember_device(person, long=long)
    url = links.destination(link)
    if first_time:
        url = f"{reverse('web:explanation')}?{urlencode({'next': url})}"
    response = redirect(url)
    _set_cookie(response, links.DEVICE_COOKIE, secret, int(lasts.total_seconds()))
    return response


def _set_cookie(response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


@public(REASON, methods=("POST",))
@with_link
def link_renew(request, token, link, person):
    """Mail a fresh link to the address known now; never shows the link itself."""
    links.send_new_link(link)
    return redirect("web:link_asked")


@public("only with a code just proven in this browser", methods=("GET", "POST"))
def staff_welcome(request):
    """An invited member of staff chooses a password and is in."""
    membership = accounts.welcomed(request)
    if membership is None:
        return render(request, "web/link_unknown.html", status=404)
    if membership.user.has_usable_password():
        return render(request, "web/staff_known.html", {"membership": membership})
    form = FirstPasswordForm(request.POST or None)
    context = {"form": form, "membership": membership}
    if request.method == "GET" or not form.is_valid():
        return form_page(request, "web/staff_welcome.html", context)
    if not accounts.set_first_password(request, membership, form.cleaned_data["password"]):
        return render(request, "web/staff_known.html", context)
    if membership.role in settings.SECOND_FACTOR_ROLES:
        return redirect("mfa_activate_totp")
    return redirect("web:home")
