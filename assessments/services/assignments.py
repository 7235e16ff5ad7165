"""The school's bank of assignments and handing them out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from assessments import policies
from assessments.models import Assignment, HandIn
from placements.models import Placement
from stage.core.models import School
from stage.core.record import audit
from stage.core.who.policies import require
from stage.schools.models import Elective


@transaction.atomic
def add_assignment(
    school: School, *, title: str, text: str, elective: Elective | None, actor
) -> Assignment:
    """Put a new assignment in the bank of a school."""
    row = Assignment(
        school=school,
        title=title,
        text=text,
        elective=elective,
        created_by_id=actor.membership,
    )
    require(policies.keep_bank, actor, row)
    row.save()
    audit.record(actor, "assignment_added", row)
    return row


@transaction.atomic
def change_assignment(
    assignment: Assignment, *, title: str, text: str, elective: Elective | None, actor
) -> None:
    """Change the words; who already has the assignment reads the new ones."""
    require(policies.keep_bank, actor, assignment)
    values = {"title": title, "text": text, "elective": elective}
    Assignment.objects.filter(pk=assignment.pk).update(**values)
    audit.record(actor, "assignment_changed", assignment, fields=values)


@transaction.atomic
def archive_assignment(assignment: Assignment, *, actor) -> None:
    """Take it out of the bank; work that was handed out stays."""
    require(policies.keep_bank, actor, assignment)
    rows = Assignment.objects.filter(pk=assignment.pk, archived_at__isnull=True)
    if rows.update(archived_at=timezone.now()):
        audit.record(actor, "assignment_archived", assignment, fields=("archived_at",))


@transaction.atomic
def restore_assignment(assignment: Assignment, *, actor) -> None:
    """Put an archived assignment back."""
    require(policies.keep_bank, actor, assignment)
    rows = Assignment.objects.filter(pk=assignment.pk, archived_at__isnull=False)
    if rows.update(archived_at=None):
        audit.record(actor, "assignment_restored", assignment, fields=("archived_at",))


@transaction.atomic
def hand_out_assignment(
    assignment: Assignment, *, placements: Iterable[Placement], due: date | None, actor
) -> int:
    """Give the assignment to students during their placements; returns how many did not have it.

    Doing it again changes nothing for who has it already.
    """
    require(policies.keep_bank, actor, assignment)
    chosen = list(placements)
    require(policies.hand_out_to_all, actor, chosen)
    before = HandIn.objects.filter(assignment=assignment, placement__in=chosen)
    had = set(before.values_list("placement_id", flat=True))
    rows = [_hand_in(assignment, p, due) for p in chosen if p.pk not in had]
    HandIn.objects.bulk_create(rows, ignore_conflicts=True)
    audit.record(actor, "assignment_handed_out", assignment)
    return len(rows)


def _hand_in(assignment: Assignment, placement: Placement, due: date | None) -> HandIn:
    return HandIn.about(
        placement,
        assignment=assignment,
        due=due,
    )
