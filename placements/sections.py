"""What placements add to the page of a student."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from placements.models import Placement
from stage.core.ui import sections


@sections.of("student_places", order=10, key="places", label=_("Stages"))
def places(actor, student) -> tuple[str, dict]:
    """Where the student is placed, also for who knows the student by name only."""
    rows = Placement.objects.by_name(actor).filter(student=student)
    rows = rows.select_related("company", "period").order_by("-starts")
    return "placements/_student_placements.html", {"placements": rows}
