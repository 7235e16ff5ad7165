"""Mails about placements; handlers read anew and answer None when outdated."""

from __future__ import annotations

from django.utils.translation import gettext as _

from placements import teachers
from placements.enums import ApplicationState, PlacementState
from placements.models import Application, Placement
from placements.notifications.parts import (
    about,
    button,
    days_of,
    link,
    names,
    page,
    placement_of,
)
from stage.core import mail
from stage.core.enums import NoticeKind, Pace


@mail.event("placement_made", mail.Notice(NoticeKind.PLACEMENT, student=Pace.AT_ONCE))
def placement_made(row) -> mail.Letter | None:
    """To the student: you have a placement."""
    placement = placement_of(row)
    if placement is None:
        return None
    return mail.Letter(
        "placement_made_for_student",
        {
            **about(placement),
            **button(page("placements:placement_show", placement.public_id), _("Bekijk je stage")),
            "placement": placement,
            "days": days_of(placement),
        },
    )


@mail.event("placement_undone", mail.Notice(NoticeKind.PLACEMENT, student=Pace.AT_ONCE))
def placement_undone(row) -> mail.Letter | None:
    """To the student: the school undid the match; whether the company's yes still stands."""
    rows = Placement.objects.filter(pk=row.about_id, state=PlacementState.CANCELLED)
    placement = rows.select_related("company", "period", "school").first()
    if placement is None:
        return None
    mine = Application.objects.filter(
        student_id=placement.student_id, period_id=placement.period_id
    ).select_related("company")
    return mail.Letter(
        "placement_undone_for_student",
        {
            **about(placement),
            **button(page("placements:application_list"), _("Bekijk je sollicitaties")),
            "kept": mine.filter(
                place_id=placement.place_id, state=ApplicationState.ACCEPTED
            ).exists(),
            "back": names(a for a in mine if a.is_with_company),
        },
    )


@mail.event("placement_brief", mail.Notice(NoticeKind.PLACEMENT))
def placement_brief(row) -> mail.Letter | None:
    """To the company's contact and supervisor: who comes, how long, what guidance."""
    placement = placement_of(row)
    if placement is None:
        return None
    return mail.Letter(
        "placement_brief_for_contact",
        {
            **about(placement),
            "placement": placement,
            "days": days_of(placement),
            "hours": f"{placement.day_from:%H:%M} – {placement.day_to:%H:%M}",
            **button(link(row, "trainee"), _("Bekijk wie er komt")),
        },
        reply_to=teachers.answers_to(placement),
    )
