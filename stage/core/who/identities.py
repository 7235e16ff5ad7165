"""From a request to an actor: log-in and chosen role, or a remembered device.

The higher apps tell how a device becomes an actor (`companies.identity`), because the core knows no
contacts.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from stage.core import mail
from stage.core.enums import PersonKind
from stage.core.models import Membership
from stage.core.tenants.statements import Joined
from stage.core.tenants.tenancy import NOBODY, scope_at, use
from stage.core.who import links
from stage.core.who.actors import Actor, actor_of_membership

SESSION_KEY = "membership"

_ROLES = Joined(
    Membership,
    "user",
    "school",
    "region",
    source="roles_of_user(%s)",
    where='true ORDER BY "row".id',
)
_ROLE = Joined(Membership, "user", "school", "region", source="role_numbered(%s)")
_DEVICE_ACTORS: dict[str, Callable] = {}


def actor_of_device_kind(kind: str) -> Callable:
    """Register `(Device) -> Actor | None` for one kind of person; runs before there is a scope."""

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
        return actor_of_membership(membership)
    secret = request.COOKIES.get(links.DEVICE_COOKIE, "")
    device = links.device_of(secret) if secret else None
    if device is None or device.person_kind not in _DEVICE_ACTORS:
        return None
    with use(NOBODY):
        return _DEVICE_ACTORS[device.person_kind](device)


def memberships_of(user_id: int) -> list[Membership]:
    """The roles a log-in has now, for the switch; each with its user, school and region."""
    with use(NOBODY):
        return _ROLES(user_id)


def membership_numbered(pk: int) -> Membership | None:
    """One role by its number, with its user, school and region; None once it has ended."""
    with use(NOBODY):
        return next(iter(_ROLE(pk)), None)


def actor_of_contact(row) -> Actor | None:
    """Who reads the mailbox that a row names in `email`, as schools know that one now."""
    find = _DEVICE_ACTORS[PersonKind.CONTACT]
    with use(NOBODY):
        return find(row)


def chosen_membership(request) -> Membership | None:
    """The role chosen in the switch, else the first; read anew at each request."""
    # Read together with the user at the begin of this request (stage.core.who.login_backend).
    rows = request.user.memberships_now or memberships_of(request.user.pk)
    request.memberships = rows
    wanted = request.session.get(SESSION_KEY)
    return next((m for m in rows if m.pk == wanted), rows[0] if rows else None)


def choose_membership(request, pk: int) -> Membership | None:
    """Go on in another of the log-in's own roles; None when it is not theirs."""
    found = next((m for m in memberships_of(request.user.pk) if m.pk == pk), None)
    if found is not None:
        request.session[SESSION_KEY] = found.pk
    return found


# --- people without an account, by their e-mail address ---------------------------------------

_AT_ADDRESS: dict[str, Callable] = {}


def people_at_address(kind: str) -> Callable:
    """Register `(email) -> iterable of mail.Person` (with region) for one kind of person."""

    def register(function: Callable) -> Callable:
        _AT_ADDRESS[kind] = function
        return function

    return register


def mail_way_in(email: str) -> None:
    """Mail everybody known at this address a link to their own page, at most once an hour.

    Unknown address: nothing happens, and nobody is told which it was.
    """
    hour = timezone.now().strftime("%Y%m%d%H")
    people = [person for find in _AT_ADDRESS.values() for person in find(email)]
    for person in people:
        with use(scope_at(person.school_id, person.region_id)), transaction.atomic():
            mail.queue(
                "way_in",
                person_kind=person.kind,
                person_id=person.id,
                key=f"way_in:{person.kind}:{person.id}:{hour}",
                region_id=person.region_id,
                school_id=person.school_id,
                urgent=True,
            )
