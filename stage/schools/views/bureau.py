"""Colleagues of the region's bureau: invite, resend, end."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from stage.core.enums import Audience, Role
from stage.core.models import Membership, Region
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools.forms.regions import FirstPersonForm
from stage.schools.services import bureau, people


@allow(Audience.BUREAU)
def bureau_colleagues(request):
    """Everybody of the own bureau."""
    members = list(_colleagues(request.actor))
    waiting = people.not_accepted(members)
    for member in members:
        member.waiting = member.pk in waiting
    return render(request, "schools/bureau_colleagues.html", {"members": members})


@allow(Audience.BUREAU, methods=("GET", "POST"))
def bureau_colleague_invite(request):
    """Invite a colleague by e-mail."""
    form = FirstPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        region = Region.objects.get(pk=request.actor.scope.regions[0])
        try:
            bureau.invite_colleague(region, **form.cleaned_data, actor=request.actor)
        except Conflict as error:
            form.add_error("email", str(error))
        else:
            name = form.cleaned_data["name"]
            notice(request, _("De uitnodiging voor %(name)s is onderweg.") % {"name": name})
            return redirect("schools:bureau_colleagues")
    context = {"form": form, "list_url": reverse("schools:bureau_colleagues")}
    return form_page(request, "schools/staff_invite.html", context)


@allow(Audience.BUREAU, methods=("POST",))
def bureau_colleague_resend(request, public_id):
    """Mail the invitation once more."""
    member = get_object_or_404(_colleagues(request.actor), public_id=public_id)
    bureau.invite_colleague_again(member, actor=request.actor)
    notice(request, _("De uitnodiging voor %(name)s is weer onderweg.") % {"name": member.name})
    return redirect("schools:bureau_colleagues")


@allow(Audience.BUREAU, methods=("GET", "POST"))
def bureau_colleague_end(request, public_id):
    """Somebody leaves the bureau; asked once."""
    member = get_object_or_404(_colleagues(request.actor), public_id=public_id)
    back = reverse("schools:bureau_colleagues")
    if request.method == "POST":
        bureau.end_colleague(member, actor=request.actor)
        notice(request, _("%(name)s is weg bij het stagebureau.") % {"name": member.name})
        return redirect(back)
    context = {
        "title": _("Gaat %(name)s weg bij het stagebureau?") % {"name": member.name},
        "text": _("Inloggen voor het stagebureau kan dan niet meer. Het werk blijft bewaard."),
        "confirm_label": _("Haal weg"),
        "back_url": back,
    }
    return render(request, "ui/confirm_page.html", context)


def _colleagues(actor):
    rows = Membership.objects.visible_to(actor).active().filter(role=Role.BUREAU)
    return rows.select_related("region")
