"""Day reports and what was said back: for who guides, and for the student."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef

from attendance.models import ConfirmedDay, DayReport, ReportAnswer
from stage.core.dutch.calendar import school_today

LOOKS_BACK = timedelta(days=60)  # older reports stand at the placement
NEWS = timedelta(days=14)


def reports_to_read(actor):
    """Reports of the students this member of staff guides: unread first, then the newest."""
    answered = ReportAnswer.objects.visible_to(actor).filter(report=OuterRef("pk"))
    return (
        DayReport.objects.visible_to(actor)
        .filter(school_id=actor.school_id, date__gte=school_today() - LOOKS_BACK)
        .annotate(is_read=Exists(answered))
        .select_related("placement__student", "placement__company", "photo", "answer__by")
        .order_by("is_read", "-date", "pk")
    )


def newest_answer(actor) -> ReportAnswer | None:
    """What was last said back to the student, while it is news."""
    rows = ReportAnswer.objects.visible_to(actor).filter(at__date__gte=school_today() - NEWS)
    return rows.select_related("report", "by").order_by("-at", "-pk").first()


def with_fixed(reports):
    """The same, each with `is_fixed`: the company gave its word, so it cannot be changed."""
    said = ConfirmedDay.objects.filter(placement=OuterRef("placement"), date=OuterRef("date"))
    return reports.annotate(is_fixed=Exists(said)).select_related("photo")


def newest_photos(actor, most: int = 8):
    """The student's own reports with a photo that is still there, the newest first."""
    rows = DayReport.objects.visible_to(actor).filter(student_id=actor.student_id)
    with_photo = rows.filter(photo__isnull=False, photo__removed_at=None)
    return with_photo.select_related("photo").order_by("-date", "pk")[:most]


def answers_of(actor):
    """What was said back to this student, by the number of the report."""
    rows = ReportAnswer.objects.visible_to(actor).select_related("by")
    return {row.report_id: row for row in rows}
