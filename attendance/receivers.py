"""What attendance adds to the core: who may open a photo of a day report."""

from __future__ import annotations

from django.utils.translation import gettext as _

from attendance.models import DayReport
from attendance.queries.folder import photos_allowed
from stage.core.enums import FileKind
from stage.core.files.store import policy_for
from stage.core.who.policies import ALLOWED, Answer, Denied


@policy_for(FileKind.PHOTO)
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
