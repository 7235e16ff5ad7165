"""Mails about assessments, and the link in them."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.queries import ending_soon_without_assessment
from assessments.services.asking import EVENT
from placements.teachers import answers_to_all
from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.enums import NoticeKind, Pace, PersonKind
from stage.core.who import links

ASSESSMENT = links.purpose("assessment", page="assessments:assessment_list", needs_code=True)


@mail.event(EVENT, mail.Notice(NoticeKind.ASSESSMENT))
def assessment_asked(row) -> mail.Letter | None:
    """To a company person: all trainees of one school that wait, None when none does any more."""
    wanted = [item.partition(":") for item in row.details["asked"]]
    steps = {public_id: step for public_id, _colon, step in wanted}
    waiting = ending_soon_without_assessment(school_today()).filter(school_id=row.school_id)
    placements = list(
        waiting.filter(public_id__in=steps).select_related("student", "school", "teacher")
    )
    if not placements:
        return None
    context = {
        "trainees": [{"name": p.student.first_name, "ends": p.ends} for p in placements],
        "school": placements[0].school.name,
        "reminder": any(steps[p.public_id] != "ask" for p in placements),
        "sender_name": placements[0].school.name,
        "button_url": links.link_for(
            person_kind=PersonKind.CONTACT,
            person_id=row.person_id,
            purpose=ASSESSMENT.name,
            region_id=row.region_id,
            school_id=row.school_id,
        ),
        "button_label": _("Vul de beoordeling in"),
    }
    return mail.Letter("assessment_asked_for_contact", context, reply_to=answers_to_all(placements))


@mail.event("assessment_given", mail.Notice(NoticeKind.ASSESSMENT, student=Pace.DAILY))
def assessment_given(row) -> mail.Letter | None:
    """To the student: your assessment is there."""
    rows = Assessment.objects.given().filter(pk=row.about_id)
    assessment = rows.select_related("company", "school").first()
    if assessment is None or assessment.reacted_at:
        return None
    context = {
        "company": assessment.company.name,
        "sender_name": assessment.school.name,
        "button_url": settings.SITE_URL
        + reverse("assessments:assessment_show", args=[assessment.public_id]),
        "button_label": _("Bekijk je beoordeling"),
    }
    return mail.Letter("assessment_given_for_student", context)
