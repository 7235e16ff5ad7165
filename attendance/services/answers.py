"""Who guides answers a day report: a thumb up, and perhaps a line back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from attendance import policies
from attendance.models import DayReport, ReportAnswer
from stage.core.models.base import values_about
from stage.core.record import audit
from stage.core.who.policies import require


@transaction.atomic
def answer_report(report: DayReport, *, actor, line: str = "") -> ReportAnswer:
    """Say that it was read; a later line takes the place of the first. Raises NotAllowed."""
    require(policies.settle, actor, report.placement)
    said = {"line": line, "by_id": actor.membership, "at": timezone.now()}
    row, _made = ReportAnswer.objects.update_or_create(
        report=report,
        defaults=said,
        create_defaults=values_about(ReportAnswer, report.placement, **said),
    )
    audit.record(actor, "report_answered", report, fields=["line"])
    return row
