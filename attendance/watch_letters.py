"""Mails of what does not go as planned: a day in dispute, and a student whom nobody saw."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from attendance.days import parse_week
from attendance.models import DisputedDay
from placements.models import Placement
from stage.core import mail
from stage.core.mail import Letter
from stage.core.ui.dates import day_words


@mail.event("day_disputed")
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
