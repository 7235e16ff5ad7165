"""A company's trainees: of any school, by the name that was disclosed to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from attendance.enums import COUNTING_PLACEMENTS
from companies import trust
from placements.models import Placement, StudentCard


def trainees(actor, first: date, last: date):
    """Placements in this span that this person guides, or all where it is the contact person."""
    return (
        Placement.objects.visible_to(actor)
        .filter(trust.guided(actor))
        .filter(state__in=COUNTING_PLACEMENTS, starts__lte=last, ends__gte=first)
        .select_related("company__merged_into", "supervisor", "stand_in", "teacher", "school")
        .select_related("location")
    )


def names_of(actor, placements: Iterable[Placement]) -> dict[int, str]:
    """Per placement the trainee's name as disclosed; "Leerling" where it was revoked."""
    placements = list(placements)
    cards = StudentCard.objects.visible_to(actor).filter(
        student__in=[p.student_id for p in placements], revoked_at__isnull=True
    )
    by_pair = {(c.student_id, c.company_id): c.full_name for c in cards}
    return {p.pk: by_pair.get((p.student_id, p.company_id), _("Leerling")) for p in placements}
