"""What letters about applications and placements share; run in the school's scope."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.models import Company
from placements.enums import LIVE_PLACEMENTS, ApplicationState
from placements.models import Application, Placement, StudentCard
from stage.core.ui.dates import period_words
from stage.core.who import links
from stage.schools.models import SchoolSettings

# All lead to a page with students' names: the mailbox is proven first.
links.purpose("application", page="placements:company_inbox", needs_code=True)
# To the one applicant the mail is about; `target` is the application's code.
links.purpose("applicant", page="placements:application_decide", needs_code=True)
links.purpose("trainee", page="placements:trainee_list", needs_code=True)


def application_of(row) -> Application | None:
    rows = Application.objects.filter(pk=row.about_id)
    return rows.select_related("company", "period", "place", "school", "student").first()


def beside(application: Application) -> dict[str, str]:
    """Names of the companies whose applications moved in the same step, by what became of them."""
    at = application.decided_at
    same = Application.objects.filter(
        student_id=application.student_id, period_id=application.period_id
    )
    rows = list(same.exclude(pk=application.pk).select_related("company"))
    moved = [a for a in rows if at and a.decided_at == at]
    return {
        "parked": names(a for a in moved if a.is_parked),
        "closed": names(a for a in moved if a.state == ApplicationState.CLOSED),
        "gone": names(a for a in moved if a.state == ApplicationState.DECLINED),
        "back": names(a for a in rows if at and a.is_with_company and a.submitted_at == at),
    }


def names(applications: Iterable[Application]) -> str:
    return ", ".join(a.company.name for a in applications)


def placement_of(row) -> Placement | None:
    rows = Placement.objects.filter(pk=row.about_id, state__in=LIVE_PLACEMENTS).select_related(
        "company", "period", "school", "student", "teacher", "supervisor", "stand_in", "location"
    )
    return rows.first()


def about(obj: Application | Placement) -> dict:
    company: Company = obj.company
    return {
        "company": company,
        "school": obj.school,
        "sender_name": obj.school.name,
        "period": obj.period,
        "when": period_words(obj.period.starts, obj.period.ends),
    }


def button(address: str, label: str) -> dict:
    """The mail's one link, for the text and for the button."""
    return {"address": address, "button_url": address, "button_label": label}


def page(name: str, *args: str) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def days_of(placement: Placement) -> str:
    return period_words(placement.starts, placement.ends)


def class_of(application: Application) -> str:
    """How a student is told apart in a mail that names nobody: the class as disclosed."""
    card = StudentCard.objects.filter(
        student_id=application.student_id, company_id=application.company_id
    ).last()
    return card.school_class if card and card.school_class else _("onze school")


def school_mail(obj: Application | Placement) -> str:
    return SchoolSettings.objects.of(obj.school_id).email


def applicant_link(row, application: Application) -> str:
    return link(row, "applicant", target=application.public_id)


def link(row, purpose: str, *, target: str = "") -> str:
    return links.link_for(
        person_kind=row.person_kind,
        person_id=row.person_id,
        purpose=purpose,
        target=target,
        region_id=row.region_id,
        school_id=row.school_id,
    )
