"""The yeses of a group that wait for a match: what one press will do, and what it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from placements.eligibility import Pair, examine
from placements.enums import ApplicationState
from placements.models import Application, Placement
from stage.schools.models import Group, GroupStudent, Student


@dataclass(frozen=True)
class Yes:
    """One student, the company that gets it, and what a coordinator should know of the two."""

    application: Application
    pair: Pair
    others: list[str]  # companies that said yes as well: they hear that the student does not come


def waiting(group: Group, actor) -> Sequence[Application]:
    """Accepted applications of the group's students without a place, by student and preference."""
    members = GroupStudent.objects.visible_to(actor).filter(group=group)
    students = (
        Student.objects.visible_to(actor).present().filter(pk__in=members.values("student_id"))
    )
    placed = Placement.objects.visible_to(actor).live().filter(period_id=group.period_id)
    return list(
        Application.objects.visible_to(actor)
        .filter(
            period_id=group.period_id,
            state=ApplicationState.ACCEPTED,
            student__in=students,
        )
        .exclude(student__in=placed.values("student_id"))
        .select_related(
            "student__profile",
            "company",
            "place__company",
            "place__offer__location",
            "place__period",
        )
        .order_by("student__sort_name", "student_id", "rank", "pk")
    )


def yeses_of(group: Group, actor) -> list[Yes]:
    """Per student the yes it wants most among those that can be matched, else the first one.

    In a fixed number of queries.
    """
    wishes = waiting(group, actor)
    pairs = dict(
        zip(
            (w.pk for w in wishes),
            examine([(w.student, w.place) for w in wishes]),
            strict=True,
        )
    )
    found = []
    for _student, rows in groupby(wishes, key=lambda w: w.student_id):
        own = list(rows)
        chosen = next((w for w in own if not pairs[w.pk].obstacle), own[0])
        found.append(
            Yes(
                chosen,
                pairs[chosen.pk],
                [w.company.name for w in own if w.pk != chosen.pk],
            )
        )
    return found
