"""The first steps by command line: a region, a school, and the first person who invites the others.

Nobody has a scope before there is a school, so this module is one of the listed places that use the
system scope. What it does is the operator's work (`platform`); everything after it goes through the
services, as somebody.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from stage.core.enums import Role
from stage.core.models import Membership, Region, School
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.actors import Actor, actor_of_membership, job
from stage.schools.services import platform
from stage.schools.services.people import invite

OPERATOR = job("operator")


def make_region(name: str) -> Region:
    """The region of this name, made with its settings when there is none yet."""
    with use(SYSTEM):
        found = Region.objects.filter(name=name).first()
        return found or platform.make_region(name, actor=OPERATOR)


def make_school(region: Region, *, name: str, brin: str, city: str = "") -> School:
    """A new school in a region. Raises Conflict when its BRIN is known already."""
    with use(SYSTEM):
        return platform.make_school(region, name=name, brin=brin, city=city, actor=OPERATOR)


def first_coordinator(school: School, *, name: str, email: str) -> Membership:
    """The coordinator who sets the school up, invited by mail."""
    with use(SYSTEM):
        return platform.invite_first(school, name=name, email=email, actor=OPERATOR)


def make_bureau(region: Region, *, name: str, email: str) -> Membership:
    """Somebody of the region's bureau, invited by mail."""
    with use(SYSTEM):
        return platform.invite_first(region, name=name, email=email, actor=OPERATOR)


@transaction.atomic
def make_operator(region: Region, *, name: str, email: str) -> Membership:
    """Somebody who keeps the platform running, invited by mail; sees no rows of any school."""
    membership = Membership(role=Role.OPERATOR, region=region, name=name, email=email)
    with use(SYSTEM):
        return invite(membership, _("Deze persoon heeft deze rol hier al."), actor=OPERATOR)


def actor_of(membership: Membership) -> Actor:
    """Who this person is when acting; a bureau's mandates span schools."""
    with use(SYSTEM):
        return actor_of_membership(membership)
