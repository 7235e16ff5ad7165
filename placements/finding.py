"""What of placements can be found from every page: by student or by company."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy

from placements.enums import PlacementState
from placements.filters import named
from placements.models import Placement
from stage.core.dutch.names import full_name, search_key
from stage.core.enums import Audience
from stage.core.ui import finding
from stage.core.ui.finding import Finding, Found


@finding.source(
    "placements",
    gettext_lazy("Stages"),
    *(Audience.COORDINATOR, Audience.TEACHER),
    order=30,
    icon="briefcase",
)
def placements(actor, text: str) -> Finding:
    """As the list of the coordinator finds them; a teacher's are those of the own students."""
    rows = Placement.objects.visible_to(actor).exclude(state=PlacementState.CANCELLED)
    rows = named(rows, search_key(text)).order_by("-ends", "student__sort_name", "pk")
    names = ("student__first_name", "student__infix", "student__last_name")
    url = reverse("placements:placement_list") if actor.is_coordinator else ""
    return Finding(
        rows.values("public_id", *names, "company__name", "period__name"), _placement, url
    )


def _placement(row: dict) -> Found:
    name = full_name(row["student__first_name"], row["student__infix"], row["student__last_name"])
    url = reverse("placements:placement_show", args=[row["public_id"]])
    return Found(name, url, f"{row['company__name']} · {row['period__name']}")
