"""Days by which work has to be handed in, in the student's own calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import HandIn
from assessments.services.work import STUDENTS_TURN
from stage.core.enums import Audience
from stage.core.ui.agenda import MOST, Entry, source


@source(Audience.STUDENT)
def hand_in_days(actor, first: date, last: date) -> Iterator[Entry]:
    """What the student still has to hand in, on its day."""
    rows = HandIn.objects.visible_to(actor).filter(
        student_id=actor.student_id,
        state__in=STUDENTS_TURN,
        due__gte=first,
        due__lte=last,
    )
    for row in rows.select_related("assignment", "placement").order_by("due", "pk")[:MOST]:
        yield Entry(
            # Another day is another entry: a row does not say when it was moved.
            key=f"hand-in-{row.public_id}-{row.due:%Y%m%d}",
            title=_("Inleveren: %(title)s") % {"title": row.assignment.title},
            starts=row.due,
            ends=row.due,
            changed_at=row.placement.created_at,
            made_at=row.placement.created_at,
            path=reverse("assessments:assignment_show", args=[row.public_id]),
        )
