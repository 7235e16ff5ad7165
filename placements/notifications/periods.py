"""The mail about many placements at once; read anew, without what was taken back meanwhile."""

from __future__ import annotations

from datetime import date

from django.db.models import Min
from django.utils.translation import gettext as _

from placements.changes.shown import done_sides, title_of
from placements.enums import ChangeKind
from placements.models import PlacementChange
from placements.notifications.parts import button, link, page, school_mail
from stage.core import mail
from stage.core.enums import NoticeKind, Pace, PersonKind
from stage.schools.models import Period

LETTERS = {
    PersonKind.STUDENT: "period_changed_for_student",
    PersonKind.CONTACT: "period_changed_for_contact",
    PersonKind.MEMBERSHIP: "period_changed_for_membership",
}


def _from_when(row) -> date | None:
    """The first day that changes."""
    changes = PlacementChange.objects.done().filter(pk__in=row.details["changes"])
    return changes.aggregate(first=Min("from_on"))["first"]


@mail.event(
    "period_changed",
    mail.Notice(NoticeKind.PLACEMENT, staff=Pace.DAILY, student=Pace.AT_ONCE, known_by=_from_when),
)
def period_changed(row) -> mail.Letter | None:
    """To a student, a company's person or a teacher: what changes in the days of a period."""
    period = Period.objects.select_related("school").filter(pk=row.about_id).first()
    changes = list(
        PlacementChange.objects.done()
        .filter(pk__in=row.details["changes"])
        .select_related(
            "placement__company",
            "placement__student",
            "placement__school",
            "placement__period",
            "placement__teacher",
        )
        .order_by("placement__student__sort_name", "pk")
    )
    if period is None or not changes:
        return None
    first = changes[0]
    # What is the same for several stands there once.
    sides = list(dict.fromkeys(side for change in changes for side in done_sides(change)))
    companies = list(dict.fromkeys(c.placement.company.name for c in changes))
    label = _("Bekijk de stage") if len(changes) == 1 else _("Bekijk de stages")
    return mail.Letter(
        LETTERS[PersonKind(row.person_kind)],
        {
            "school": period.school,
            "sender_name": period.school.name,
            "period": period,
            "title": title_of(first),
            "off": first.kind == ChangeKind.CALLED_OFF,
            "why": first.get_reason_display() if first.kind == ChangeKind.CALLED_OFF else "",
            "count": len(changes),
            "company": ", ".join(companies),
            "sides": sides,
            "students": [
                (c.placement.student.full_name, c.placement.company.name) for c in changes
            ],
            **button(_address(row, period, first), label),
        },
        reply_to=school_mail(first.placement),
    )


def _address(row, period: Period, change: PlacementChange) -> str:
    if row.person_kind == PersonKind.CONTACT:
        return link(row, "trainee")
    if row.person_kind == PersonKind.MEMBERSHIP:
        return page("schools:period_show", period.public_id)
    return page("placements:placement_show", change.placement.public_id)
