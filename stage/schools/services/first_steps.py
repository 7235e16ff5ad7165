"""The operator's first steps: a region, a school, and the first person who may invite the others.

Nobody has a scope before there is a school, so this module is one of the listed places that use the
system scope. Everything after it goes through the services, as somebody.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stage.core.enums import Role
from stage.core.models import Membership, Region, School, User
from stage.core.record import audit
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.actors import Actor, actor_of_membership, job
from stage.core.who.policies import Conflict
from stage.schools.models import RegionSettings, SchoolSettings
from stage.schools.services.people import log_ins_of, queue_invitation
from stage.schools.signals import school_made

OPERATOR = job("operator")


@transaction.atomic
def make_region(name: str) -> Region:
    """The region of this name, made with its settings when there is none yet."""
    with use(SYSTEM):
        found = Region.objects.filter(name=name).first()
        if found is not None:
            return found
        region = Region.objects.create(name=name)
        RegionSettings.objects.create(region=region)
        audit.record(OPERATOR, "region_made", region)
        return region


@transaction.atomic
def make_school(region: Region, *, name: str, brin: str, city: str = "") -> School:
    """A new school in a region, with every app's settings of it.

    Raises Conflict when its BRIN is known already.
    """
    with use(SYSTEM):
        try:
            with transaction.atomic():
                school = School.objects.create(region=region, name=name, brin=brin.upper())
        except IntegrityError:
            raise Conflict(_("Er is al een school met dit BRIN.")) from None
        SchoolSettings.objects.create(school=school, city=city)
        school_made.send(School, school=school)
        audit.record(OPERATOR, "school_made", school)
        return school


def first_coordinator(school: School, *, name: str, email: str) -> Membership:
    """The coordinator who sets the school up, invited by mail."""
    return _first(Role.COORDINATOR, name, email, school.region_id, school)


def make_bureau(region: Region, *, name: str, email: str) -> Membership:
    """Somebody of the region's bureau, invited by mail."""
    return _first(Role.BUREAU, name, email, region.pk)


def make_operator(region: Region, *, name: str, email: str) -> Membership:
    """Somebody who keeps the platform running; sees no rows of any school."""
    return _first(Role.OPERATOR, name, email, region.pk)


@transaction.atomic
def _first(
    role: str, name: str, email: str, region_id: int, school: School | None = None
) -> Membership:
    email = email.strip().lower()
    user_id = log_ins_of([email])[email]
    with use(SYSTEM):
        membership = Membership(
            user=User.objects.get(pk=user_id),
            role=role,
            region_id=region_id,
            school=school,
            name=name,
            email=email,
        )
        try:
            with transaction.atomic():
                membership.save()
        except IntegrityError:
            raise Conflict(_("Deze persoon heeft deze rol hier al.")) from None
        audit.record(OPERATOR, "staff_invited", membership, fields=("name", "email", "role"))
        queue_invitation(membership)
        return membership


def actor_of(membership: Membership) -> Actor:
    """Who this person is when acting; a bureau's mandates span schools."""
    with use(SYSTEM):
        return actor_of_membership(membership)
