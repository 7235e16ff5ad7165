"""Links and mails of getting in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from stage.core import mail
from stage.core.enums import PersonKind
from stage.core.models import Membership, School
from stage.core.tenants.tenancy import NOBODY, use
from stage.core.who import links
from stage.schools.models import Guardian

links.purpose("home", page="web:home", label=_("uw eigen pagina"))
links.purpose("staff_invitation", page="web:staff_welcome", label=_("uw account bij Stage"))


@mail.event("way_in", to_named=True)
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


@mail.event("staff_invited")
def staff_invited(row) -> mail.Letter | None:
    """The invitation of a new colleague; not needed once the account is open."""
    membership = Membership.objects.active().filter(pk=row.person_id).first()
    if membership is None or _has_password(membership):
        return None
    address = links.link_for(
        person_kind=PersonKind.MEMBERSHIP,
        person_id=membership.pk,
        purpose="staff_invitation",
        region_id=row.region_id,
        school_id=row.school_id,
    )
    school = School.objects.filter(pk=membership.school_id).first()
    return mail.Letter(
        "staff_invited_for_membership",
        {
            "button_url": address,
            "button_label": _("Open mijn account"),
            "place": school.name if school else "",
            "role": membership.get_role_display(),
        },
    )


def _has_password(membership: Membership) -> bool:
    with use(NOBODY):
        return membership.user.has_usable_password()
