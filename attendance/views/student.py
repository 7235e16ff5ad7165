"""The student's own days: the week and the day reports."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from attendance import queries, services
from attendance.days import Day, parse_week, week_of
from attendance.filters import WeekFilters
from attendance.forms import ReportForm
from attendance.models import CheckIn, DayReport
from attendance.queries.answers import answers_of, newest_answer, newest_photos, with_fixed
from attendance.queries.folder import strip_of
from attendance.queries.report_parts import with_parts
from attendance.services.weeks import is_confirmed
from attendance.views.absence import open_illness
from placements import report_parts
from placements.models import Placement, PlannedDay
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.files import media
from stage.core.ui import offline, seen
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.once import once
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools.models import Student


@allow(Audience.STUDENT)
@reads(WeekFilters)
def week(request):
    """My days of one week, in words and as a strip."""
    span = request.filters.chosen["week"] or parse_week(week_of(school_today()))
    placements = list(
        Placement.objects.visible_to(request.actor)
        .placed()
        .filter(student_id=request.actor.student_id, starts__lte=span[-1], ends__gte=span[0])
        .select_related("company")
    )
    days = queries.days_of(request.actor, placements, span[0], span[-1])
    rows = sorted((d for p in placements for d in days[p.pk]), key=lambda d: d.date)
    response = render(
        request,
        "attendance/week.html",
        {
            "strip": strip_of(rows, span),
            "days": rows,
            "first": span[0],
            "last": span[-1],
            "number": span[0].isocalendar()[1],
            "previous": week_of(span[0] - timedelta(days=7)),
            "next": week_of(span[0] + timedelta(days=7)),
            "illness": open_illness(request.actor),
            "full": _full_days(rows),
            "photos": _own_photos(request.actor, placements),
        },
    )
    # The week of now, under one address; other weeks are not kept.
    return response if request.GET else offline.keep(response)


def _own_photos(actor, placements: list[Placement]) -> list[DayReport]:
    """The newest of the student's own photos, as long as the consent for them stands."""
    if actor.student_id not in queries.photos_allowed(actor, placements):
        return []
    return list(newest_photos(actor))


def _full_days(days: list[Day]) -> int:
    """How many days of work there were, if the student was there on all and the last has come."""
    work = [day for day in days if day.planned]
    if len(work) > 1 and all(day.was_there and day.has_come for day in work):
        return len(work)
    return 0


@allow(Audience.STUDENT, methods=("GET", "POST"))
@once
def report_write(request, day):
    """The report of one day; to be changed until the company has confirmed the week."""
    actor = request.actor
    placement = _placement_of_day(actor, day)
    if day > school_today():
        raise Http404
    existing = (
        DayReport.objects.visible_to(actor)
        .filter(placement=placement, date=day)
        .select_related("photo")
        .first()
    )
    if is_confirmed(placement, day):
        with_parts(actor, [existing] if existing else [])
        context = {"day": day, "report": existing, "placement": placement}
        status = 409 if request.method == "POST" else 200
        return render(request, "attendance/report_closed.html", context, status=status)
    student = get_object_or_404(Student.objects.visible_to(actor))
    form = ReportForm(
        request.POST or None,
        request.FILES or None,
        keep=f"report-{placement.public_id}-{day.isoformat()}",
        may_photo=student.photo_consent,
        has_photo=bool(existing and existing.photo_id),
        parts=_asked(actor, placement, day),
        initial={"text": existing.text, "mood": existing.mood} if existing else None,
    )
    if request.method == "POST" and form.is_valid() and _write(form, placement, day, actor):
        notice(request, _("Je verslag van deze dag is bewaard."))
        return redirect("attendance:report_list")
    context = {
        "form": form,
        "day": day,
        "placement": placement,
        "report": existing,
        "may_photo": student.photo_consent,
    }
    response = form_page(request, "attendance/report_write.html", context)
    return offline.keep(response) if day == school_today() else response


def _placement_of_day(actor, day) -> Placement:
    arrivals = CheckIn.objects.visible_to(actor).standing()
    for rows in (PlannedDay.objects.visible_to(actor), arrivals):
        row = (
            rows.filter(student_id=actor.student_id, date=day)
            .select_related("placement__company")
            .first()
        )
        if row is not None:
            return row.placement
    raise Http404


def _asked(actor, placement: Placement, day) -> list[tuple]:
    """What other apps ask of this day, with what was said before."""
    asked = [(part, part.fields(actor, placement, day)) for part in report_parts.parts()]
    return [(part, fields, part.values(actor, placement, day)) for part, fields in asked if fields]


def _write(form: ReportForm, placement: Placement, day, actor) -> bool:
    data = form.cleaned_data
    try:
        with transaction.atomic():
            services.write_report(
                placement,
                actor=actor,
                day=day,
                text=data["text"],
                mood=data["mood"],
                photo=data.get("photo"),
                drop_photo=data.get("drop_photo", False),
            )
            for part, names in form.asked:
                part.keep(placement, day, form.said_of(part, names), actor=actor)
    except media.FileRefused as refused:
        form.add_error("photo", str(refused))
        return False
    except Conflict as conflict:
        form.add_error(None, str(conflict))
        return False
    return True


@allow(Audience.STUDENT)
def report_list(request):
    """My reports, and the days that still want one."""
    actor = request.actor
    rows = DayReport.objects.visible_to(actor).filter(student_id=actor.student_id)
    reports = with_parts(actor, with_fixed(rows).select_related("placement__company", "photo"))
    placements = {r.placement_id: r.placement for r in reports}
    said = answers_of(actor)
    for report in reports:
        report.said = said.get(report.pk)
    context = {
        "reports": reports,
        "waiting": queries.days_without_report(actor),
        "photos": queries.photos_allowed(actor, placements.values()),
    }
    response = render(request, "attendance/report_list.html", context)
    newest = newest_answer(actor)
    return response if newest is None else seen.mark(request, response, newest.key)
