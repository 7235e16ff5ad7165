"""Who may open a photo of a day report; a new school gets its settings of attendance."""

from __future__ import annotations

from collections.abc import Collection

from django.dispatch import receiver
from django.utils.translation import gettext as _

from attendance import kept  # noqa: F401 - registers what a change of a placement asks
from attendance.enums import FileKind
from attendance.models import AttendanceSettings, ConfirmedDay, DayReport, WeekConfirmation
from attendance.queries.folder import photos_allowed
from companies.leaving import on_paper
from stage.core.files import kinds
from stage.core.who.policies import ALLOWED, Answer, Denied
from stage.schools.signals import school_made


@kinds.register(FileKind.PHOTO, takes=("image",))
def see_photo(actor, file) -> Answer:
    """A student's photo: for those who may read the report, as long as consent stands."""
    if file.student_id is None:
        return ALLOWED
    if actor.is_company and not actor.proven:
        return Denied(_("Deze foto is alleen voor wie bij de stage hoort."))
    reports = DayReport.objects.visible_to(actor).filter(photo=file)
    report = reports.select_related("placement").first()
    if report is None:
        return Denied(_("Deze foto is alleen voor wie bij de stage hoort."))
    if report.student_id not in photos_allowed(actor, [report.placement]):
        return Denied(_("De toestemming voor foto's is ingetrokken."))
    return ALLOWED


@receiver(school_made)
def make_settings(sender, *, school, **kwargs) -> None:
    AttendanceSettings.objects.create(school=school)


@on_paper
def confirmed(contacts: Collection[int]) -> set[int]:
    """Who confirmed hours: the evidence names them."""
    weeks = WeekConfirmation.objects.filter(contact__in=contacts).order_by("pk")
    days = ConfirmedDay.objects.filter(by__in=contacts).order_by("pk")
    return {*weeks.values_list("contact_id", flat=True), *days.values_list("by_id", flat=True)}
