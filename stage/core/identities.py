"""From a request to an actor: log-in and chosen role, or a remembered device.

The higher apps tell how a device becomes an actor (`companies.identity`), because the core knows no
contacts.
"""

from __future__ import annotations

from collections.abc import Callable

from stage.core import links
from stage.core.actors import Actor, actor_of_membership
from stage.core.enums import Audience, PersonKind
from stage.core.models import Guardian, Membership, School
from stage.core.tenancy import SYSTEM, Scope, use

SESSION_KEY = "membership"

_DEVICE_ACTORS: dict[str, Callable] = {}


def actor_of_device_kind(kind: str) -> Callable:
    """Register `(Device) -> Actor | None` for one kind of person; runs in the system scope."""

    def register(function: Callable) -> Callable:
        _DEVICE_ACTORS[kind] = function
        return function

    return register


def actor_of(request) -> Actor | None:
    """Who makes this request. A log-in wins over a device, since staff may try out a link."""
    if request.user.is_authenticated:
        membership = chosen_membership(request)
        if membership is None:
            return None
        with use(SYSTEM):
            return actor_of_membership(membership)
    secret = request.COOKIES.get(links.DEVICE_COOKIE, "")
    device = links.device_of(secret) if secret else None
    if device is None or device.person_kind not in _DEVICE_ACTORS:
        return None
    with use(SYSTEM):
        return _DEVICE_ACTORS[device.person_kind](device)


def memberships_of(user) -> list[Membership]:
    """The roles a log-in has now, for the switch."""
    with use(SYSTEM):
        rows = Membership.objects.active().filter(user=user)
        return list(rows.select_related("school", "region").order_by("pk"))


def chosen_membership(request) -> Membership | None:
    """The role chosen in the switch, else the first; read anew at each request."""
    rows = memberships_of(request.user)
    request.memberships = rows
    wanted = request.session.get(SESSION_KEY)
    return next((m for m in rows if m.pk == wanted), rows[0] if rows else None)


@actor_of_device_kind(PersonKind.GUARDIAN)
def _guardian(device) -> Actor | None:
    row = Guardian.objects.filter(pk=device.person_id, email__iexact=device.email).first()
    if row is None:
        return None
    region = School.objects.values_list("region_id", flat=True).get(pk=row.school_id)
    return Actor(
        kind="guardian",
        id=row.pk,
        role=Audience.GUARDIAN,
        scope=Scope("student", school=row.school_id, student=row.student_id, regions=(region,)),
        name=row.name,
        email=row.email,
    )
