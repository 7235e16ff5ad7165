"""What assessments tell the apps below: whose name a judgement needs."""

from __future__ import annotations

from collections.abc import Collection

from assessments.models import Assessment
from companies.leaving import on_paper


@on_paper
def judged(contacts: Collection[int]) -> list[int]:
    """Who judged a student."""
    rows = Assessment.objects.filter(contact__in=contacts)
    return list(rows.values_list("contact_id", flat=True).order_by("pk"))
