"""Whom to ask for their word on a week."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from attendance.enums import COUNTING_PLACEMENTS
from attendance.queries.folder import WeekState, week_states
from companies import trust
from companies.enums import ContactRole
from companies.models import Contact
from placements.models import Placement


def in_week(span: list[date]):
    """Placements that count and touch the week, in the running scope."""
    return Placement.objects.filter(
        state__in=COUNTING_PLACEMENTS, starts__lte=span[-1], ends__gte=span[0]
    )


def to_ask(
    actor, week: str, span: list[date], *, contact: int | None = None
) -> dict[int, list[Placement]]:
    """Per contact (its key) the placements of a school whose week waits for a word.

    The supervisor is asked; where the school knows none, the company's contact persons. `contact`:
    at that person's companies alone, for one letter.
    """
    found = weeks_of(actor, week, span, contact=contact)
    return {pk: asked.waiting for pk, asked in found.items() if asked.waiting}


@dataclass
class Asked:
    """What one person is asked of a week: whose wait, of how many who were expected."""

    waiting: list[Placement] = field(default_factory=list)
    expected: int = 0


def weeks_of(actor, week: str, span: list[date], *, contact: int | None = None) -> dict[int, Asked]:
    """The same as `to_ask`, with how many students have a day in that week."""
    rows = in_week(span).filter(school_id=actor.school_id)
    if contact is not None:
        family = Contact.objects.filter(pk=contact).values("company__family_id")
        rows = rows.filter(Q(supervisor=contact) | Q(company__family_id__in=family))
    placements = list(rows.select_related("supervisor", "company"))
    state = week_states(actor, placements).get(week, WeekState())
    expected = [p for p in placements if p.pk in state.expected]
    known = trust.known_people(actor.school_id, {p.company_id for p in expected})
    asked: dict[int, Asked] = defaultdict(Asked)
    for p in expected:
        people = known.get(p.company_id, [])
        own = [c.pk for c in people if c.pk == p.supervisor_now_id]
        for pk in own or [c.pk for c in people if ContactRole.CONTACT in c.may]:
            asked[pk].expected += 1
            if p.pk in state.waiting:
                asked[pk].waiting.append(p)
    return asked
