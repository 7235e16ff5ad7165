"""A colleague is away for a while: who takes the part, prolonging it, and back again."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from stage.core.enums import Audience
from stage.core.models import Membership
from stage.core.ui.dates import period_words
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools.forms.stand_ins import ProlongForm, StandInForm
from stage.schools.models import StandIn
from stage.schools.services import stand_ins
from stage.schools.views.staff import staff_of


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def stand_in_begin(request, public_id):
    """Somebody takes a colleague's part until a day."""
    member = get_object_or_404(staff_of(request.actor), public_id=public_id)
    students = stand_ins.students_of(member)
    form = StandInForm(
        request.POST or None,
        colleagues=staff_of(request.actor).exclude(pk=member.pk),
        students=students,
    )
    if request.method == "POST" and form.is_valid() and (done := _begin(request, member, form)):
        return done
    context = {"form": form, "member": member, "count": len(students)}
    return form_page(request, "schools/stand_in_begin.html", context)


def _begin(request, member: Membership, form: StandInForm):
    data = form.cleaned_data
    try:
        row = stand_ins.begin(
            member,
            to=data["to"],
            starts=data["starts"],
            until=data["until"],
            students=form.chosen,
            actor=request.actor,
        )
    except Conflict as conflict:
        form.add_error("to", str(conflict))
        return None
    words = {
        "name": row.stand_in.name,
        "absent": member.name,
        "when": period_words(row.starts, row.until),
    }
    notice(
        request,
        _("%(name)s vervangt %(absent)s, %(when)s.") % words,
        undo_url=reverse("schools:stand_in_end", args=[row.public_id]),
    )
    return redirect("schools:staff_edit", member.public_id)


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def stand_in_change(request, public_id):
    """Longer, or shorter."""
    row = _row(request, public_id)
    form = ProlongForm(request.POST or None, starts=row.starts, initial={"until": row.until})
    if request.method == "POST" and form.is_valid():
        try:
            stand_ins.prolong(row, until=form.cleaned_data["until"], actor=request.actor)
        except Conflict as conflict:
            form.add_error("until", str(conflict))
        else:
            notice(request, _("Bewaard. %(name)s krijgt een mail.") % {"name": row.stand_in.name})
            return redirect("schools:staff_edit", row.absent.public_id)
    return form_page(request, "schools/stand_in_change.html", {"form": form, "row": row})


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def stand_in_end(request, public_id):
    """Back earlier than planned, or pressed by mistake."""
    row = _row(request, public_id)
    back_url = reverse("schools:staff_edit", args=[row.absent.public_id])
    words = {"name": row.stand_in.name, "absent": row.absent.name}
    if request.method == "POST":
        try:
            silent = stand_ins.end(row, actor=request.actor)
        except Conflict as conflict:
            notice(request, str(conflict), tone="info")
        else:
            text = (
                _("Ongedaan gemaakt. %(name)s heeft geen bericht gekregen.")
                if silent
                else _(
                    "%(absent)s begeleidt weer zelf. Wie van de vervanging wist, krijgt een mail."
                )
            )
            notice(request, text % words)
        return redirect(back_url)
    return render(
        request,
        "ui/confirm_page.html",
        {
            "title": _("Is %(absent)s er weer?") % words,
            "text": _("%(name)s ziet deze leerlingen dan niet meer.") % words,
            "confirm_label": _("Stop de vervanging"),
            "back_url": back_url,
        },
    )


def _row(request, public_id) -> StandIn:
    rows = StandIn.objects.visible_to(request.actor).select_related("absent", "stand_in")
    return get_object_or_404(rows, public_id=public_id)
