"""Assignments, assessment and mark on the placement folder."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assessments import policies, queries
from assessments.enums import TONES
from assessments.models import Assessment, HandIn, Mark
from assessments.services.judging import has_started
from assessments.words import mark_words
from stage.core.ui import sections
from stage.schools.guidance import guides


@sections.of("placement", order=50, key="assignments", label=_("Opdrachten"))
def assignments(actor, placement) -> tuple[str, dict] | None:
    """What was handed out, and where it stands; the same list for all three."""
    if not policies.concerns(actor, placement):
        return None
    rows = list(
        HandIn.objects.visible_to(actor)
        .filter(placement=placement)
        .select_related("assignment")
        .prefetch_related("evidence__file")
    )
    for row in rows:
        row.tone = TONES[row.state]
        # What is not handed in yet stays between student and teacher.
        row.shows_work = not actor.is_company or row.handed_in_at is not None
    return "assessments/_section_assignments.html", {"rows": rows, "actor": actor}


@sections.of("placement", order=60, key="assessment", label=_("Beoordeling"))
def assessment(actor, placement) -> tuple[str, dict] | None:
    """The supervisor's judgement, once given; to its company also that it is still to do."""
    if not policies.concerns(actor, placement) or placement.period.is_taster:
        return None
    row = Assessment.objects.visible_to(actor).filter(placement=placement).first()
    context = {
        "actor": actor,
        "assessment": row,
        "placement": placement,
        "given": row is not None and row.given_at is not None,
        "can_fill": actor.is_company and has_started(placement),
        "lines": queries.lines_of(actor, row) if row else [],
    }
    return "assessments/_section_assessment.html", context


@sections.of("placement", order=70, key="mark", label=_("Cijfer"))
def mark(actor, placement) -> tuple[str, dict] | None:
    """The mark: to the own teacher always, to the student when it is final."""
    if placement.period.is_taster:
        return None
    staff = actor.is_staff and guides(actor, placement)
    if not staff and not (actor.is_student and policies.concerns(actor, placement)):
        return None
    row = Mark.objects.visible_to(actor).filter(placement=placement).first()
    if row is None and not staff:
        return None
    context = {
        "actor": actor,
        "mark": row,
        "mark_words": mark_words(row.value if row else None),
        "placement": placement,
    }
    return "assessments/_section_mark.html", context
