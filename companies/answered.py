"""What a company answered, in words: on its thank-you page and in the copy it gets by mail."""

from __future__ import annotations

from django.utils.translation import gettext as _

from companies.models import Location, Place, PollDay
from stage.core.ui.dates import day_words, hours_words, weekday_names

# Of a place, to be told whole.
RELATED = ("supervisor", "company", "period", "offer__location", "offer__department")


def given(place: Place) -> list[tuple[str, str]]:
    """What it offered, but for the words about the work: those may be long."""
    days = set(place.weekdays or place.period.weekdays)
    off = PollDay.objects.filter(invitation=place.invitation_id, available=False)
    cannot = [day.date for day in off.order_by("date") if day.date.isoweekday() in days]
    pairs = [
        (_("Plekken"), str(place.how_many)),
        (_("Dagen"), weekday_names(days)),
        (_("Werktijden"), hours_words(*place.hours)),
        (_("Dan kan het niet"), ", ".join(day_words(day) for day in cannot)),
        (_("Waar"), _where(place)),
        (_("Praktijkopleider"), place.supervisor.name if place.supervisor else ""),
    ]
    return [(label, words) for label, words in pairs if words]


def _where(place: Place) -> str:
    """The location, if the company has more than one, and the department."""
    offer = place.offer
    several = Location.objects.filter(company__family_id=place.company.family_id).count() > 1
    location = str(offer.location) if offer.location and several else ""
    return ", ".join(filter(None, [location, offer.department.name if offer.department else ""]))
