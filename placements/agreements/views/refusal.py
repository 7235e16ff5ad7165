"""Not signing: said by a party, taken back by it, talked about by the school."""

from __future__ import annotations

from django.core import signing as signed
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.school_line import line_of
from placements.agreements import policies
from placements.agreements.enums import RefusalKind
from placements.agreements.forms import RefusalForm, SettleForm
from placements.agreements.models import SigningRefusal
from placements.agreements.services import refusing
from placements.agreements.views.common import find, frame
from stage.core.enums import Audience, PersonKind
from stage.core.tenants.tenancy import scope_at, use
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who import links
from stage.core.who.access import allow, public
from stage.core.who.policies import Conflict, require
from stage.schools.models import Guardian

WHO = (Audience.STUDENT, Audience.GUARDIAN, Audience.COMPANY)
SALT = "agreements.stranger"


@allow(*WHO, methods=("GET", "POST"))
def agreement_refuse(request, public_id):
    """ "I do not want to sign": asked once, told to the school, cancels nothing."""
    return _refuse(request, public_id, RefusalKind.UNWILLING)


@allow(Audience.GUARDIAN, methods=("GET", "POST"))
def agreement_stranger(request, public_id):
    """ "This is not my child": no mail about it any more, and nothing of it to see."""
    return _refuse(request, public_id, RefusalKind.STRANGER)


def _refuse(request, public_id, kind):
    agreement = find(request, public_id)
    is_stranger = kind == RefusalKind.STRANGER
    sent = request.POST if request.method == "POST" else None  # also with nothing typed
    form = RefusalForm(sent, asked=not is_stranger)
    if request.method == "POST" and form.is_valid():
        return _tell(request, agreement, kind, form.cleaned_data["words"])
    context = {
        **frame(request, agreement),
        "form": form,
        "is_stranger": is_stranger,
        "school_line": line_of(agreement),
    }
    return form_page(request, "agreements/refuse.html", context)


def _tell(request, agreement, kind, words):
    try:
        row = refusing.refuse(agreement, kind=kind, words=words, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
        return redirect("agreements:agreement_show", agreement.public_id)
    if kind == RefusalKind.STRANGER:
        return redirect("agreements:stranger_told", told_token(row))
    # What happens now stands in the callout of the page itself.
    return redirect("agreements:agreement_open", agreement.public_id)


def told_token(row: SigningRefusal) -> str:
    """What names this report in the address of the page that thanks for it."""
    return signed.dumps([row.school_id, row.pk], salt=SALT)


@allow(*WHO, methods=("POST",))
def refusal_withdraw(request, public_id):
    """Sign after all: what was said is taken back."""
    agreement = find(request, public_id)
    if refusing.withdraw(agreement, actor=request.actor):
        notice(request, _("Teruggenomen. Lees de tekst en teken."))
    return redirect("agreements:agreement_open", agreement.public_id)


@public(
    'after "this is not my child" nobody is known any more: names no child, and takes back only'
    " in the browser that said so",
    methods=("GET", "POST"),
)
def stranger_told(request, token):
    """Thanks, what happens now, and the way back for who pressed by mistake."""
    try:
        school_id, number = signed.loads(token, salt=SALT, max_age=links.LINK_DAYS * 86400)
    except signed.BadSignature as error:
        raise Http404 from error
    with use(scope_at(school_id, 0)):
        rows = SigningRefusal.objects.filter(kind=RefusalKind.STRANGER)
        row = get_object_or_404(rows, pk=number)
        if request.method == "POST" and _is_that_browser(request, row):
            refusing.withdraw_stranger(row)
            return redirect("web:home")
        mine = _is_that_browser(request, row)
        context = {
            # Whom to call is for who was mailed, not for whoever holds this address.
            "school_line": line_of(row) if mine else None,
            "may_take_back": mine and row.is_open,
            "is_open": row.is_open,
        }
    return render(request, "agreements/stranger_told.html", context)


def _is_that_browser(request, row: SigningRefusal) -> bool:
    """Whether this browser proved to be the guardian that said so, at the same address still."""
    secret = request.COOKIES.get(links.DEVICE_COOKIE, "")
    device = links.device_of(secret) if secret else None
    if device is None or device.person_kind != PersonKind.GUARDIAN:
        return False
    guardian = Guardian.objects.filter(pk=row.person_id, email__iexact=device.email)
    return device.person_id == row.person_id and guardian.exists()


@allow(Audience.COORDINATOR, Audience.TEACHER, methods=("GET", "POST"))
def refusal_settle(request, public_id):
    """What was said, whom to call, and what came of it."""
    rows = SigningRefusal.objects.visible_to(request.actor)
    related = ("agreement__company", "agreement__placement", "student", "settled_by")
    row = get_object_or_404(rows.select_related(*related), public_id=public_id)
    require(policies.may_settle, request.actor, row)
    form = SettleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            refusing.settle(row, note=form.cleaned_data["note"], actor=request.actor)
        except Conflict as conflict:
            notice(request, str(conflict), tone="attention")
        else:
            notice(request, _("Bewaard. Tekenen kan nog steeds."))
        return redirect("agreements:agreement_show", row.agreement.public_id)
    guardian = None
    if row.person_kind == PersonKind.GUARDIAN:
        guardian = Guardian.objects.visible_to(request.actor).filter(pk=row.person_id).first()
    context = {
        "row": row,
        "form": form,
        "guardian": guardian,
        "back_url": reverse("agreements:agreement_show", args=[row.agreement.public_id]),
    }
    return form_page(request, "agreements/refusal.html", context)
