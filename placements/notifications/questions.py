"""Mails about what a company asks before it decides."""

from __future__ import annotations

from django.utils.translation import gettext as _

from placements.models import ApplicationQuestion
from placements.notifications.parts import about, applicant_link, button, page, school_mail
from stage.core import mail
from stage.core.enums import NoticeKind, Pace


@mail.event(
    "question_asked", mail.Notice(NoticeKind.APPLICATION, staff=Pace.AT_ONCE, student=Pace.AT_ONCE)
)
def question_asked(row) -> mail.Letter | None:
    """To the student, or to the coordinators: a company's question, while it waits."""
    question = _question(ApplicationQuestion.objects.open(), row)
    if question is None:
        return None
    to_student = question.is_to_student
    return mail.Letter(
        "question_asked_for_student" if to_student else "question_asked_for_membership",
        {
            **about(question.application),
            **button(page("placements:question_answer", question.public_id), _("Geef antwoord")),
            "question": question,
            "student": question.student,
        },
    )


@mail.event("question_answered", mail.Notice(NoticeKind.APPLICATION))
def question_answered(row) -> mail.Letter | None:
    """To the company. In words only to who asked: that mailbox was proven."""
    question = _question(ApplicationQuestion.objects.exclude(answered_at=None), row)
    if question is None:
        return None
    return mail.Letter(
        "question_answered_for_contact",
        {
            **about(question.application),
            **button(applicant_link(row, question.application), _("Bekijk de sollicitatie")),
            "question": question,
            "in_words": question.asked_by_id == row.person_id,
        },
        reply_to=school_mail(question.application),
    )


def _question(rows, row) -> ApplicationQuestion | None:
    related = ("application__company", "application__period", "application__school", "student")
    return rows.filter(pk=row.about_id).select_related(*related).first()
