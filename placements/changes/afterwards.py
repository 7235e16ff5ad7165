"""Where a student is after a placement ends."""

from __future__ import annotations

from django.utils.translation import gettext as _

from placements.changes.plan import Plan
from placements.enums import ChangeKind
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.ui.dates import period_words


def next_place(plan: Plan) -> str:
    """The student's next placement, or that there is none yet; empty where that is no question."""
    wanted, placement = plan.wanted, plan.placement
    if wanted.kind not in (ChangeKind.OFF, ChangeKind.STOP):
        return ""
    rows = Placement.objects.live().filter(student=placement.student_id)
    rows = rows.filter(ends__gte=max(wanted.from_on, school_today())).exclude(pk=placement.pk)
    later = rows.select_related("company").order_by("starts", "pk").first()
    if later is not None:
        words = {"company": later.company.name, "span": period_words(later.starts, later.ends)}
        return _("%(company)s, %(span)s") % words
    if placement.period.ends < max(wanted.from_on, school_today()):
        return _("Geen andere stage.")
    return _("Nog geen plek. Bij Matchen staat de leerling weer bij wie zoekt.")
