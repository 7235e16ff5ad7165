"""Links and mails of getting in."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stage.core import mail
from stage.core.enums import NoticeKind, PersonKind, Role
from stage.core.models import Membership, Region, School
from stage.core.tenants.tenancy import NOBODY, use
from stage.core.who import links
from stage.schools.models import Guardian

links.purpose("home", page="web:home", label=_("uw eigen pagina"))
links.purpose("notices", page="web:notices", label=_("welke mails u krijgt"))
links.purpose("staff_invitation", page="web:staff_welcome", label=_("uw account bij Stage"))


ABOUT_ACCOUNTS = {"staff_invited_for_membership", "staff_joined_for_membership", "code"}


@mail.footer_of_kind(PersonKind.MEMBERSHIP)
@mail.footer_of_kind(PersonKind.STUDENT)
def own_choice(letter: mail.Letter) -> dict[str, str]:
    """Under mails to who logs in: where to choose how they come."""
    if letter.template in ABOUT_ACCOUNTS:
        return {}
    return {"notices_url": settings.SITE_URL + reverse("web:notices")}


@mail.footer_of_kind(PersonKind.CONTACT)
@mail.footer_of_kind(PersonKind.GUARDIAN)
def choice_by_link(letter: mail.Letter) -> dict[str, str]:
    """The same for who has no log-in: by a link of their own, like the one in the letter.

    A letter that asks for places has a way to stop of its own.
    """
    if letter.template in ABOUT_ACCOUNTS or "List-Unsubscribe" in letter.headers:
        return {}
    link = links.find_link(links.token_in(letter.context.get("button_url", "")))
    if link is None:
        return {"notices_url": settings.SITE_URL + reverse("web:notices")}
    address = links.link_for(
        person_kind=link.person_kind,
        person_id=link.person_id,
        purpose="notices",
        region_id=link.region_id,
        school_id=link.school_id,
    )
    return {"notices_url": address}


@mail.event("way_in", mail.Notice(NoticeKind.ACCOUNT, at_night=True), to_named=True)
def way_in(row) -> mail.Letter:
    """The link somebody asked for on the log-in page."""
    address = links.link_for(
        person_kind=row.person_kind,
        person_id=row.person_id,
        purpose="home",
        region_id=row.region_id,
        school_id=row.school_id,
    )
    context = {"button_url": address, "button_label": _("Open mijn pagina")}
    if row.person_kind == PersonKind.GUARDIAN:
        guardian = Guardian.objects.select_related("student").get(pk=row.person_id)
        return mail.Letter(
            "way_in_for_guardian", {**context, "first_name": guardian.student.first_name}
        )
    return mail.Letter("way_in_for_contact", context)


@mail.event("staff_invited", mail.Notice(NoticeKind.ACCOUNT))
def staff_invited(row) -> mail.Letter | None:
    """The invitation of a new colleague. Who has an account already is told to log in with that."""
    membership = Membership.objects.active().filter(pk=row.person_id).first()
    if membership is None:
        return None
    if _has_password(membership):
        return _joined(membership)
    address = links.link_for(
        person_kind=PersonKind.MEMBERSHIP,
        person_id=membership.pk,
        purpose="staff_invitation",
        region_id=row.region_id,
        school_id=row.school_id,
    )
    return mail.Letter(
        "staff_invited_for_membership",
        {
            "button_url": address,
            "button_label": _("Open mijn account"),
            "place": _school_of(membership),
            "role": membership.get_role_display(),
        },
    )


def _joined(membership: Membership) -> mail.Letter:
    """No link that opens anything: the account has a password, and for some a second step."""
    context = {
        "button_url": settings.SITE_URL + reverse("account_login"),
        "button_label": _("Log in"),
        "place": _school_of(membership) or _region_of(membership),
        "role": membership.get_role_display(),
    }
    return mail.Letter("staff_joined_for_membership", context)


@mail.event("first_person_added", mail.Notice(NoticeKind.ACCOUNT, at_night=True))
def first_person_added(row) -> mail.Letter | None:
    """Who works there already hears that the operator invited somebody else."""
    rows = Membership.objects.active()
    new = rows.filter(pk=row.about_id).first()
    if new is None or not rows.filter(pk=row.person_id).exists():
        return None
    context = {
        "new_name": new.name,
        "new_email": new.email,
        "place": _school_of(new) or _region_of(new),
        "role": new.get_role_display(),
        "button_url": settings.SITE_URL + reverse(_COLLEAGUES[new.role]),
        "button_label": _("Bekijk je collega's"),
    }
    return mail.Letter("first_person_added_for_membership", context)


_COLLEAGUES = {
    Role.COORDINATOR: "schools:staff_list",
    Role.BUREAU: "schools:bureau_colleagues",
}


def _school_of(membership: Membership) -> str:
    school = School.objects.filter(pk=membership.school_id).first()
    return school.name if school else ""


def _region_of(membership: Membership) -> str:
    return Region.objects.get(pk=membership.region_id).name


def _has_password(membership: Membership) -> bool:
    with use(NOBODY):
        return membership.user.has_usable_password()
