"""Who hears that somebody stands in for the teacher: students, and the people of companies.

One mail per person, however many placements; run in the school's scope.
"""

from __future__ import annotations

from collections.abc import Iterable

from placements import mails
from placements.enums import OPEN_PLACEMENTS
from placements.models import Placement, PlacementQuerySet
from stage.core import mail
from stage.core.enums import MailState, PersonKind
from stage.core.models import OutboxMail
from stage.schools.enums import GuideKind
from stage.schools.models import Guides, StandIn

BEGAN, OVER = "teacher_replaced", "teacher_back"
Person = tuple[str, int, int]  # kind, number, region


def concerned(stand_in: StandIn) -> PlacementQuerySet:
    """Open placements in those days, guided by who is away, of the students it is for.

    Also where who is away stood in for that teacher.
    """
    part = Guides.objects.filter(
        kind=GuideKind.STAND_IN, source="stand_in", number=stand_in.pk
    ).values_list("student_id", "instead_of_id")
    pairs = set(part)
    rows = Placement.objects.filter(
        state__in=OPEN_PLACEMENTS,
        student__in={student for student, _whose in pairs},
        teacher__in={whose for _student, whose in pairs},
        starts__lte=stand_in.until,
        ends__gte=stand_in.starts,
    )
    found = [pk for pk, *pair in rows.values_list("pk", "student", "teacher") if (*pair,) in pairs]
    return Placement.objects.filter(pk__in=found)


def tell_began(stand_in: StandIn) -> None:
    """That somebody stands in, or does so until another day: that one alone, if neither left."""
    mail.withdraw_about(stand_in, BEGAN)
    _queue(BEGAN, stand_in, _people(stand_in), f":{stand_in.stand_in_id}:{stand_in.until}")


def tell_over(stand_in: StandIn) -> None:
    """That it ended early: to whoever was told that it began."""
    mail.withdraw_about(stand_in, BEGAN)
    told = OutboxMail.objects.about(StandIn).filter(about_id=stand_in.pk, event=BEGAN)
    told = told.exclude(state__in=[MailState.CANCELLED, MailState.REFUSED])
    rows = told.order_by().values_list("person_kind", "person_id", "region_id").distinct()
    _queue(OVER, stand_in, rows, "")


def _people(stand_in: StandIn) -> list[Person]:
    rows = concerned(stand_in).select_related("student", "place", "school").order_by("pk")
    found: dict[tuple[str, str], Person] = {}
    for placement in rows:
        region = placement.school.region_id
        if placement.student.email:
            student = (PersonKind.STUDENT, placement.student_id, region)
            found.setdefault((PersonKind.STUDENT, str(placement.student_id)), student)
        if placement.briefed_at is None:
            continue  # the company does not know of the student yet
        for contact in mails.brief_recipients(placement):
            person = (PersonKind.CONTACT, contact.pk, contact.region_id)
            found.setdefault((PersonKind.CONTACT, contact.address.lower()), person)
    return list(found.values())


def _queue(event: str, stand_in: StandIn, people: Iterable[Person], stamp: str) -> None:
    mail.queue_many(
        mail.Post(
            event,
            person_kind=kind,
            person_id=number,
            key=f"{event}:{stand_in.public_id}:{kind}:{number}{stamp}",
            region_id=region,
            school_id=stand_in.school_id,
            about=stand_in,
        )
        for kind, number, region in people
    )
