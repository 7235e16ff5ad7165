"""What placements add to the page of a student and to the settings of a school."""

from __future__ import annotations

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from placements.changes.following import open_in
from placements.changes.shown import done_sides, title_of
from placements.enums import ChangeKind, ChangeReason, ChangeState
from placements.forms import PlacementSettingsForm
from placements.models import Application, OwnCompany, Placement, PlacementChange
from placements.own import word_of
from placements.policies import changes
from placements.words import CHANGE_WORDS, SCHOOL_WORDS
from stage.core.enums import Audience
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


@sections.of("student", order=20, key="asked", label=_("Voor deze leerling gevraagd"))
def asked_for(actor, student) -> tuple[str, dict] | None:
    """Companies that the student brought or the school asked for this student alone."""
    if actor.role not in (Audience.COORDINATOR, Audience.TEACHER):
        return None
    rows = Application.objects.visible_to(actor).filter(student=student, place__for_one=True)
    rows = rows.select_related("company", "period").order_by("-submitted_at", "pk")
    own = OwnCompany.objects.visible_to(actor).filter(student=student, application=None)
    context = {
        "student": student,
        "asked": [(row, SCHOOL_WORDS[row.state]) for row in rows],
        "own": [(row, word_of(row)) for row in own],
    }
    return "placements/_asked_for.html", context


@sections.of("placement", order=5, key="changes", label=_("Wat er veranderde"))
def changes_of(actor, placement) -> tuple[str, dict] | None:
    """What was asked and what was done, the newest first; whoever may, takes the last one back."""
    rows = list(
        PlacementChange.objects.visible_to(actor)
        .filter(placement=placement)
        .exclude(state=ChangeState.WITHDRAWN)
        .select_related("moved_to__company", "decided_by")[:20]
    )
    if not rows:
        return None
    lines = [
        {
            "change": row,
            "title": title_of(row),
            "sides": done_sides(row) if row.is_done else [],
            "word": CHANGE_WORDS[row.state],
            "can_undo": row.can_be_undone and bool(changes(actor, row)),
        }
        for row in rows
    ]
    return "placements/_changes.html", {"lines": lines, "placement": placement, "actor": actor}


@sections.of("period", order=10, key="stages", label=_("Stages"))
def stages_of(actor, period) -> tuple[str, dict] | None:
    """How many placements there are, and the way to call days off."""
    if not actor.is_coordinator:
        return None
    spans = (
        PlacementChange.objects.visible_to(actor)
        .done()
        .filter(placement__period=period, kind=ChangeKind.CALLED_OFF)
        .values("from_on", "until_on", "reason")
        .annotate(n=Count("pk"))
        .order_by("from_on", "until_on", "reason")
    )
    context = {
        "period": period,
        "count": open_in(actor, period).count(),
        "spans": [
            (s["from_on"], s["until_on"], ChangeReason(s["reason"]).label, s["n"])
            for s in spans[:20]
        ],
    }
    return "placements/_period_card.html", context


@sections.of("company", order=20, key="one", label=_("Voor één leerling vragen"))
def for_one(actor, company) -> tuple[str, dict] | None:
    """The way to ask this company for one student."""
    if actor.role not in (Audience.COORDINATOR, Audience.TEACHER):
        return None
    return "placements/_for_one.html", {"company": company}
