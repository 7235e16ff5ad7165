"""What assessments tell the apps below: whose name a judgement needs, and what an end leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from assessments import ending
from assessments.models import Assessment
from companies.leaving import on_paper
from placements.changes import elsewhere
from placements.changes.plan import Plan


@on_paper
def judged(contacts: Collection[int]) -> list[int]:
    """Who judged a student."""
    rows = Assessment.objects.filter(contact__in=contacts)
    return list(rows.values_list("contact_id", flat=True).order_by("pk"))


@elsewhere.touches
def an_end(plan: Plan) -> Iterable[str]:
    """Before a placement ends: which assessment and mark there are or will be."""
    return ending.what_stands(plan)
