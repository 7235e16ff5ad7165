"""What a student can choose from: places with room in its periods, filtered and sorted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf

from companies.models import Place
from placements.enums import OPEN_APPLICATIONS
from placements.models import Application
from placements.queries import distance, free_places
from stage.core import names
from stage.core.models import Period, Profile, Student


@dataclass(frozen=True)
class Offer:
    """One place as a student sees it; `km` is None when home or work is unknown."""

    place: Place
    free: int
    km: float | None
    own_profile: bool
    profiles: list[str]
    application: Application | None

    @property
    def town(self) -> str:
        return self.place.location.city if self.place.location else ""

    @property
    def applied(self) -> bool:
        return self.application is not None and self.application.state in OPEN_APPLICATIONS

    def matches(self, key: str) -> bool:
        """Whether a search key is in the company's name, town or profiles."""
        return key in names.search_key(self.place.company.name, self.town, *self.profiles)


def offers_for(student: Student, periods: Iterable[Period], actor) -> list[Offer]:
    """Every open place with room in these periods; places the student applied to stay."""
    places = list(
        Place.objects.visible_to(actor)
        .open()
        .filter(period__in=list(periods))
        .select_related("company", "location", "period")
    )
    mine = Application.objects.visible_to(actor).filter(place__in=places)
    applications = {a.place_id: a for a in mine}
    free = free_places(places, student=student)
    labels = dict(Profile.objects.values_list("code", "name"))
    offers = [offer_of(p, student, free[p.pk], applications.get(p.pk), labels) for p in places]
    return [o for o in offers if o.free or o.applied]


def offer_of(
    place: Place,
    student: Student,
    free: int,
    application: Application | None,
    labels: Mapping[str, str],
) -> Offer:
    """One place, seen by one student."""
    codes = place.company.profiles
    return Offer(
        place=place,
        free=free,
        km=distance(student, place.location),
        own_profile=bool(student.profile and student.profile.code in codes),
        profiles=[labels.get(code, code) for code in codes],
        application=application,
    )


def chosen(
    offers: Iterable[Offer], *, query: str = "", profile: str = "", km: int | None = None
) -> list[Offer]:
    """Those that fit the search, the profile and the greatest distance (unknown ones stay)."""
    key = names.search_key(query)
    return [
        o
        for o in offers
        if (not key or o.matches(key))
        and (not profile or profile in o.place.company.profiles)
        and (km is None or o.km is None or o.km <= km)
    ]


def sorted_offers(offers: Iterable[Offer], order: str) -> list[Offer]:
    """By distance or name; otherwise the student's own profile first, then near before far."""

    def key(offer: Offer):
        far = inf if offer.km is None else offer.km
        name = (offer.place.company.sort_name, offer.place.pk)
        if order == "naam":
            return name
        if order == "afstand":
            return (far, *name)
        return (not offer.own_profile, far, *name)

    return sorted(offers, key=key)
