"""Who was invited first at a school or in a region's bureau, and how that invitation stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from stage.core.enums import MailState, PersonKind, Role
from stage.core.models import Membership, OutboxMail
from stage.schools.services.people import not_accepted

# The newest mail of an invitation says how it stands.
BOUNCED = (MailState.REFUSED, MailState.UNCERTAIN)


@dataclass(frozen=True)
class Person:
    """A first person: `waiting` has not opened the account, `bounced` never got the mail."""

    membership: Membership
    waiting: bool
    bounced: bool


def first_people(actor, **where) -> list[Person]:
    """The people of one school or bureau whom the actor may know, as they stand now."""
    members = list(Membership.objects.visible_to(actor).active().filter(**where))
    return _with_state(members)


def missing_people(actor) -> list[Person]:
    """Invitations that came back, anywhere: the place waits for somebody else."""
    rows = Membership.objects.visible_to(actor).active().filter(school__ended_at=None)
    rows = rows.select_related("school", "region")
    bounced = _mails().filter(state__in=BOUNCED)
    numbers = bounced.order_by().values("person_id")
    return [p for p in _with_state(rows.filter(pk__in=numbers)) if p.waiting and p.bounced]


def _with_state(members: Iterable[Membership]) -> list[Person]:
    members = list(members)
    waiting = not_accepted(members)
    bounced = _bounced(waiting)
    return [Person(m, m.pk in waiting, m.pk in bounced) for m in members]


def _mails():
    return OutboxMail.objects.filter(event="staff_invited", person_kind=PersonKind.MEMBERSHIP)


def _bounced(numbers: Iterable[int]) -> set[int]:
    rows = _mails().filter(person_id__in=numbers).order_by("person_id", "-created_at")
    newest = rows.distinct("person_id").values_list("person_id", "state")
    return {number for number, state in newest if state in BOUNCED}


def page_of_first(person: Membership) -> str:
    """The page of the school or region where somebody is the first."""
    if person.school is not None:
        return reverse("schools:school_show", args=[person.school.brin])
    return reverse("schools:region_show", args=[person.region.public_id])


def places_of(person: Membership) -> str:
    """Where somebody is, in words."""
    return str(person.school if person.role == Role.COORDINATOR else person.region)
