"""Asking supervisors for assessments: before the end, and twice after it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from django.db import transaction

from assessments.queries import ASK_DAYS_BEFORE, ending_soon_without_assessment
from companies import trust
from companies.enums import ContactRole
from companies.models import Contact
from placements.models import Placement
from stage.core import mail
from stage.core.dutch.calendar import local_datetime
from stage.core.enums import PersonKind
from stage.core.models import OutboxMail, School

EVENT = "assessment_asked"
# Days after the last day of the placement from which each mail is due.
STEPS = {"ask": -ASK_DAYS_BEFORE, "first": 3, "second": 10}


def step_on(today: date, ends: date) -> str:
    """Which mail is due: a missed day is made up for, until the next one is."""
    passed = (today - ends).days
    return max((days, step) for step, days in STEPS.items() if days <= passed)[1]


@transaction.atomic
def ask_for_assessments(school: School, today: date) -> int:
    """Queue one mail per company person for all its trainees of the school; returns how many.

    Runs in the school's scope and may run many times a day.
    """
    due = _not_asked_yet(school, today)
    contacts = _contacts_of(school, due)
    bundles: dict[int, list[tuple[Placement, str]]] = defaultdict(list)
    for placement in due:
        contact = contacts.get(placement.pk)
        if contact is not None:
            bundles[contact.pk].append((placement, step_on(today, placement.ends)))
    regions = {c.pk: c.region_id for c in contacts.values()}
    for contact_id, bundle in bundles.items():
        mail.queue(
            EVENT,
            person_kind=PersonKind.CONTACT,
            person_id=contact_id,
            # Of each school one a day: a mail names one school's students.
            key=f"{EVENT}:{school.pk}:{contact_id}:{today:%Y%m%d}",
            region_id=regions[contact_id],
            school_id=school.pk,
            details={"asked": [f"{p.public_id}:{step}" for p, step in bundle]},
        )
    return len(bundles)


def _not_asked_yet(school: School, today: date) -> list[Placement]:
    since: datetime = local_datetime(today - timedelta(days=40), time(0))
    sent = OutboxMail.objects.filter(event=EVENT, school_id=school.pk, created_at__gte=since)
    asked = {item for more in sent.values_list("details", flat=True) for item in more["asked"]}
    rows = ending_soon_without_assessment(today).filter(school_id=school.pk)
    return [p for p in rows if f"{p.public_id}:{step_on(today, p.ends)}" not in asked]


def _contacts_of(school: School, placements: list[Placement]) -> dict[int, Contact]:
    """Whom to ask per placement: its supervisor, else a contact; people the school knows."""
    known = trust.known_people(school.pk, {p.company_id for p in placements})
    found = {}
    for p in placements:
        people = known.get(p.company_id, [])
        own = [c for c in people if c.pk == p.supervisor_now_id]
        contacts = [c for c in people if ContactRole.CONTACT in c.may]
        if own or contacts:
            found[p.pk] = (own or contacts)[0]
    return found
