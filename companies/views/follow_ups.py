"""Opvolgen: what is to be done at which company, overdue first; done, moved, taken back."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies import policies, relating, services
from companies.enums import FollowUpState
from companies.filters import FollowUpFilters
from companies.forms.relations import FollowUpForm, HandOverForm
from companies.models import CompanyOwner, Contact, FollowUp
from companies.services.relations import colleagues
from companies.views.common import STAFF, allowed_or_403
from companies.views.relations import LEADS
from stage.core.models import Membership
from stage.core.ui.back import next_of
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.ui.parts import render_page
from stage.core.who.access import allow
from stage.core.who.policies import Conflict

RELATED = ("school", "company__merged_into")


@allow(*STAFF)
@reads(FollowUpFilters, kept_as=gettext_lazy("Opvolgen"))
def follow_up_list(request):
    filters = request.filters
    rows = filters.narrow(FollowUp.objects.own(request.actor)).select_related(*RELATED)
    with_people = Prefetch("company__contacts", Contact.objects.active().exclude(telephone=""))
    page = page_of(rows.prefetch_related(with_people), filters)
    relating.name(page.object_list, request.actor)
    for row in page:
        row.contact = next(iter(row.company.contacts.all()), None)
        row.number = row.company.stays.telephone or (row.contact.telephone if row.contact else "")
    context = {
        "page_obj": page,
        "filters": filters.shown,
        "is_filtered": filters.is_on,
        "may_lead": not request.actor.is_teacher,
        "here": request.get_full_path(),
    }
    return render_page(request, "companies/follow_up_list.html", context)


def _own(request, public_id: str) -> FollowUp:
    rows = FollowUp.objects.own(request.actor).select_related("company__merged_into", "who")
    return get_object_or_404(rows, public_id=public_id)


def _back(request) -> str:
    return next_of(request, reverse("companies:follow_up_list"))


def _close(request, public_id: str, state: str, said: str):
    row = _own(request, public_id)
    try:
        services.close_follow_up(row, state, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        undo = reverse("companies:follow_up_reopen", args=[row.public_id])
        notice(request, said % {"name": row.company.stays.name}, undo_url=undo)
    return redirect(_back(request))


@allow(*STAFF, methods=("POST",))
def follow_up_done(request, public_id):
    return _close(request, public_id, FollowUpState.DONE, _("Gedaan: %(name)s."))


@allow(*STAFF, methods=("POST",))
def follow_up_withdraw(request, public_id):
    return _close(request, public_id, FollowUpState.WITHDRAWN, _("Teruggenomen: %(name)s."))


@allow(*STAFF, methods=("POST",))
def follow_up_reopen(request, public_id):
    """Closed by mistake."""
    row = _own(request, public_id)
    services.reopen_follow_up(row, actor=request.actor)
    notice(request, _("%(name)s staat weer open.") % {"name": row.company.stays.name})
    return redirect(_back(request))


@allow(*STAFF, methods=("GET", "POST"))
def follow_up_edit(request, public_id):
    """Another day, other words, somebody else."""
    row, actor = _own(request, public_id), request.actor
    start = {"text": row.text, "due": row.due, "who": row.who.public_id}
    form = FollowUpForm(request.POST or None, people=colleagues(actor), actor=actor, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_follow_up(row, **form.cleaned_data, actor=actor)
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            notice(request, _("De wijzigingen zijn bewaard."))
            return redirect(_back(request))
    context = {"form": form, "row": row, "back_url": _back(request)}
    return form_page(request, "companies/follow_up_edit.html", context)


@allow(*LEADS, methods=("GET", "POST"))
def hand_over(request):
    """All companies and tasks of one colleague go to another, in one step."""
    actor = request.actor
    people = colleagues(actor)
    form = HandOverForm(request.POST or None, holders=_holders(actor), people=people)
    if request.method == "POST" and form.is_valid():
        who, to = form.cleaned_data["who"], form.cleaned_data["to"]
        allowed_or_403(policies.may_lead, actor, who)
        try:
            moved = services.hand_over_all(who, to, actor=actor)
        except Conflict as conflict:
            form.add_error("to", str(conflict))
        else:
            words = {"n": moved, "name": to.name}
            notice(request, _("%(name)s nam er %(n)s over.") % words)
            return redirect("companies:follow_up_list")
    return form_page(request, "companies/hand_over.html", {"form": form})


def _holders(actor):
    """Who keeps a company or has something to do, also where that person left already."""
    of_side = Q(school_id=actor.school_id, region__in=actor.scope.regions)
    owns = CompanyOwner.objects.filter(of_side, who=OuterRef("pk"))
    waits = FollowUp.objects.open().filter(of_side, who=OuterRef("pk"))
    rows = Membership.objects.visible_to(actor)
    return rows.filter(Exists(owns) | Exists(waits)).order_by("name", "pk")
