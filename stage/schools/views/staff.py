"""Colleagues: invite, change, resend, and leave with all students handed over in one step."""

from __future__ import annotations

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from stage.core.enums import Audience
from stage.core.models import Membership, School
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools.enums import GuideKind
from stage.schools.forms.people import HandOverForm, InviteForm, StaffForm
from stage.schools.models import Guides, StandIn, Student
from stage.schools.services import people


@allow(Audience.COORDINATOR)
def staff_list(request):
    """Everybody who works with stage at the school, and how many students each has."""
    actor = request.actor
    members = list(staff_of(actor))
    waiting = people.not_accepted(members)
    mentored = _counts(Student.objects.visible_to(actor).present(), "mentor_id")
    guided = _counts(
        Guides.objects.visible_to(actor).filter(kind=GuideKind.TEACHER).now(), "who_id"
    )
    away = {
        row.absent_id: row
        for row in StandIn.objects.visible_to(actor).now().select_related("stand_in")
    }
    for member in members:
        member.away = away.get(member.pk)
        member.waiting = member.pk in waiting
        member.students = mentored.get(member.pk, 0)
        member.placements = guided.get(member.pk, 0)
    return render(request, "schools/staff_list.html", {"members": members})


def _counts(rows, column: str) -> dict[int, int]:
    found = rows.order_by().exclude(**{column: None}).values(column)
    return dict(found.annotate(n=Count("pk")).values_list(column, "n"))


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def staff_invite(request):
    """Invite a colleague by e-mail."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        school = School.objects.get(pk=request.actor.school_id)
        try:
            people.invite_staff(school, **form.cleaned_data, actor=request.actor)
        except Conflict as error:
            form.add_error("email", str(error))
        else:
            name = form.cleaned_data["name"]
            notice(request, _("De uitnodiging voor %(name)s is onderweg.") % {"name": name})
            return redirect("schools:staff_list")
    context = {"form": form, "list_url": reverse("schools:staff_list")}
    return form_page(request, "schools/staff_invite.html", context)


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def staff_edit(request, public_id):
    """Name, abbreviation and role of a colleague."""
    member = get_object_or_404(staff_of(request.actor), public_id=public_id)
    initial = {"name": member.name, "abbreviation": member.abbreviation, "role": member.role}
    form = StaffForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            people.change_staff(member, **form.cleaned_data, actor=request.actor)
        except Conflict as error:
            form.add_error("role", str(error))
        else:
            notice(request, _("De gegevens zijn bewaard."))
            return redirect("schools:staff_list")
    rows = StandIn.objects.visible_to(actor := request.actor).open()
    rows = rows.select_related("absent", "stand_in")
    context = {
        "form": form,
        "member": member,
        "waiting": people.not_accepted([member]),
        "away": [_line(row, actor) for row in rows.of(member.pk)],
        "covers": rows.by(member.pk),
    }
    return form_page(request, "schools/staff_edit.html", context)


def _line(row: StandIn, actor) -> dict:
    """A stand-in, and the names of whom it is for where it is not for all."""
    chosen = Student.objects.visible_to(actor).filter(pk__in=row.chosen).order_by("sort_name", "pk")
    return {"row": row, "students": ", ".join(s.full_name for s in chosen)}


@allow(Audience.COORDINATOR, methods=("POST",))
def staff_resend(request, public_id):
    """Mail the invitation once more."""
    member = get_object_or_404(staff_of(request.actor), public_id=public_id)
    people.invite_again(member, actor=request.actor)
    notice(request, _("De uitnodiging voor %(name)s is weer onderweg.") % {"name": member.name})
    return redirect("schools:staff_list")


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def staff_end(request, public_id):
    """A colleague leaves; all students go to one other colleague, in the same step."""
    actor = request.actor
    member = get_object_or_404(staff_of(actor), public_id=public_id)
    held = people.held_by(member)
    form = HandOverForm(
        request.POST or None,
        colleagues=staff_of(actor).exclude(pk=member.pk),
        needed=bool(held),
    )
    if request.method == "POST" and form.is_valid():
        try:
            people.end_staff(member, to=form.cleaned_data["to"], actor=actor)
        except Conflict as error:
            form.add_error(None, str(error))
        else:
            notice(request, _("%(name)s is van school.") % {"name": member.name})
            return redirect("schools:staff_list")
    context = {
        "form": form,
        "member": member,
        "mentored": held.mentored,
        "guided": held.guided,
        "elsewhere": held.elsewhere,
        "covers": StandIn.objects.visible_to(actor).open().by(member.pk).select_related("absent"),
    }
    return form_page(request, "schools/staff_end.html", context)


def staff_of(actor):
    """Who works at the actor's school with stage."""
    rows = Membership.objects.visible_to(actor).active().staff()
    return rows.filter(~Q(name="") | ~Q(email=""))
