"""Groups: students who go on the same period, and what comes next for them."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.models import Campaign, GroupCompany
from placements.progress import NOTHING, STEP_OF, steps_of
from stage.core.enums import Audience
from stage.core.ui.confirm import confirm_removal
from stage.core.ui.filters import Filters, reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools import student_list
from stage.schools.filters import period
from stage.schools.forms.people import GroupForm
from stage.schools.models import Group, GroupStudent, Period, Student
from stage.schools.services import groups
from stage.web.progress import parts_of


class NewGroupFilters(Filters):
    """The period of a new group."""

    instead = ""
    period = period()


@allow(Audience.COORDINATOR, Audience.TEACHER)
def group_list(request):
    """All groups, those of the newest period first."""
    actor = request.actor
    rows = list(
        _groups(actor).annotate(students=Count("members")).order_by("-period__starts", "name", "pk")
    )
    asked = GroupCompany.objects.visible_to(actor).order_by().values("group")
    companies = dict(asked.annotate(n=Count("pk")).values_list("group", "n"))
    for group in rows:
        group.company_count = companies.get(group.pk, 0)
    context = {
        "groups": rows,
        "has_period": bool(rows) or Period.objects.visible_to(actor).exists(),
    }
    return render(request, "web/group_list.html", context)


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
@reads(NewGroupFilters)
def group_add(request):
    """A new group in a period."""
    initial = {"period": request.filters.shown["period"]}
    form = GroupForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            group = groups.add_group(data["period"], name=data["name"], actor=request.actor)
        except Conflict as error:
            form.add_error("name", str(error))
        else:
            notice(request, _("De groep staat erin. Kies nu de leerlingen."))
            return redirect("web:group_students", group.public_id)
    return form_page(request, "web/group_form.html", {"form": form})


@allow(Audience.COORDINATOR, Audience.TEACHER)
def group_show(request, public_id):
    """A group: how far everybody is, and the next step."""
    actor = request.actor
    group = _group(actor, public_id)
    members = list(
        GroupStudent.objects.by_name(actor)
        .filter(group=group)
        .select_related("student")
        .order_by("student__sort_name", "pk")
    )
    steps = steps_of(actor, {group.period_id})
    own = _own(actor, members)
    for member in members:
        step = steps.get((group.period_id, member.student_id), NOTHING)
        member.step = STEP_OF[step] if member.student_id in own else None
    context = {
        "group": group,
        "members": members,
        "parts": parts_of(
            group, Counter(m.step.key for m in members if m.step), linked=actor.is_coordinator
        ),
        "companies": GroupCompany.objects.visible_to(actor).filter(group=group).count(),
        "campaigns": Campaign.objects.visible_to(actor).filter(group=group).count(),
    }
    return render(request, "web/group_show.html", context)


def _own(actor, members: list[GroupStudent]) -> set[int]:
    """Whose step the actor may know: a teacher that of the students it guides."""
    rows = Student.objects.visible_to(actor).filter(pk__in=[m.student_id for m in members])
    return set(rows.values_list("pk", flat=True))


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
@reads(student_list.StudentFilters)
def group_students(request, public_id):
    """Choose the group's students by class; also takes them out (`action=remove`)."""
    actor = request.actor
    group = _group(actor, public_id)
    if request.method == "POST":
        rows = Student.objects.visible_to(actor)
        chosen = list(rows.filter(public_id__in=request.POST.getlist("row")))
        if request.POST.get("action") == "remove":
            count = groups.remove_students(group, chosen, actor=actor)
            notice(request, _("%(count)s leerlingen zijn uit de groep.") % {"count": count})
        else:
            count = groups.add_students(group, chosen, actor=actor)
            notice(request, _("%(count)s leerlingen staan erbij.") % {"count": count})
        return redirect("web:group_show", public_id)
    filters = request.filters
    rows = student_list.filtered(filters)
    rows = rows.exclude(pk__in=group.members.values("student_id"))
    chosen_class, text = filters.chosen["klas"], filters.chosen["q"]
    busy = Q(pk__in=GroupStudent.objects.filter(group__period=group.period_id).values("student_id"))
    context = {
        "group": group,
        "students": rows.exclude(busy)[:500] if chosen_class or text else [],
        "elsewhere": rows.filter(busy).count() if chosen_class else 0,
        "choices": student_list.choices(actor),
        "any_students": Student.objects.visible_to(actor).present().exists(),
        "filters": filters.shown,
    }
    return render(request, "web/group_students.html", context)


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def group_remove(request, public_id):
    """Remove a group that asked no company yet."""
    group = _group(request.actor, public_id)
    if request.method == "POST":
        groups.remove_group(group, actor=request.actor)
        notice(request, _("De groep is verwijderd."))
        return redirect("web:group_list")
    return confirm_removal(
        request,
        title=_("Groep %(name)s verwijderen?") % {"name": group.name},
        text=_("De leerlingen blijven; alleen de groep gaat weg."),
        back_url=reverse("web:group_show", args=[public_id]),
    )


def _groups(actor):
    return Group.objects.visible_to(actor).select_related("period")


def _group(actor, public_id: str) -> Group:
    return get_object_or_404(_groups(actor), public_id=public_id)
