"""The day report: the student's own words, until the company has confirmed the day."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from attendance import policies
from attendance.enums import FileKind
from attendance.models import DayReport
from attendance.services.locks import hold_week
from attendance.services.weeks import is_confirmed
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.files import store as files
from stage.core.models.base import values_about
from stage.core.record import audit
from stage.core.who.policies import Conflict, NotAllowed, require
from stage.schools.models import Student


@transaction.atomic
def write_report(
    placement: Placement,
    *,
    actor,
    day: date,
    text: str,
    mood: str = "",
    photo=None,
    drop_photo: bool = False,
) -> DayReport:
    """Write or change the report of one day.

    Raises NotAllowed for somebody else's report and for a photo without consent, Conflict for a
    day to come or one that is confirmed, `media.FileRefused` for a photo that is none.
    """
    require(policies.write_report, actor, placement)
    if day > school_today():
        raise Conflict(_("Deze dag moet nog komen. Schrijf je verslag na de stagedag."))
    hold_week(placement.pk, day)
    if is_confirmed(placement, day):
        raise Conflict(_("Het bedrijf heeft deze week al bevestigd. Het verslag staat nu vast."))
    report, made = DayReport.objects.get_or_create(
        placement=placement,
        date=day,
        defaults=values_about(DayReport, placement, text=text, mood=mood),
    )
    before = report.photo
    report.text, report.mood = text, mood
    if photo:
        report.photo = _store_photo(placement, photo, actor)
    elif drop_photo:
        report.photo = None
    report.save(update_fields=["text", "mood", "photo", "written_at"])
    if before and before != report.photo:
        files.remove(before, actor=actor)
    audit.record(
        actor, "report_written" if made else "report_changed", report, fields=["text", "mood"]
    )
    return report


def _store_photo(placement: Placement, upload, actor):
    if not Student.objects.visible_to(actor).filter(photo_consent=True).exists():
        raise NotAllowed(_("Er is geen toestemming voor foto's. Vraag het op school."))
    owner = files.Owner.about(placement)
    return files.store_upload(upload, kind=FileKind.PHOTO, owner=owner, actor=actor)
