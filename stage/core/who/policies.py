"""What a policy answers, and how a service asks.

A policy is a function `(actor, object) -> Allowed | Denied`. It needs no database beyond the object
it is given, says why not in words for a person, and is asked by services and by pages alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Allowed:
    """The actor may."""

    reason: str = ""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class Denied:
    """The actor may not; `reason` is a sentence a person can act on."""

    reason: str

    def __bool__(self) -> bool:
        return False


Answer = Allowed | Denied
Policy = Callable[..., Answer]
ALLOWED = Allowed()


class NotAllowed(PermissionDenied):
    """A policy said no: 403, with its reason on the page."""


class Conflict(Exception):
    """Somebody else was first, or the state changed meanwhile; the message says what is so now."""


def require(policy: Policy, actor, obj) -> None:
    """Raise NotAllowed with the policy's reason unless the actor may."""
    answer = policy(actor, obj)
    if not answer:
        raise NotAllowed(answer.reason)


def same_school(actor, obj) -> Answer:
    """Staff of the object's school."""
    if actor.is_staff and actor.school_id == obj.school_id:
        return ALLOWED
    return Denied(_("Dit kan alleen een medewerker van de school."))


def coordinator_of(actor, obj) -> Answer:
    """The coordinator of the object's school."""
    if actor.is_coordinator and actor.school_id == obj.school_id:
        return ALLOWED
    return Denied(_("Dit kan alleen de stagecoördinator van de school."))


def own_student(actor, obj) -> Answer:
    """The student the object is about."""
    if actor.is_student and actor.student_id == obj.student_id:
        return ALLOWED
    return Denied(_("Dit kan alleen de leerling zelf."))


def own_guardian(actor, obj) -> Answer:
    """A guardian of the student the object is about, on a phone that was proven to be theirs."""
    if actor.is_guardian and actor.proven and actor.student_id == obj.student_id:
        return ALLOWED
    return Denied(_("Dit kan alleen een ouder of verzorger van de leerling."))


def any_of(*policies: Policy) -> Policy:
    """Allowed when one of the policies allows; otherwise the first one's reason."""

    def combined(actor, obj) -> Answer:
        answers = [p(actor, obj) for p in policies]
        return next((a for a in answers if a), answers[0])

    return combined
