"""Mails about applications; handlers read anew and answer None when outdated."""

from __future__ import annotations

from django.utils.translation import gettext as _

from placements.enums import UNANSWERED_DAYS, ApplicationState
from placements.notifications.parts import (
    about,
    applicant_link,
    application_of,
    beside,
    button,
    class_of,
    link,
    page,
    school_mail,
)
from placements.words import student_word
from stage.core import mail
from stage.core.enums import NoticeKind, Pace


@mail.event("application_sent", mail.Notice(NoticeKind.APPLICATION))
def application_sent(row) -> mail.Letter | None:
    """To the company: a student applies. No name in the mail: the page asks for a code first."""
    application = application_of(row)
    if application is None or application.state != ApplicationState.WITH_COMPANY:
        return None
    return mail.Letter(
        "application_sent_for_contact",
        {
            **about(application),
            **button(applicant_link(row, application), _("Lees de sollicitatie")),
            "class": class_of(application),
            "days": UNANSWERED_DAYS,
            "for_one": application.place.for_one,
        },
        reply_to=school_mail(application),
    )


@mail.event("application_back", mail.Notice(NoticeKind.APPLICATION))
def application_back(row) -> mail.Letter | None:
    """To the company: what rested or was closed asks again."""
    application = application_of(row)
    if application is None or application.state != ApplicationState.WITH_COMPANY:
        return None
    return mail.Letter(
        "application_back_for_contact",
        {
            **about(application),
            **button(applicant_link(row, application), _("Lees de sollicitatie")),
            "class": class_of(application),
            "days": UNANSWERED_DAYS,
        },
        reply_to=school_mail(application),
    )


@mail.event("application_parked", mail.Notice(NoticeKind.APPLICATION, company=True))
def application_parked(row) -> mail.Letter | None:
    """To the company: no answer is needed now; never where else the student may go."""
    return _rests(row, (ApplicationState.PARKED,), "application_parked_for_contact")


@mail.event("application_closed", mail.Notice(NoticeKind.APPLICATION, company=True))
def application_closed(row) -> mail.Letter | None:
    """To the company: no answer is needed any more."""
    over = (ApplicationState.CLOSED, ApplicationState.WITHDRAWN)
    return _rests(row, over, "application_closed_for_contact")


def _rests(row, states: tuple[str, ...], template: str) -> mail.Letter | None:
    application = application_of(row)
    if application is None or application.state not in states:
        return None
    context = {
        **about(application),
        **button(link(row, "application"), _("Bekijk wat er wacht")),
        "class": class_of(application),
    }
    return mail.Letter(template, context, reply_to=school_mail(application))


@mail.event("application_off", mail.Notice(NoticeKind.APPLICATION))
def application_off(row) -> mail.Letter | None:
    """To the company: somebody it said yes to does not come; not why."""
    application = application_of(row)
    if application is None or application.state in (
        ApplicationState.ACCEPTED,
        ApplicationState.WITH_COMPANY,
    ):
        return None
    return mail.Letter(
        "application_off_for_contact",
        {
            **about(application),
            **button(link(row, "application"), _("Bekijk wat er wacht")),
            "class": class_of(application),
        },
        reply_to=school_mail(application),
    )


@mail.event("application_answered", mail.Notice(NoticeKind.APPLICATION, student=Pace.AT_ONCE))
def application_answered(row) -> mail.Letter | None:
    """To the student: yes, no, or no answer in time; with what it did to the others."""
    application = application_of(row)
    known = (ApplicationState.ACCEPTED, ApplicationState.DECLINED, ApplicationState.EXPIRED)
    if application is None or application.state not in known:
        return None
    context = {
        **about(application),
        **button(page("placements:application_list"), _("Bekijk je sollicitaties")),
        "word": student_word(application.state),
        "reason": application.reason,
        "good": application.state == ApplicationState.ACCEPTED,
        **beside(application),
    }
    return mail.Letter("application_answered_for_student", context)
