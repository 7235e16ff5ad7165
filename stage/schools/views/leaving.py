"""A student leaves school, or comes back."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.ui import sections
from stage.core.ui.filters import Filters, Flag, reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools.forms.people import LeaveForm
from stage.schools.models import Student
from stage.schools.services import leaving


class LeaveFilters(Filters):
    """Whether a student comes back."""

    instead = ""
    terug = Flag()


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
@reads(LeaveFilters)
def student_leave(request, public_id):
    """A student leaves school, or comes back (`terug=1`, the undo of it)."""
    student = get_object_or_404(Student.objects.visible_to(request.actor), public_id=public_id)
    if request.filters.chosen["terug"] or student.leaving_on:
        return _back(request, student)
    form = LeaveForm(request.POST or None, initial={"on": school_today()})
    if request.method == "POST" and form.is_valid():
        try:
            left = leaving.student_leaves(student, **form.cleaned_data, actor=request.actor)
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            return _gone(request, left)
    context = {
        "form": form,
        "student": student,
        "sections": sections.fill("student_leave", request.actor, student),
    }
    return form_page(request, "schools/student_leave.html", context)


def _gone(request, student: Student):
    words = {"name": student.full_name}
    text = (
        _("%(name)s is van school. Inloggen kan niet meer.")
        if student.left_on
        else _("%(name)s gaat van school. Tot die dag kan inloggen nog.")
    )
    notice(request, text % words)  # the way back stands on the page, as long as there is one
    return redirect("schools:student_show", student.public_id)


def _back(request, student: Student):
    show_url = reverse("schools:student_show", args=[student.public_id])
    if not student.leaving_on:
        notice(request, _("%(name)s is leerling.") % {"name": student.full_name}, tone="info")
        return redirect(show_url)
    if request.method == "POST":
        _return(request, student)
        return redirect(show_url)
    text = (
        _("Niemand heeft nog bericht. Alles wordt weer zoals het was.")
        if student.leaving_can_be_undone
        else _(
            "Stages die stopten en sollicitaties die ingetrokken zijn, komen niet terug: koppel"
            " opnieuw. Voor inloggen is een nieuwe kaart nodig."
        )
    )
    return render(
        request,
        "ui/confirm_page.html",
        {
            "title": _("%(name)s blijft op school?") % {"name": student.full_name},
            "text": text,
            "confirm_label": _("Zet terug op school"),
            "back_url": show_url,
        },
    )


def _return(request, student: Student) -> None:
    words = {"name": student.full_name}
    try:
        if student.leaving_can_be_undone:
            leaving.undo_leaving(student, actor=request.actor)
            text = _("%(name)s is weer leerling. Niemand heeft bericht gekregen.")
        else:
            leaving.student_returns(student, actor=request.actor)
            text = _("%(name)s is weer leerling. Stages en sollicitaties komen niet terug.")
    except Conflict as conflict:
        notice(request, str(conflict), tone="wrong")
    else:
        notice(request, text % words)
