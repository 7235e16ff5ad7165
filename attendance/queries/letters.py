"""Whom to ask for their word on a week."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from attendance.enums import COUNTING_PLACEMENTS
from attendance.queries.folder import waiting_weeks
from companies.enums import ContactRole
from companies.models import Contact
from placements.models import Placement


def in_week(span: list[date]):
    """Placements that count and touch the week, in the running scope."""
    return Placement.objects.filter(
        state__in=COUNTING_PLACEMENTS, starts__lte=span[-1], ends__gte=span[0]
    )


def to_ask(actor, week: str, span: list[date]) -> dict[int, list[Placement]]:
    """Per contact (its key) the placements of a school whose week waits for a word.

    The supervisor is asked; where there is none, the company's contact persons.
    """
    placements = list(
        in_week(span).filter(school_id=actor.school_id).select_related("supervisor", "company")
    )
    open_ones = waiting_weeks(actor, placements)
    waiting = [p for p in placements if (p.pk, week) in open_ones]
    stand_ins = defaultdict(list)
    companies = {p.company_id for p in waiting}
    contacts = Contact.objects.active().with_role(ContactRole.CONTACT)
    for contact in contacts.filter(company__in=companies).exclude(email=""):
        stand_ins[contact.company_id].append(contact.pk)
    asked: dict[int, list[Placement]] = defaultdict(list)
    for p in waiting:
        own = p.supervisor
        reachable = own is not None and own.active and own.email
        for pk in [own.pk] if reachable else stand_ins[p.company_id]:
            asked[pk].append(p)
    return asked
