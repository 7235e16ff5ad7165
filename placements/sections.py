"""What placements add to the page of a student and to the settings of a school."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from placements.forms import PlacementSettingsForm
from placements.models import Placement
from stage.core.ui import sections
from stage.schools.forms import settings_page

settings_page.add(
    PlacementSettingsForm,
    card="students",
    order=10,
    fields=("max_applications", "after_yes"),
)


@sections.of("student_places", order=10, key="places", label=_("Stages"))
def places(actor, student) -> tuple[str, dict]:
    """Where the student is placed, also for who knows the student by name only."""
    rows = Placement.objects.by_name(actor).filter(student=student)
    rows = rows.select_related("company", "period").order_by("-starts")
    return "placements/_student_placements.html", {"placements": rows}
