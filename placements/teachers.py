"""Who guides a placement for the school today: the teacher, and who stands in for that one.

The one place that says whom a mail for the teacher goes to, whom one calls and who is answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from placements.models import Placement
from stage.core.enums import Role
from stage.core.models import Membership
from stage.core.tenants import tenancy
from stage.schools import guidance
from stage.schools.enums import GuideKind
from stage.schools.models import Guides, SchoolSettings


def mailed(placement: Placement, *, else_coordinators: bool = False) -> list[Membership]:
    """Who is mailed as teacher of this placement today; in the school's scope.

    The teacher, who may read it at home, and who stands in. With `else_coordinators` they where
    nobody guides.
    """
    teacher = placement.teacher
    found = [teacher] if teacher is not None and teacher.ended_at is None else []
    if teacher is not None:
        found += guidance.stand_ins(teacher.pk, placement.student_id)
    if not found and else_coordinators:
        rows = Membership.objects.active().filter(
            school_id=placement.school_id, role=Role.COORDINATOR
        )
        found = list(rows.order_by("pk"))
    return found


def answers_to(placement: Placement) -> str:
    """The address to which an answer on a mail about this placement goes; in the school's scope."""
    found = mailed(placement)
    return found[-1].email if found else SchoolSettings.objects.of(placement.school_id).email


def answers_to_all(placements: Iterable[Placement]) -> str:
    """The same about several; empty when they are not guided by one and the same."""
    addresses = {answers_to(p) for p in placements if p.teacher}
    return addresses.pop() if len(addresses) == 1 else ""


@dataclass(frozen=True)
class Guide:
    """Somebody to call: as the page shows it. `away_until`: this is who stands in, until then."""

    name: str
    telephone: str
    email: str
    instead_of: str = ""
    away_until: date | None = None

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]


def guide_of(placement: Placement) -> Guide | None:
    """Whom student, family and company call today, for whoever may see the placement.

    Who stands in, if anybody; else the teacher.
    """
    return guides_of([placement]).get(placement.pk)


def guides_of(placements: Iterable[Placement]) -> dict[int, Guide]:
    """The same for many: placement number -> who guides it; a query per school."""
    by_school: defaultdict[int, list[tuple[Placement, Membership]]] = defaultdict(list)
    for placement in placements:
        if placement.teacher is not None:
            by_school[placement.school_id].append((placement, placement.teacher))
    found: dict[int, Guide] = {}
    for guided in by_school.values():
        with tenancy.as_school_of(guided[0][0]):
            rows = Guides.objects.now().filter(
                kind=GuideKind.STAND_IN,
                instead_of__in={teacher.pk for _p, teacher in guided},
                student__in={p.student_id for p, _teacher in guided},
                who__ended_at=None,
            )
            rows = rows.select_related("who").order_by("pk")
            instead = {(r.student_id, r.instead_of_id): r for r in rows}
        for placement, teacher in guided:
            row = instead.get((placement.student_id, teacher.pk))
            found[placement.pk] = _guide(teacher, row)
    return found


def _guide(teacher: Membership, row: Guides | None) -> Guide:
    if row is None:
        return Guide(teacher.name, teacher.telephone, teacher.email)
    return Guide(row.who.name, row.who.telephone, row.who.email, teacher.name, row.until)


@dataclass(frozen=True)
class Call:
    """Whom to call, with a number."""

    name: str
    telephone: str


def whom_to_call(placement: Placement, guide: Guide | None = None) -> Call | None:
    """Who guides today, by the first name; else the school. None without a number."""
    guide = guide or guide_of(placement)
    if guide is not None and guide.telephone:
        return Call(guide.first_name, guide.telephone)
    settings = SchoolSettings.objects.of(placement.school_id)
    if settings.telephone:
        return Call(placement.school.name, settings.telephone)
    return None
