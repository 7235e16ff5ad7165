"""What the demo shows about itself: log-ins, current codes, fresh cards. Never in production."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings

from stage.core.checks import looks_like_production
from stage.core.enums import PersonKind, Role
from stage.core.models import Membership, OutboxMail, Region, School
from stage.core.tenants.tenancy import NOBODY, Scope, school_scope, use
from stage.core.who.actors import actor_of_membership
from stage.devtools import second_factor
from stage.schools.models import Guardian, Student
from stage.schools.services import cards

SHOWN_PER_ROLE = 4
STUDENTS_SHOWN = 6
GUARDIANS_SHOWN = 6
MAILS_SEARCHED = 200


@dataclass(frozen=True)
class DemoLogin:
    """One log-in as the demo shows it."""

    role: str
    place: str
    name: str
    email: str
    code: str  # the current TOTP code, or empty


def refuse_in_production() -> None:
    """Raise RuntimeError where real people's data could be."""
    if not settings.DEMO_PAGES or looks_like_production():
        raise RuntimeError("the demo's pages do not exist here")


def logins() -> list[DemoLogin]:
    """A few log-ins of each role with their current second-factor code."""
    refuse_in_production()
    found = []
    for role in (Role.COORDINATOR, Role.TEACHER, Role.BUREAU, Role.OPERATOR):
        rows = []
        for scope in _everywhere():
            with use(scope):
                here = Membership.objects.active().filter(role=role).exclude(email="")
                here = here.select_related("school", "region").order_by("pk")
                rows += here[:SHOWN_PER_ROLE]
        for m in sorted(rows, key=lambda m: m.pk)[:SHOWN_PER_ROLE]:
            place = str(m.school or m.region)
            found.append(DemoLogin(m.get_role_display(), place, m.name, m.email, _code(m)))
    return found


def _everywhere() -> list[Scope]:
    """The scope of every school and every region: the demo has few."""
    schools = [school_scope(school) for school in School.objects.order_by("pk")]
    return [*schools, *(Scope("bureau", regions=(r.pk,)) for r in Region.objects.order_by("pk"))]


def _code(membership: Membership) -> str:
    with use(NOBODY):
        row = Authenticator.objects.filter(user_id=membership.user_id, type="totp").first()
    return second_factor.code_of(row) if row else ""


def students() -> list[Student]:
    """A few students who can be given a card."""
    refuse_in_production()
    found: list[Student] = []
    for school in School.objects.order_by("pk"):
        with use(school_scope(school)):
            rows = Student.objects.present().select_related("school").order_by("pk")
            found += rows[: STUDENTS_SHOWN - len(found)]
    return found


def guardians(email: str = "") -> list[Guardian]:
    """Guardians who were mailed, newest first, or those at one address; each with its student.

    The first time, the page behind their link asks the student's birthday.
    """
    refuse_in_production()
    found: list[tuple[Any, Guardian]] = []
    for school in School.objects.order_by("pk"):
        with use(school_scope(school)):
            rows = Guardian.objects.select_related("student__school")
            if email:
                here = rows.filter(email__iexact=email)
                found += [(guardian.pk, guardian) for guardian in here]
                continue
            mailed = OutboxMail.objects.filter(person_kind=PersonKind.GUARDIAN)
            rows_of_mail = mailed.order_by("-created_at").values_list("person_id", "created_at")
            newest = dict(reversed(list(rows_of_mail[:MAILS_SEARCHED])))
            found += [(newest[key], g) for key, g in rows.in_bulk(list(newest)).items()]
    found.sort(key=lambda pair: pair[0], reverse=not email)
    return [guardian for _key, guardian in (found if email else found[:GUARDIANS_SHOWN])]


def fresh_card(public_id: str) -> tuple[Student, str] | None:
    """A new card for one student, as its coordinator would print it."""
    refuse_in_production()
    for school in School.objects.order_by("pk"):
        with use(school_scope(school)):
            student = Student.objects.select_related("school").filter(public_id=public_id).first()
            if student is None:
                continue
            rows = Membership.objects.active().filter(school=school, role=Role.COORDINATOR)
            actor = actor_of_membership(rows.select_related("school").order_by("pk")[0])
            return student, cards.issue_card(student, actor)
    return None
