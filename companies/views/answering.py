"""What the form of an answer starts from, for the company and for whoever called it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from companies import queries
from companies.enums import ContactRole
from companies.forms.base import Ground
from companies.forms.people import SOMEBODY_ELSE
from companies.models import Company, Contact, Department, Invitation, Location, Place
from companies.services import offers
from companies.services.answers import version_of
from companies.wanted import wanted_words
from stage.core.dutch.calendar import school_today
from stage.core.tenants import tenancy
from stage.core.ui.dates import day_words, hours_words, period_words


def ground_of(invitation: Invitation, place: Place | None, wanted: str, actor) -> Ground:
    """Who works there, where, and what it offers to others; nothing of that for a no."""
    if wanted != "yes":
        return Ground()
    family = Company.objects.of_family([invitation.company_id])
    # Names, no addresses: whoever holds the link sees who works there, and the school asks later.
    contacts = Contact.objects.active().filter(company_id=invitation.company_id)
    elsewhere = _elsewhere(invitation) if actor.is_company else []
    by_link = actor.is_company and not actor.proven
    return Ground(
        contacts=list(contacts),
        locations=list(Location.objects.filter(company__in=family)),
        departments=list(Department.objects.filter(company__in=family)),
        elsewhere=elsewhere,
        words=_words(elsewhere, place) if elsewhere and by_link else None,
    )


def _words(elsewhere: list[offers.Held], place: Place | None) -> str:
    """The work as others were told it: of the offer that this school has a share of, if it does."""
    same = [row for row in elsewhere if place is not None and row.offer_id == place.offer_id]
    return [*same, *elsewhere][0].tasks


def _elsewhere(invitation: Invitation) -> list[offers.Held]:
    """What other schools have of this company at the time of this period."""
    period = invitation.period
    held = offers.offered_already(invitation.company, period.starts, period.ends)
    return [row for row in held if row.school_id != invitation.school_id]


def initial_of(invitation: Invitation, place: Place | None, wanted: str) -> dict:
    """What is already known: the answer given before, else that of last time, else the profile."""
    start = {"seen": version_of(invitation), "reason": invitation.reason}
    if wanted == "later" and invitation.ask_again_on:
        return {**start, "month": invitation.ask_again_on.isoformat()}
    if wanted != "yes":
        return {**start, "no_reason": invitation.no_reason}
    before = place or _last_place(invitation)
    days = set(before.weekdays if before else []) & set(invitation.period.weekdays)
    off = invitation.poll_days.filter(available=False) if place else []
    return {
        **start,
        "how_many": before.how_many if before else 1,
        "weekdays": sorted(days) or invitation.period.weekdays,
        "not_on": [d.date.isoformat() for d in off if d.date.isoweekday() in days],
        "day_from": before.day_from if before else None,
        "day_to": before.day_to if before else None,
        "location": str((before and before.offer.location_id) or _first_location(invitation)),
        "department": str((before and before.offer.department_id) or ""),
        "tasks": (before and before.offer.tasks) or invitation.company.tasks,
        "supervisor": str(_usual_supervisor(invitation, before) or SOMEBODY_ELSE),
    }


def _usual_supervisor(invitation: Invitation, before: Place | None) -> int | None:
    """Who guided before, else a supervisor of the company, else whom the letter was written to."""
    active = Contact.objects.active().filter(company_id=invitation.company_id)
    known = {c.pk: c for c in active}
    guides = [c.pk for c in known.values() if ContactRole.SUPERVISOR in c.roles]
    wanted = [before.supervisor_id if before else None, *guides, invitation.contact_id]
    return next((pk for pk in wanted if pk in known), None)


def _first_location(invitation: Invitation) -> int | str:
    rows = Location.objects.filter(company_id=invitation.company_id)
    return rows.values_list("pk", flat=True).first() or ""


def _last_place(invitation: Invitation) -> Place | None:
    """What the company offered this school last time; its link shows this one invitation only."""
    with tenancy.as_school_of(invitation):
        return queries.last_place(invitation.company_id)


def facts_of(invitation: Invitation, *, hours: bool = True) -> list[tuple[str, str]]:
    """What is asked. `hours`: those of the school, unless the company told its own."""
    period = invitation.period
    pairs = [
        (_("Wanneer"), period_words(period.starts, period.ends)),
        (_("Werktijden"), hours_words(period.day_from, period.day_to) if hours else ""),
        (_("Soort stage"), period.get_kind_display()),
    ]
    before = invitation.campaign.answer_before if invitation.campaign else None
    # A second letter opens the same question: the day of the first may be over.
    if before and before > school_today():
        pairs.append((_("Graag antwoord voor"), day_words(before)))
    if invitation.campaign:
        pairs.append((_("Gezocht"), wanted_words(invitation.campaign.wanted)))
    return [(label, words) for label, words in pairs if words]
