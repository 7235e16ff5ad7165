"""Mails to student and company: who stands in for the teacher, and that the teacher is back."""

from __future__ import annotations

from django.utils.translation import gettext as _

from placements.notifications.parts import button, link, page
from placements.stand_ins import BEGAN, OVER
from stage.core import mail
from stage.core.enums import NoticeKind, Pace, PersonKind
from stage.core.models import Membership
from stage.core.ui.dates import period_words
from stage.schools.models import StandIn

LETTERS = {
    (BEGAN, PersonKind.STUDENT): "teacher_replaced_for_student",
    (BEGAN, PersonKind.CONTACT): "teacher_replaced_for_contact",
    (OVER, PersonKind.STUDENT): "teacher_back_for_student",
    (OVER, PersonKind.CONTACT): "teacher_back_for_contact",
}
NOTICE = mail.Notice(NoticeKind.GUIDANCE, student=Pace.AT_ONCE, company=True)


@mail.event(BEGAN, NOTICE)
def teacher_replaced(row) -> mail.Letter | None:
    """Who guides for a while, until when, and whom to call; not when it ended meanwhile."""
    stand_in = _stand_in(row)
    if stand_in is None or not stand_in.is_open:
        return None
    return _letter(row, stand_in, stand_in.stand_in)


@mail.event(OVER, NOTICE)
def teacher_back(row) -> mail.Letter | None:
    """It ended early: whom to call from now on."""
    stand_in = _stand_in(row)
    if stand_in is None or stand_in.ended_at is None:
        return None
    return _letter(row, stand_in, stand_in.absent)


def _stand_in(row) -> StandIn | None:
    rows = StandIn.objects.filter(pk=row.about_id)
    return rows.select_related("absent", "stand_in", "school").first()


def _letter(row, stand_in: StandIn, who: Membership) -> mail.Letter:
    if row.person_kind == PersonKind.CONTACT:
        address = button(link(row, "trainee"), _("Bekijk de stagiairs"))
    else:
        address = button(page("web:student_stage"), _("Naar je stage"))
    facts = {
        "school": stand_in.school,
        "sender_name": stand_in.school.name,
        "absent": stand_in.absent.name,
        "stand_in": stand_in.stand_in.name,
        "when": period_words(stand_in.starts, stand_in.until),
        "telephone": who.telephone,
        **address,
    }
    template = LETTERS[row.event, PersonKind(row.person_kind)]
    return mail.Letter(template, facts, reply_to=who.email)
