"""Mails of what does not go as planned: a day in dispute, and a student whom nobody saw."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from attendance.days import parse_week
from attendance.models import Alarm, DisputedDay
from attendance.queries.staff import staff_day
from placements.models import Placement, PlannedDay
from stage.core import mail
from stage.core.enums import NoticeKind, Pace, PersonKind
from stage.core.mail import Letter
from stage.core.ui.dates import day_words
from stage.core.who.actors import job_at


@mail.event("day_disputed", mail.Notice(NoticeKind.ATTENDANCE, student=Pace.AT_ONCE))
def day_disputed(row) -> Letter | None:
    """What the company says of a week; not sent when it took that back or it was answered."""
    span = parse_week(row.details["week"])
    placement = Placement.objects.select_related("company", "school").get(pk=row.about_id)
    found = DisputedDay.objects.standing().filter(placement=placement, answered_at=None)
    days = list(found.between(span[0], span[-1]))
    if not days:
        return None
    page = reverse("attendance:dispute_answer", args=[days[0].date])
    context = {
        "company": placement.company.name,
        "number": span[0].isocalendar()[1],
        "days": [(day_words(d.date), d.get_kind_display().lower()) for d in days],
        "button_label": _("Bekijk en antwoord"),
        "button_url": settings.SITE_URL + page,
        "sender_name": placement.school.name,
    }
    return Letter("day_disputed_for_student", context)


@mail.event("alarm_raised", mail.Notice(NoticeKind.ATTENDANCE, at_night=True))
def alarm_raised(row) -> Letter | None:
    """Whom nobody saw; not sent about who was heard of meanwhile."""
    alarms = Alarm.objects.filter(pk__in=row.details["alarms"])
    alarms = alarms.select_related("student", "placement__company", "school").order_by("pk")
    by_placement = {alarm.placement_id: alarm for alarm in alarms}
    if not by_placement:
        return None
    first = alarms[0]
    planned = PlannedDay.objects.filter(placement__in=list(by_placement), date=first.date)
    days = staff_day(job_at(first.school), first.date, planned)
    missing = [(by_placement[t.placement_id], t.day) for t in days if t.is_missing]
    if not missing:
        return None
    to_family = row.person_kind == PersonKind.GUARDIAN
    page = reverse("attendance:today")
    rows = [
        {
            "name": alarm.student.full_name,
            "company": alarm.placement.company.name,
            "time": f"{day.comes_at or day.planned.day_from:%H:%M}" if day.planned else "",
        }
        for alarm, day in missing
    ]
    context = {
        "first_name": missing[0][0].student.first_name,
        "n": len(rows),
        "rows": rows,
        "school": first.school.name,
        "button_label": _("Bekijk wie er is"),
        "button_url": "" if to_family else f"{settings.SITE_URL}{page}?toon=missing",
        "sender_name": first.school.name,
    }
    return Letter("alarm_raised_for_guardian" if to_family else "alarm_raised_for_school", context)
