"""A student logs in with a printed card, and chooses a way to log in next time."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from stage.core.enums import Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.qr import qr_data_uri
from stage.core.who import accounts
from stage.core.who.access import allow, public
from stage.core.who.limits import Limit, source_of
from stage.core.who.phones import look_for_phones
from stage.schools.services import cards
from stage.web.forms.entrance import CardForm, ChoosePasswordForm

# Wrong tries only: a whole class logs in from one address of the school.
WRONG_CARDS = Limit("card", amount=40, seconds=600)
# A code for a next phone.
PASSED_ON = Limit("pass_on", amount=6, seconds=600)
REASON = "a login card is for who is not logged in yet"


@public(REASON, methods=("GET", "POST"))
@transaction.non_atomic_requests
def card_open(request, code):
    """The address in a card's QR: the code is filled in, the birthday is asked."""
    return _card(request, code)


@public(REASON, methods=("GET", "POST"))
@transaction.non_atomic_requests
def card_typed(request):
    """The same with the code typed over."""
    return _card(request, "")


def _card(request, code):
    form = CardForm(request.POST or None, initial={"code": code})
    if request.method != "POST":
        return _card_page(request, form, code)
    status = 422
    if form.is_valid():
        source = source_of(request)
        if not WRONG_CARDS.take(source):
            form.add_error(None, _("Er is te vaak geprobeerd. Wacht tien minuten."))
            status = 429
        else:
            with transaction.atomic():  # a card is used up by who gets in, and only then
                used = cards.redeem(**form.cleaned_data)
                welcome = _welcome(request, used) if used else None
            if welcome is not None:
                WRONG_CARDS.give_back(source)
                return welcome
            form.add_error(
                None,
                _(
                    "Deze kaart werkt niet met deze verjaardag. Kijk of alles klopt."
                    " Lukt het niet? Vraag op school om een nieuwe kaart."
                ),
            )
    return _card_page(request, form, code, status=status)


def _card_page(request, form, code, *, status=200):
    context = {"form": form, "from_qr": bool(code), "who": cards.passes_on_to(code)}
    return render(request, "web/card.html", context, status=status)


def _welcome(request, used: cards.Redeemed):
    accounts.log_in(request, used.membership, method="card")
    if not used.by_card:
        return redirect("web:home")
    request.session[accounts.FRESH_CARD_KEY] = True
    return redirect("web:password_choose")


@public("who cannot log in reads here what to do")
def password_lost(request):
    """Forgotten: the ways back in, also on a Saturday night."""
    return render(request, "web/password_lost.html", {"minutes": cards.PASS_ON_MINUTES})


@allow(Audience.STUDENT, methods=("GET", "POST"))
def phone_add(request):
    """A code to log in on a next phone, shown once; the one who holds this phone is logged in."""
    context: dict[str, object] = {"minutes": cards.PASS_ON_MINUTES}
    if request.method == "POST":
        if not PASSED_ON.take(str(request.actor.student_id)):
            notice(request, _("Wacht tien minuten en probeer het dan opnieuw."), tone="attention")
            return redirect("web:phone_add")
        code = cards.pass_on(request.actor)
        look_for_phones(request)
        address = settings.SITE_URL + reverse("web:card_open", args=[code])
        site = settings.SITE_URL.partition("://")[2] + reverse("web:card_typed")
        context |= {"code": code, "qr": qr_data_uri(address), "site": site}
    return render(request, "web/phone_add.html", context)


@allow(Audience.STUDENT, methods=("GET", "POST"))
def password_choose(request):
    """An own username and password for the next time, or not now."""
    fresh = bool(request.session.get(accounts.FRESH_CARD_KEY))
    ask_old = request.user.has_usable_password() and not fresh
    form = ChoosePasswordForm(request.POST or None, ask_old=ask_old)
    context = {"form": form, "fresh": fresh, "skip_url": _start_url(fresh)}
    if request.method == "POST" and form.is_valid() and _is_chosen(request, form, ask_old):
        notice(request, _("Gelukt. Onthoud je gebruikersnaam en je wachtwoord goed."))
        return redirect(_start_url(fresh))
    return form_page(request, "web/password_choose.html", context)


def _is_chosen(request, form, ask_old: bool) -> bool:
    if ask_old and not accounts.is_password(request.actor, form.cleaned_data["old"]):
        form.add_error("old", _("Dit is niet je wachtwoord van nu."))
        return False
    try:
        accounts.choose_password(
            request,
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
            actor=request.actor,
        )
    except ValidationError as error:
        form.add_error("username", error)
        return False
    return True


def _start_url(fresh: bool) -> str:
    return reverse("web:explanation") if fresh else reverse("web:home")
