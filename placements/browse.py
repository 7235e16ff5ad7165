"""What a student can choose from: places with room in its periods, filtered and sorted.

A region may offer a thousand places: choosing and sorting goes over thin rows, and only what a page
shows is read whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from django.db.models import Q

from companies.models import Place
from placements.enums import OPEN_APPLICATIONS
from placements.models import Application
from placements.queries import distance, free_places, point_of_student, room_in
from stage.core.dutch import geo, names
from stage.schools.models import Period, Profile, Student


@dataclass(frozen=True)
class Candidate:
    """A place with room as far as choosing needs it; `km` is None when home or work is unknown."""

    pk: int
    name: str
    sort_name: str
    codes: Sequence[str]  # profiles
    town: str
    km: float | None
    own_profile: bool
    free: int

    def matches(self, key: str, labels: Mapping[str, str]) -> bool:
        """Whether a search key is in the company's name, town or profiles."""
        profiles = [labels.get(code, code) for code in self.codes]
        return key in names.search_key(self.name, self.town, *profiles)


@dataclass(frozen=True)
class Option:
    """One place as a student sees it; `km` is None when home or work is unknown."""

    place: Place
    free: int
    km: float | None
    own_profile: bool
    profiles: list[str]
    application: Application | None

    @property
    def town(self) -> str:
        location = self.place.offer.location
        return location.city if location else ""

    @property
    def applied(self) -> bool:
        return self.application is not None and self.application.state in OPEN_APPLICATIONS


def profile_labels() -> dict[str, str]:
    """Names of the profiles by their code."""
    return dict(Profile.objects.values_list("code", "name"))


def candidates_for(student: Student, periods: Iterable[Period], actor) -> list[Candidate]:
    """Every open place with room in these periods; places the student applied to stay."""
    periods = list(periods)
    room = room_in(periods, student=student)
    mine = Application.objects.visible_to(actor).filter(
        place__period__in=periods, state__in=OPEN_APPLICATIONS
    )
    applied = set(mine.values_list("place_id", flat=True))
    rows = (
        Place.objects.visible_to(actor)
        .open()
        .filter(Q(for_one=False) | Q(pk__in=applied), period__in=periods)
        .order_by()
        .values_list(
            "pk",
            "company__name",
            "company__sort_name",
            "company__profiles",
            "offer__location__city",
            "offer__location__latitude",
            "offer__location__longitude",
        )
    )
    home, own = point_of_student(student), student.profile.code if student.profile else None
    found = []
    for pk, name, sort_name, codes, town, latitude, longitude in rows:
        free = room.get(pk, 0)
        if not free and pk not in applied:
            continue
        work: geo.Point | None
        if latitude is not None and longitude is not None:
            work = (latitude, longitude)
        else:
            work = geo.place_coordinates(town) if town else None
        km = geo.distance_km(home, work) if home and work else None
        found.append(Candidate(pk, name, sort_name, codes, town or "", km, own in codes, free))
    return found


def options_of(candidates: Iterable[Candidate], student: Student, actor) -> list[Option]:
    """The places themselves, in the order of the candidates, as the student sees them."""
    chosen = list(candidates)
    ids = [c.pk for c in chosen]
    rows = Place.objects.visible_to(actor).select_related("company", "offer__location", "period")
    rows = rows.defer("offer__location__poster_code")  # no student reads it
    places = rows.in_bulk(ids)
    mine = Application.objects.visible_to(actor).filter(place__in=ids)
    applications = {a.place_id: a for a in mine}
    labels = profile_labels()
    return [
        option_of(places[c.pk], student, c.free, applications.get(c.pk), labels)
        for c in chosen
        if c.pk in places
    ]


def option_of(
    place: Place,
    student: Student,
    free: int,
    application: Application | None,
    labels: Mapping[str, str],
) -> Option:
    """One place, seen by one student."""
    codes = place.company.profiles
    return Option(
        place=place,
        free=free,
        km=distance(student, place.offer.location),
        own_profile=bool(student.profile and student.profile.code in codes),
        profiles=[labels.get(code, code) for code in codes],
        application=application,
    )


def option_for(place: Place, student: Student, application: Application | None) -> Option:
    """One place with its room, read anew."""
    free = free_places([place], student=student)[place.pk]
    return option_of(place, student, free, application, profile_labels())


def narrowed(
    candidates: Iterable[Candidate], *, query: str = "", profile: str = "", km: int | None = None
) -> list[Candidate]:
    """Those that fit the search, the profile and the greatest distance (unknown ones stay)."""
    key = names.search_key(query)
    labels = profile_labels() if key else {}
    return [
        c
        for c in candidates
        if (not key or c.matches(key, labels))
        and (not profile or profile in c.codes)
        and (km is None or c.km is None or c.km <= km)
    ]


def in_order(candidates: Iterable[Candidate], order: str) -> list[Candidate]:
    """By distance or name; otherwise the student's own profile first, then near before far."""

    def key(candidate: Candidate):
        far = inf if candidate.km is None else candidate.km
        name = (candidate.sort_name, candidate.pk)
        if order == "naam":
            return name
        if order == "afstand":
            return (far, *name)
        return (not candidate.own_profile, far, *name)

    return sorted(candidates, key=key)
