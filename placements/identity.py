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
    """(placement, student) of those this person guides today, at the school that trusts it there.

    Before there is a scope, at each request of a company person.
    """
    guiding = {(s.school, s.company, s.person) for s in standings if _may_guide(s)}
    if not guiding:
        return []
    found = ask("placements_guided", sorted({person for _s, _c, person in guiding}), school_today())
    return [
        (row["id"], row["student_id"])
        for row in found
        if (row["school_id"], row["company_id"], row["supervisor_id"]) in guiding
    ]


@guides_now
def guiding(contacts: Collection[int]) -> list[int]:
    """Who was put on a placement that is not over."""
    today = school_today()
    rows = Placement.objects.placed().filter(ends__gte=today).order_by("pk")
    usual = rows.filter(supervisor__in=contacts).values_list("supervisor_id", flat=True)
    standing = rows.filter(stand_in__in=contacts, stand_in_until__gte=today)
    return [*usual, *standing.values_list("stand_in_id", flat=True)]


@on_paper
def guided(contacts: Collection[int]) -> list[int]:
    """Whom a placement names, also one that is over: agreement, hours and judgement refer to it."""
    rows = Placement.objects.filter(Q(supervisor__in=contacts) | Q(stand_in__in=contacts))
    pairs = rows.values_list("supervisor_id", "stand_in_id").order_by("pk")
    return [pk for pair in pairs for pk in pair if pk in contacts]


@waited_for
def supervisors(school_id: int) -> Q:
    """Who was put on a placement that is not over, and is not known: the place's own, mostly."""
    today = school_today()
    rows = Placement.objects.placed().filter(school_id=school_id, ends__gte=today)
    named = Q(supervisor=OuterRef("pk"))
    standing = Q(stand_in=OuterRef("pk"), stand_in_until__gte=today)
    return Q(Exists(rows.filter(named | standing)))


def _may_guide(standing: Standing) -> bool:
    """A contact may guide trainees itself."""
    return bool(standing.roles & {ContactRole.SUPERVISOR, ContactRole.CONTACT})
