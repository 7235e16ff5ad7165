"""Mails about applications and placements; handlers read anew and answer None when outdated."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.models import Company
from placements.enums import LIVE_PLACEMENTS, UNANSWERED_DAYS, ApplicationState
from placements.models import Application, Placement, StudentCard
from placements.words import student_word
from stage.core import mail
from stage.core.ui.dates import period_words
from stage.core.who import links
from stage.schools.models import SchoolSettings

# Both lead to a page with students' names: the mailbox is proven first.
links.purpose("application", page="placements:company_inbox", needs_code=True)
links.purpose("trainee", page="placements:trainee_list", needs_code=True)


@mail.event("application_sent")
def application_sent(row) -> mail.Letter | None:
    """To the company: a student applies. No name in the mail: the page asks for a code first."""
    application = _application(row)
    if application is None or application.state != ApplicationState.WITH_COMPANY:
        return None
    return mail.Letter(
        "application_sent_for_contact",
        {
            **_about(application),
            **_button(_link(row, "application"), _("Lees de sollicitatie")),
            "class": _class(application),
            "days": UNANSWERED_DAYS,
        },
        reply_to=_school_mail(application),
    )


@mail.event("application_off")
def application_off(row) -> mail.Letter | None:
    """To the company: somebody it said yes to does not come; not why."""
    application = _application(row)
    if application is None or application.state in (
        ApplicationState.ACCEPTED,
        ApplicationState.WITH_COMPANY,
    ):
        return None
    return mail.Letter(
        "application_off_for_contact",
        {
            **_about(application),
            **_button(_link(row, "application"), _("Bekijk wat er wacht")),
            "class": _class(application),
        },
        reply_to=_school_mail(application),
    )


@mail.event("application_answered")
def application_answered(row) -> mail.Letter | None:
    """To the student: yes, no, or no answer in time."""
    application = _application(row)
    known = (ApplicationState.ACCEPTED, ApplicationState.DECLINED, ApplicationState.EXPIRED)
    if application is None or application.state not in known:
        return None
    context = {
        **_about(application),
        **_button(_page("placements:application_list"), _("Bekijk je sollicitaties")),
        "word": student_word(application.state),
        "reason": application.reason,
        "good": application.state == ApplicationState.ACCEPTED,
    }
    return mail.Letter("application_answered_for_student", context)


@mail.event("placement_made")
def placement_made(row) -> mail.Letter | None:
    """To the student: you have a placement."""
    placement = _placement(row)
    if placement is None:
        return None
    return mail.Letter(
        "placement_made_for_student",
        {
            **_about(placement),
            **_button(
                _page("placements:placement_show", placement.public_id), _("Bekijk je stage")
            ),
            "placement": placement,
            "days": _days(placement),
        },
    )


@mail.event("placement_brief")
def placement_brief(row) -> mail.Letter | None:
    """To the company's contact and supervisor: who comes, how long, what guidance."""
    placement = _placement(row)
    if placement is None:
        return None
    return mail.Letter(
        "placement_brief_for_contact",
        {
            **_about(placement),
            "placement": placement,
            "days": _days(placement),
            "hours": f"{placement.day_from:%H:%M} – {placement.day_to:%H:%M}",
            **_button(_link(row, "trainee"), _("Bekijk wie er komt")),
        },
        reply_to=placement.teacher.email if placement.teacher else _school_mail(placement),
    )


def _application(row) -> Application | None:
    rows = Application.objects.filter(pk=row.about_id)
    return rows.select_related("company", "period", "school", "student").first()


def _placement(row) -> Placement | None:
    rows = Placement.objects.filter(pk=row.about_id, state__in=LIVE_PLACEMENTS).select_related(
        "company", "period", "school", "student", "teacher", "supervisor", "location"
    )
    return rows.first()


def _about(obj: Application | Placement) -> dict:
    company: Company = obj.company
    return {
        "company": company,
        "school": obj.school,
        "sender_name": obj.school.name,
        "period": obj.period,
        "when": period_words(obj.period.starts, obj.period.ends),
    }


def _button(address: str, label: str) -> dict:
    """The mail's one link, for the text and for the button."""
    return {"address": address, "button_url": address, "button_label": label}


def _page(name: str, *args: str) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def _days(placement: Placement) -> str:
    return period_words(placement.starts, placement.ends)


def _class(application: Application) -> str:
    """How a student is told apart in a mail that names nobody: the class as disclosed."""
    card = StudentCard.objects.filter(
        student_id=application.student_id, company_id=application.company_id
    ).last()
    return card.school_class if card and card.school_class else _("onze school")


def _school_mail(obj: Application | Placement) -> str:
    return SchoolSettings.objects.of(obj.school_id).email


def _link(row, purpose: str) -> str:
    return links.link_for(
        person_kind=row.person_kind,
        person_id=row.person_id,
        purpose=purpose,
        region_id=row.region_id,
        school_id=row.school_id,
    )
