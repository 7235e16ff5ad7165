"""Who guides whom: whose rows a member of staff reaches. The one place that answers it.

Two questions, and no third:

* whose rows does this actor reach: `visible_to` of every row about a student asks `REACH`;
* may this actor do what is for who guides the student: `guides(actor, row)`.

A student's guides are the mentor (on the student) and who stands in `Guides`: a placement's
teacher, a stand-in, a jobcoach. A role without a line in `REACH` sees nothing at a school. What
only the teacher of one placement may, `placements.policies.leads` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from stage.core.enums import STAFF, Audience
from stage.core.models import Membership
from stage.core.models.base import SchoolReach, reach_by
from stage.core.who.policies import ALLOWED, Answer, Denied
from stage.schools.enums import GuideKind
from stage.schools.models import Guides, Student


def everybody(actor) -> None:
    """Every student of the school."""
    return


def guided(actor):
    """The numbers of the students whom this member of staff guides, as a subquery."""
    return guided_by(actor.membership)


REACH: dict[str, Callable] = {
    Audience.COORDINATOR: everybody,
    Audience.TEACHER: guided,
    Audience.JOB: everybody,
}


def guided_by(membership_id: int | None):
    """The numbers of the students whom somebody is mentor of or guides, as a subquery."""
    mentored = Student.objects.filter(mentor_id=membership_id).order_by().values("pk")
    reading = Guides.objects.reading().filter(who_id=membership_id).order_by()
    return mentored.union(reading.values("student_id"), all=True)


def of_guided(membership_id: int | None, column: str = "student") -> Q:
    """The same as a condition on the column that says whom a row is about."""
    return Q(**{f"{column}__in": guided_by(membership_id)})


def reached(actor, column: str = "student") -> Q | None:
    """A condition on that column: whom this actor reaches at a school; None without a limit."""
    rule = REACH.get(actor.role)
    if rule is None:
        return Q(pk__in=())
    students = rule(actor)
    return None if students is None else Q(**{f"{column}__in": students})


def stand_ins(membership_id: int | None, student_id: int) -> list[Membership]:
    """Who takes somebody's part for a student today; nobody as a rule. In the school's scope."""
    rows = Guides.objects.now().filter(
        kind=GuideKind.STAND_IN,
        instead_of_id=membership_id,
        student_id=student_id,
        who__ended_at__isnull=True,
    )
    return list({row.who_id: row.who for row in rows.select_related("who").order_by("pk")}.values())


def takes_part_of(membership_id: int | None, whose: str, student: str = "student") -> Q:
    """A condition: somebody is who the column `whose` names, or stands in for that one today.

    `student` is the column that says about whom the row is.
    """
    instead = Guides.objects.now().filter(
        kind=GuideKind.STAND_IN,
        who_id=membership_id,
        instead_of=OuterRef(whose),
        student=OuterRef(student),
    )
    return Q(**{whose: membership_id}) | Q(Exists(instead))


def guides(actor, row) -> Answer:
    """Staff that guides the student a row is about; the coordinator guides the whole school's.

    Asked once per row that was read: the parts of one page ask it of the same placement.
    """
    asked = row.__dict__.setdefault("_guided_by", {})
    who = (actor.role, actor.membership, actor.school_id)
    if who not in asked:
        asked[who] = guides_all(actor, [row])
    return asked[who]


def guides_all(actor, rows: Iterable) -> Answer:
    """The same for many rows in one query."""
    rows = list(rows)
    if actor.role not in STAFF or any(actor.school_id != row.school_id for row in rows):
        return Denied(_("Dit kan alleen een medewerker van de school."))
    wanted = {row.pk if isinstance(row, Student) else row.student_id for row in rows}
    limit = reached(actor, "pk")
    if limit is None or Student.objects.filter(limit, pk__in=wanted).count() == len(wanted):
        return ALLOWED
    return Denied(_("Je begeleidt deze leerling niet."))


def knows_names(actor) -> bool:
    """Who works at the school with students may know which others it has."""
    return actor.role in STAFF or actor.role == Audience.JOB


reach_by(SchoolReach(knows=lambda role: role in REACH, students=reached, names=knows_names))
