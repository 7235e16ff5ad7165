"""Which placements a supervisor was put on: what the people of companies may see of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q

from companies.addresses import waited_for
from companies.enums import ContactRole
from companies.identity import supervised_by
from companies.leaving import guides_now, on_paper
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.tenants.statements import ask
from stage.core.who.actors import Standing


@supervised_by
def placements_of(standings: Iterable[Standing]) -> list[tuple[int, int]]:
    """(placement, student) of those that name this person, at the school that trusts it there.

    Before there is a scope, at each request of a company person.
    """
    guiding = {(s.school, s.company, s.person) for s in standings if _may_guide(s)}
    if not guiding:
        return []
    found = ask("placements_guided", sorted({person for _s, _c, person in guiding}))
    return [
        (row["id"], row["student_id"])
        for row in found
        if (row["school_id"], row["company_id"], row["supervisor_id"]) in guiding
    ]


@guides_now
def guiding(contacts: Collection[int]) -> list[int]:
    """Who was put on a placement that is not over."""
    rows = Placement.objects.placed().filter(supervisor__in=contacts, ends__gte=school_today())
    return list(rows.values_list("supervisor_id", flat=True).order_by("pk"))


@on_paper
def guided(contacts: Collection[int]) -> list[int]:
    """Whom a placement names, also one that is over: agreement, hours and judgement refer to it."""
    rows = Placement.objects.filter(supervisor__in=contacts)
    return list(rows.values_list("supervisor_id", flat=True).order_by("pk"))


@waited_for
def supervisors(school_id: int) -> Q:
    """Who was put on a placement that is not over, and is not known: the place's own, mostly."""
    rows = Placement.objects.placed().filter(school_id=school_id, ends__gte=school_today())
    return Q(Exists(rows.filter(supervisor=OuterRef("pk"))))


def _may_guide(standing: Standing) -> bool:
    """A contact may guide trainees itself."""
    return bool(standing.roles & {ContactRole.SUPERVISOR, ContactRole.CONTACT})
