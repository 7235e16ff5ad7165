"""Reads that span models: places in use, what a student can choose, who guides how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from companies import trust
from companies.enums import ContactRole
from companies.models import Company, Contact, Location, Place
from placements.enums import LIVE_PLACEMENTS, ApplicationState, PlacementState
from placements.models import Application, Placement, PlannedDay
from stage.core.dutch import geo
from stage.core.dutch.calendar import school_today
from stage.core.enums import Role
from stage.core.models import Membership
from stage.core.tenants import tenancy
from stage.schools.models import GroupStudent, Period, SchoolSettings, Student


def planned_days(actor, placement: Placement) -> list[PlannedDay]:
    """All planned days of one placement, the first one first; read once for the parts of a page."""
    known = placement.__dict__.setdefault("_planned_read", {})
    who = (actor.kind, actor.id, actor.role)
    if who not in known:
        known[who] = list(PlannedDay.objects.visible_to(actor).filter(placement=placement))
    return known[who]


def used_places(place_ids: Iterable[int]) -> dict[int, int]:
    """How many of each place are taken, by id; a place nobody asked for is left out.

    Taken are live placements, and yeses of companies that did not become a placement yet. Counts
    what the running scope sees: everything in a school's or the company's own; a student's sees
    only itself, so pages for students go by `free_places`.
    """
    return _used(place_id__in=list(place_ids))


def used_in(period_id: int) -> dict[int, int]:
    """The same for all places of a period."""
    return _used(place__period_id=period_id)


def _used(**which) -> dict[int, int]:
    """The same for the placements and yeses of a filter both have."""
    used: Counter[int] = Counter()
    # One that stops next week takes its place until then.
    leaving = Q(state=PlacementState.STOPPED, ends__gte=school_today())
    holding = Q(state__in=LIVE_PLACEMENTS) | leaving
    live = Placement.objects.filter(holding, place__isnull=False, **which)
    used.update(dict(live.order_by().values_list("place_id").annotate(Count("pk"))))
    used.update(dict(_reserved(**which).order_by().values_list("place_id").annotate(Count("pk"))))
    return dict(used)


def _reserved(**which) -> QuerySet[Application]:
    """Accepted applications that hold a place without a placement (ended ones do not count)."""
    became = Placement.objects.filter(
        student_id=OuterRef("student_id"), place_id=OuterRef("place_id")
    ).exclude(state=PlacementState.CANCELLED)
    return Application.objects.filter(~Exists(became), state=ApplicationState.ACCEPTED, **which)


def free_places(places: Iterable[Place], *, student: Student) -> dict[int, int]:
    """Free places by id, of the student's school: only numbers leave the school's scope."""
    rows = [p for p in places if p.school_id == student.school_id]
    with tenancy.as_school_of(student):
        used = used_places(p.pk for p in rows)
    return {p.pk: max(p.how_many - used.get(p.pk, 0), 0) for p in rows}


def room_in(periods: Iterable[Period], *, student: Student) -> dict[int, int]:
    """Free places by id, of all places of the student's school in these periods."""
    chosen = list(periods)
    with tenancy.as_school_of(student):
        places = Place.objects.filter(school_id=student.school_id, period__in=chosen)
        how_many = dict(places.order_by().values_list("pk", "how_many"))
        used = _used(school_id=student.school_id, place__period__in=chosen)
    return {pk: max(number - used.get(pk, 0), 0) for pk, number in how_many.items()}


def last_day_of(placement: Placement) -> date:
    """The last day of work that is planned; of a placement without any, its own last day."""
    rows = PlannedDay.objects.filter(placement=placement).order_by("-date")
    return rows.values_list("date", flat=True).first() or placement.ends


def live_placement(student_id: int, period_id: int) -> Placement | None:
    """The student's placement in a period, if it takes up a place."""
    rows = Placement.objects.live().filter(student_id=student_id, period_id=period_id)
    return rows.select_related("company").first()


def open_periods(student: Student, actor) -> list[Period]:
    """The periods of the student's groups that are not over."""
    members = GroupStudent.objects.visible_to(actor).filter(student=student)
    periods = Period.objects.visible_to(actor).filter(
        pk__in=members.values("group__period_id"), ends__gte=school_today()
    )
    return list(periods.order_by("starts", "pk"))


def point_of_student(student: Student) -> geo.Point | None:
    """Roughly where a student lives: the middle of the town, never the address."""
    return geo.place_coordinates(student.city) if student.city else None


def point_of_location(location: Location | None) -> geo.Point | None:
    """Where the work is: its own coordinates, else the middle of the town."""
    if location is None:
        return None
    if location.latitude is not None and location.longitude is not None:
        return (location.latitude, location.longitude)
    return geo.place_coordinates(location.city) if location.city else None


def distance(student: Student, location: Location | None) -> float | None:
    """Kilometres as the crow flies between home and work; None when either is unknown."""
    home, work = point_of_student(student), point_of_location(location)
    return geo.distance_km(home, work) if home and work else None


@dataclass(frozen=True)
class Load:
    """How many students a member of staff guides in a period."""

    membership: Membership
    students: int


def teacher_loads(actor, period_ids: Iterable[int]) -> list[Load]:
    """Staff who can guide, least loaded first, then by name."""
    ids = list(period_ids)
    counts = Counter(
        Placement.objects.visible_to(actor)
        .live()
        .filter(period_id__in=ids, teacher__isnull=False)
        .order_by()
        .values_list("teacher_id", flat=True)
    )
    staff = Membership.objects.visible_to(actor).active().staff().filter(school=actor.school_id)
    loads = [Load(m, counts.get(m.pk, 0)) for m in staff]
    return sorted(loads, key=lambda load: (load.students, load.membership.name, load.membership.pk))


def companies_with_supervisor(company_ids: Iterable[int]) -> set[int]:
    """Companies that have somebody who guides students, be it at another member of the family."""
    families = Company.objects.families(list(company_ids))
    rows = Contact.objects.active().with_role(ContactRole.SUPERVISOR)
    guiding = set(rows.filter(company_id__in=families).values_list("company_id", flat=True))
    found = {families[pk] for pk in guiding}
    return {pk for pk, family in families.items() if family in found}


def contact_of(school_id: int, company_id: int, *, place: Place | None = None) -> Contact | None:
    """Whom a school mails at a company about a student: nobody but people it knows.

    Who was asked for this place, else its contact, else anybody known; with `address`. Run in the
    school's scope.
    """
    rows = trust.known_people(school_id, [company_id]).get(company_id, [])
    asked = place.invitation.contact_id if place and place.invitation else None
    chosen = [c for c in rows if c.pk == asked and ContactRole.CONTACT in c.may]
    chosen += [c for c in rows if ContactRole.CONTACT in c.may]
    return next(iter([*chosen, *rows]), None)


@dataclass(frozen=True)
class SchoolDesk:
    """Whom a company that said yes calls."""

    name: str
    telephone: str
    email: str
    coordinators: list[Membership]


def desk_of(application: Application) -> SchoolDesk:
    """The school's number and its coordinators, for a company that keeps a place."""
    with tenancy.as_school_of(application):
        settings = SchoolSettings.objects.of(application.school_id)
        staff = Membership.objects.active().filter(
            school_id=application.school_id, role=Role.COORDINATOR
        )
        return SchoolDesk(
            application.school.name,
            settings.telephone,
            settings.email,
            list(staff.order_by("name", "pk")),
        )
