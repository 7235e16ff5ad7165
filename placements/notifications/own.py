"""Mails about a company that a student brings."""

from __future__ import annotations

from django.utils.translation import gettext as _

from placements.models import OwnCompany
from placements.notifications.parts import button, page
from stage.core import mail
from stage.core.enums import NoticeKind, Pace


@mail.event("own_company_checked", mail.Notice(NoticeKind.APPLICATION, student=Pace.AT_ONCE))
def own_company_checked(row) -> mail.Letter | None:
    """To the student: the school asked the company, or says no and why."""
    rows = OwnCompany.objects.filter(pk=row.about_id).select_related("school", "application")
    own = rows.first()
    if own is None or not (own.application or own.is_refused):
        return None
    return mail.Letter(
        "own_company_checked_for_student",
        {
            **button(page("placements:own_company"), _("Bekijk hoe het staat")),
            "own": own,
            "school": own.school,
            "sender_name": own.school.name,
        },
    )
