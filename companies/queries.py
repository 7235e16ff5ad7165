"""Reads that need more than one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Q, Sum
from django.utils import timezone

from companies import trust
from companies.enums import InvitationState, PlaceState, Shown, Standing
from companies.models import Company, Contact, Invitation, LetterStop, Place
from stage.core.models import School

RECENT_WEEKS = 8
CALLED_ABOUT = timedelta(days=180)  # an older question is not called about
UNASKED = ("queued", "held", "no_address")  # nothing reached the company


@dataclass(frozen=True)
class Asks:
    """How often a company was asked lately, by all schools of the region together."""

    schools: int
    last: datetime


def asked_recently(weeks: int = RECENT_WEEKS) -> dict[int, Asks]:
    """Per company of the running scope's regions; counts only, whose they are is not told."""
    since = timezone.now() - timedelta(weeks=weeks)
    with connection.cursor() as cursor:
        cursor.execute("SELECT company_id, schools, last_asked FROM pool_asks(%s)", [since])
        return {company: Asks(schools, last) for company, schools, last in cursor.fetchall()}


def mail_contacts(school_id: int, company_ids: Iterable[int]) -> dict[int, Contact]:
    """Whom this school asks at each company: whom it knows there, else whom others named.

    A contact person first; nobody who wants no letters of this school. For questions only: mails
    about students go to people the school knows
    (`trust.first_contacts`). In the school's scope.
    """
    ids = list(company_ids)
    families = Company.objects.families(ids)
    stopped = set(
        LetterStop.objects.filter(school_id=school_id, company__in=families).values_list(
            "company__family_id", "address"
        )
    )
    best: dict[int, Contact] = {}
    rows = Contact.objects.not_put_away(school_id).filter(company_id__in=families)
    for row in rows.exclude(email="").order_by("pk"):
        if (families[row.company_id], row.email.lower()) in stopped:
            continue
        found = best.get(families[row.company_id])
        if found is None or ("contact" in row.roles and "contact" not in found.roles):
            best[families[row.company_id]] = row
    named = {pk: best[family] for pk, family in families.items() if family in best}
    known = trust.first_contacts(school_id, ids, but=stopped)
    return {pk: named[pk] for pk in ids if pk in named} | known


def counts_of(campaign) -> dict[str, int]:
    """How many invitations are in each shown state; every state is named."""
    rows = Invitation.objects.filter(campaign=campaign).with_delivery().order_by()
    found = dict(rows.values_list("shown").annotate(n=Count("pk")))
    return {state: found.get(state, 0) for state in Shown.values}


def last_place(company_id: int, *, but=None) -> Place | None:
    """What the company offered last time, to fill in its form."""
    rows = Place.objects.for_all().filter(company_id=company_id).exclude(pk=but)
    return rows.select_related("offer").order_by("-pk").first()


def region_numbers(actor) -> dict:
    """The bureau's numbers: companies, asked, yes and places; per school and per company."""
    asked = Invitation.objects.visible_to(actor).questions().exclude(state__in=UNASKED).order_by()
    places = Place.objects.visible_to(actor).filter(state=PlaceState.OPEN).order_by()
    offered = dict(places.values_list("school_id").annotate(n=Sum("how_many")))
    answers = {
        "asked": Count("pk"),
        "yes": Count("pk", filter=Q(state="yes")),
        "no": Count("pk", filter=Q(state="no")),
        "later": Count("pk", filter=Q(state="later")),
    }
    counted = asked.values("school_id").annotate(**answers).order_by("school_id")
    per_school = {row["school_id"]: row for row in counted}
    schools = School.objects.filter(region_id__in=actor.scope.regions)
    stops = LetterStop.objects.visible_to(actor)
    nothing = dict.fromkeys(answers, 0)
    return {
        "companies": Company.objects.visible_to(actor).present().count(),
        "asked": sum(row["asked"] for row in per_school.values()),
        "yes": sum(row["yes"] for row in per_school.values()),
        "places": sum(offered.values()),
        "stopped": stops.count(),
        "schools": [
            {"name": s.name, "places": offered.get(s.pk, 0), **per_school.get(s.pk, nothing)}
            for s in schools
        ],
    }


def silent_of_region(actor):
    """Questions that nobody answered yet, longest open first: whom the bureau may call.

    The bureau reads no periods; one that is over says so on its page.
    """
    rows = Invitation.objects.visible_to(actor).questions().unanswered()
    rows = rows.exclude(state=InvitationState.QUEUED)
    return rows.filter(
        company__standing=Standing.OPEN, created_at__gte=timezone.now() - CALLED_ABOUT
    ).order_by("created_at", "pk")
