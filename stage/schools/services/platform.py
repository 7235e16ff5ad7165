"""The operator's work: regions, schools, and the first person who may invite the others.

The operator runs the installation and sees no student: its own database role reads names of
organisations and of those first people, nothing else.
"""

from __future__ import annotations

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stage.core import mail
from stage.core.enums import PersonKind, Role
from stage.core.models import FIRST_ROLES, Membership, Region, School
from stage.core.record import audit
from stage.core.who.policies import ALLOWED, Answer, Conflict, Denied, require
from stage.schools.models import RegionSettings, SchoolSettings
from stage.schools.services.people import invite, not_accepted, queue_invitation
from stage.schools.signals import school_made

REGIONS_LOCK = 7_301_002  # pg_advisory_xact_lock: two regions of one name are not made at once


def runs_platform(actor, _obj) -> Answer:
    """The operator, or the command line in its place."""
    if actor.is_operator or actor.kind == "job":
        return ALLOWED
    return Denied(_("Dit kan alleen de beheerder van het platform."))


@transaction.atomic
def make_region(name: str, *, actor) -> Region:
    """A new region, with its settings. Raises NotAllowed; Conflict when the name is taken."""
    require(runs_platform, actor, None)
    _free_name(name)
    region = Region.objects.create(name=name)
    RegionSettings.objects.create(region=region)
    audit.record(actor, "region_made", region)
    return region


def _free_name(name: str, but: Region | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REGIONS_LOCK])
    taken = Region.objects.filter(name__iexact=name)
    if taken.exclude(pk=but.pk if but else None).exists():
        raise Conflict(_("Er is al een regio met deze naam."))


@transaction.atomic
def make_school(region: Region, *, name: str, brin: str, city: str = "", actor) -> School:
    """A new school in a region, with every app's settings of it.

    Raises NotAllowed; Conflict when its BRIN is known already.
    """
    require(runs_platform, actor, None)
    try:
        with transaction.atomic():
            school = School.objects.create(region=region, name=name, brin=brin.upper())
    except IntegrityError:
        raise Conflict(_("Er is al een school met dit BRIN.")) from None
    SchoolSettings.objects.create(school=school, city=city)
    school_made.send(School, school=school)
    audit.record(actor, "school_made", school)
    return school


@transaction.atomic
def rename(place: Region | School, name: str, *, actor) -> bool:
    """Another name for a region or a school; answers whether it changed.

    Raises NotAllowed; Conflict when another region has that name.
    """
    require(runs_platform, actor, None)
    held = type(place).objects.select_for_update().get(pk=place.pk)
    if held.name == name:
        return False
    if isinstance(held, Region):
        _free_name(name, but=held)
    held.name = place.name = name
    held.save(update_fields=["name"])
    if isinstance(held, Region):
        audit.record(actor, "region_renamed", held, fields=("name",))
    else:
        audit.record(actor, "school_renamed", held, fields=("name",))
    return True


@transaction.atomic
def invite_first(place: Region | School, *, name: str, email: str, actor) -> Membership:
    """A coordinator of a school or somebody of a region's bureau, invited by mail.

    Whoever has that role there already is told so by mail. Raises NotAllowed for the operator's
    own address too; Conflict when this person has the role, or the school has ended.
    """
    require(runs_platform, actor, None)
    email = email.strip().lower()
    if actor.is_operator and email == actor.email.lower():
        raise Conflict(_("Je kunt jezelf geen toegang geven tot een school of stagebureau."))
    at = _at(place)
    _still_there(place)
    others = list(Membership.objects.filter(**at, ended_at=None).order_by("pk"))
    membership = Membership(name=name, email=email, **{"region_id": _region_of(place), **at})
    invite(membership, _("Deze persoon heeft deze rol hier al."), actor=actor)
    _tell(others, membership)
    return membership


def _at(place: Region | School) -> dict:
    """The columns of a first person's role there."""
    if isinstance(place, School):
        return {"school_id": place.pk, "role": Role.COORDINATOR}
    return {"region_id": place.pk, "school_id": None, "role": Role.BUREAU}


def _region_of(place: Region | School) -> int:
    return place.region_id if isinstance(place, School) else place.pk


def _still_there(place: Region | School) -> None:
    """Refuse where the school ended; holds it, so that it does not end meanwhile."""
    if isinstance(place, Region):
        return
    if School.objects.select_for_update().get(pk=place.pk).ended_at is not None:
        raise Conflict(_("Deze school doet niet meer mee. Neem dat eerst terug."))


def _tell(others: list[Membership], new: Membership) -> None:
    """Nobody gets into a school's rows unseen by those who are in already."""
    waiting = not_accepted(others)
    mail.queue_many(
        mail.Post(
            "first_person_added",
            person_kind=PersonKind.MEMBERSHIP,
            person_id=other.pk,
            key=f"first_person_added:{new.pk}:{other.pk}",
            region_id=new.region_id,
            school_id=new.school_id,
            about=new,
        )
        for other in others
        if other.pk not in waiting
    )


@transaction.atomic
def invite_first_again(membership: Membership, *, actor) -> None:
    """Mail the invitation once more. Raises NotAllowed; Conflict when the account is open."""
    require(runs_platform, actor, None)
    _not_opened(membership)
    audit.record(actor, "staff_invited_again", membership)
    queue_invitation(membership, again=True)


@transaction.atomic
def withdraw_first(membership: Membership, *, actor) -> None:
    """Take an invitation back that nobody opened, such as one to a wrong address.

    Raises NotAllowed; Conflict when the account is open: then colleagues end it, not the operator.
    """
    require(runs_platform, actor, None)
    _not_opened(membership)
    rows = Membership.objects.filter(pk=membership.pk, role__in=FIRST_ROLES, ended_at=None)
    if not rows.update(ended_at=timezone.now()):
        raise Conflict(_("Deze uitnodiging is al ingetrokken."))
    audit.record(actor, "staff_invitation_withdrawn", membership, fields=("ended_at",))


def _not_opened(membership: Membership) -> None:
    if membership.pk not in not_accepted([membership]):
        raise Conflict(_("Deze persoon heeft het account al geopend."))


@transaction.atomic
def end_school(school: School, *, actor) -> None:
    """A school stops: nobody gets in any more and no job works for it; every row stays.

    Raises NotAllowed; Conflict when it ended already.
    """
    require(runs_platform, actor, None)
    if not School.objects.running().filter(pk=school.pk).update(ended_at=timezone.now()):
        raise Conflict(_("Deze school was al gestopt."))
    audit.record(actor, "school_ended", school, fields=("ended_at",))


@transaction.atomic
def take_school_back(school: School, *, actor) -> None:
    """A school that ended goes on, with all it had. Raises NotAllowed; Conflict when it runs."""
    require(runs_platform, actor, None)
    ended = School.objects.filter(pk=school.pk, ended_at__isnull=False)
    if not ended.update(ended_at=None):
        raise Conflict(_("Deze school doet al mee."))
    audit.record(actor, "school_taken_back", school, fields=("ended_at",))
