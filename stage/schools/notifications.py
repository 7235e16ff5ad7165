"""Mails of a school itself: who stands in for a colleague."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from stage.core import mail
from stage.core.enums import NoticeKind, Pace
from stage.core.ui.dates import period_words
from stage.schools.models import Guides, StandIn, Student


@mail.event("stand_in_began", mail.Notice(NoticeKind.GUIDANCE, staff=Pace.AT_ONCE))
def stand_in_began(row) -> mail.Letter | None:
    """To who stands in: for whom, until when, and which students; also when it is prolonged."""
    stand_in = _open(row)
    if stand_in is None or not stand_in.is_open:
        return None
    part = Guides.objects.filter(source="stand_in", number=stand_in.pk)
    students = Student.objects.filter(pk__in=part.values("student_id"))
    names = [s.full_name for s in students.order_by("sort_name", "pk")]
    return _letter(stand_in, "stand_in_began_for_membership", names=names, count=len(names))


@mail.event("stand_in_ended", mail.Notice(NoticeKind.GUIDANCE, staff=Pace.AT_ONCE))
def stand_in_ended(row) -> mail.Letter | None:
    """To who stood in: the colleague is back."""
    stand_in = _open(row)
    if stand_in is None or stand_in.ended_at is None:
        return None
    return _letter(stand_in, "stand_in_ended_for_membership")


def _open(row) -> StandIn | None:
    rows = StandIn.objects.filter(pk=row.about_id, stand_in=row.person_id)
    return rows.select_related("absent", "school").first()


def _letter(row: StandIn, template: str, **context) -> mail.Letter:
    address = settings.SITE_URL + reverse("web:home")
    facts = {
        "absent": row.absent.name,
        "when": period_words(row.starts, row.until),
        "school": row.school,
        "address": address,
        "button_url": address,
        "button_label": _("Naar mijn leerlingen"),
        **context,
    }
    return mail.Letter(template, facts, reply_to=row.absent.email)
