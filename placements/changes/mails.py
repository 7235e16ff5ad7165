"""Who is told of a change, once, and of what is asked; run in the school's scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

from companies import trust
from placements import teachers
from placements.enums import ENDINGS, ChangeKind
from placements.mails import brief_recipients
from placements.models import Placement, PlacementChange
from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience, PersonKind, Role
from stage.core.models import Membership, School
from stage.schools.models import Guardian, Period

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What the mails of a change are about, per event, for the page that says who gets which.
_WORDS: dict[str, StrOrPromise] = {
    "placement_changed": _("wat er verandert"),
    "placement_made": _("de nieuwe stage"),
    "placement_brief": _("wie er komt"),
    "application_back": _("de sollicitatie loopt weer"),
    "application_closed": _("een sollicitatie is niet meer nodig"),
    "application_off": _("een leerling komt niet"),
}


def is_about(event: str, words: StrOrPromise) -> None:
    """Register what mails of an app above are about."""
    _WORDS[event] = words


def words_for(event: str) -> str:
    """What a mail of this event is about, in a few words."""
    return str(_WORDS.get(event, _("bericht")))


class Told(NamedTuple):
    """Somebody who gets a mail, as mail knows people, and a name for the page."""

    kind: str
    id: int
    name: str
    region_id: int


def told_of(placement: Placement, kind: str, *, besides: int | None = None) -> list[Told]:
    """Everybody whom a change of this kind is mailed to; `besides` is the membership that does it.

    The student and its guardians as far as they have an address; the company's contact and
    supervisor; the teacher.
    """
    region = School.objects.values_list("region_id", flat=True).get(pk=placement.school_id)
    student = placement.student
    found = []
    if student.email and student.left_on is None:
        found.append(Told(PersonKind.STUDENT, student.pk, student.full_name, region))
    if kind in ENDINGS and student.is_minor_on(school_today()):
        found += [
            Told(PersonKind.GUARDIAN, row.pk, row.name, region)
            for row in Guardian.objects.filter(student=student, may_sign=True).order_by("pk")
            if row.email and not row.is_stopped
        ]
    found += [
        Told(PersonKind.CONTACT, row.pk, row.name, row.region_id)
        for row in brief_recipients(placement)
    ]
    found += [
        Told(PersonKind.MEMBERSHIP, row.pk, row.name, region)
        for row in teachers.mailed(placement)
        if row.pk != besides
    ]
    return list({(t.kind, t.id): t for t in found}.values())


def change_done(change: PlacementChange, *, actor) -> None:
    """Everybody concerned, as the placement now is, and who guided before; once per change."""
    placement = Placement.objects.select_related(
        "student", "teacher", "supervisor", "stand_in", "place__invitation"
    ).get(pk=change.placement_id)
    people = [*told_of(placement, change.kind, besides=actor.membership), *_before(change)]
    for person in {(p.kind, p.id): p for p in people}.values():
        if (person.kind, person.id) != (PersonKind.MEMBERSHIP, actor.membership):
            _queue("placement_changed", person, change, once=_moment(change))


def _moment(change: PlacementChange) -> str:
    """All changes of one student in one step are one mail to a person; the letter names them."""
    return f"{change.student_id}:{change.decided_at.timestamp() if change.decided_at else 0}"


def _before(change: PlacementChange) -> Iterator[Told]:
    """Who guided until now hears that somebody else does; and who will, from a day that comes."""
    values, after = change.before["values"], change.before["after"]
    if change.kind == ChangeKind.SUPERVISOR:
        there = change.company_id
        people = trust.known_people(change.school_id, [there]).get(there, [])
        guides = {side.get(n) for side in (values, after) for n in ("supervisor_id", "stand_in_id")}
        guides |= {change.placement.supervisor_id}
        for row in people:
            if row.pk in guides:
                yield Told(PersonKind.CONTACT, row.pk, row.name, row.region_id)
    if change.kind != ChangeKind.TEACHER:
        return
    number = values.get("teacher_id")
    for row in Membership.objects.active().filter(pk=number, school_id=change.school_id):
        region = School.objects.values_list("region_id", flat=True).get(pk=change.school_id)
        yield Told(PersonKind.MEMBERSHIP, row.pk, row.name, region)


def change_asked(change: PlacementChange) -> None:
    """A company, student or guardian asks: to the school's coordinators."""
    region = School.objects.values_list("region_id", flat=True).get(pk=change.school_id)
    staff = Membership.objects.active().filter(school_id=change.school_id, role=Role.COORDINATOR)
    for row in staff.order_by("pk"):
        _queue("change_asked", Told(PersonKind.MEMBERSHIP, row.pk, row.name, region), change)


def change_refused(change: PlacementChange) -> None:
    """The school's no, to who asked: the company, else the student if it has an address."""
    placement = change.placement
    asked = PersonKind.CONTACT if change.asked_kind == Audience.COMPANY else PersonKind.STUDENT
    if change.asked_kind == Audience.GUARDIAN:
        asked = PersonKind.GUARDIAN
    for person in told_of(placement, ChangeKind.STOP):
        if person.kind == asked:
            _queue("change_refused", person, change)


def _queue(event: str, person: Told, change: PlacementChange, *, once: str = "") -> None:
    mail.queue(
        event,
        person_kind=person.kind,
        person_id=person.id,
        key=f"{event}:{once or change.public_id}:{person.kind}:{person.id}",
        region_id=person.region_id,
        school_id=change.school_id,
        about=change,
    )


def many_changed(period: Period, changes: Iterable[PlacementChange], *, actor) -> None:
    """One press for many placements: to everybody one mail, of all that concerns that person."""
    concerns: dict[tuple[str, int], list[int]] = {}
    people: dict[tuple[str, int], Told] = {}
    run = ""
    for change in changes:
        run = run or change.wanted.get("run") or change.public_id
        placement = Placement.objects.select_related(
            "student", "teacher", "supervisor", "stand_in", "place__invitation"
        ).get(pk=change.placement_id)
        for person in told_of(placement, change.kind, besides=actor.membership):
            people[person.kind, person.id] = person
            concerns.setdefault((person.kind, person.id), []).append(change.pk)
    mail.queue_many(
        mail.Post(
            "period_changed",
            person_kind=person.kind,
            person_id=person.id,
            key=f"period_changed:{run}:{person.kind}:{person.id}",
            region_id=person.region_id,
            school_id=period.school_id,
            about=period,
            details={"changes": concerns[who]},
        )
        for who, person in people.items()
    )
