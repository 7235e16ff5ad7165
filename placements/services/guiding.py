"""Placements tell the school who guides whom: a row in `Guides` for each teacher of a placement."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from placements.enums import OPEN_PLACEMENTS, PlacementState
from placements.models import Placement
from stage.schools.enums import GuideKind
from stage.schools.models import Guides
from stage.schools.services import stand_ins

SOURCE = "placement"


def row_for(placement: Placement) -> Guides | None:
    """What should stand in `Guides` for this placement; nothing without a teacher or when undone.

    No end while it is open, then its last day: from there the teacher reads on, and no successor is
    needed.
    """
    if placement.teacher_id is None or placement.state == PlacementState.CANCELLED:
        return None
    return Guides.about(
        placement,
        who_id=placement.teacher_id,
        kind=GuideKind.TEACHER,
        until=None if placement.state in OPEN_PLACEMENTS else placement.ends,
        source=SOURCE,
        number=placement.pk,
    )


@transaction.atomic
def write_guides(placements: Iterable[Placement]) -> None:
    """Make the rows of these placements what they say now; after each change of teacher or state.

    In the caller's transaction and the school's scope; a few queries, however many there are.
    """
    placements = list(placements)
    numbers = [p.pk for p in placements]
    Guides.objects.filter(source=SOURCE, kind=GuideKind.TEACHER, number__in=numbers).delete()
    Guides.objects.bulk_create([row for row in map(row_for, placements) if row is not None])
    for school_id in {p.school_id for p in placements}:
        stand_ins.lay(school_id)
