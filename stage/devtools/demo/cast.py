"""Who acts in the demo: every step is taken by somebody who may take it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import make_password

from companies import trust
from companies.identity import actor_of_address
from stage.core.enums import Audience, Role
from stage.core.models import Membership, School, User
from stage.core.tenants.tenancy import NOBODY, SYSTEM, Scope, school_scope, use
from stage.core.who.actors import Actor, actor_of_membership, job_at
from stage.devtools import second_factor
from stage.schools.models import Guardian, Student
from stage.schools.services import cards

WITH_SECOND_FACTOR = (Role.COORDINATOR, Role.BUREAU, Role.OPERATOR)


def by(actor: Actor, function, *args, **values):
    """Call a service as this actor, in its scope."""
    with use(actor.scope):
        return function(*args, actor=actor, **values)


@dataclass
class SchoolCast:
    """One school and the people who act there."""

    school: School
    domain: str
    coordinator: Actor
    teachers: list[Membership] = field(default_factory=list)
    _students: dict[int, Actor] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        return school_scope(self.school)

    @property
    def job(self) -> Actor:
        return job_at(self.school)

    def teacher(self, membership_id: int) -> Actor:
        return actor_of_membership(next(t for t in self.teachers if t.pk == membership_id))

    def let_in(self, students: Iterable[Student]) -> None:
        """Students use their first login card: from then on they can act."""
        with use(self.scope):
            issued = cards.issue_cards(students, self.coordinator)
        for student, code in issued:
            born = student.birth_date
            used = cards.redeem(code, born.day, born.month)
            assert used is not None  # a card just made
            membership = used.membership
            membership.school = self.school
            self._students[student.pk] = actor_of_membership(membership)

    def student(self, student: Student) -> Actor:
        if student.pk not in self._students:
            self.let_in([student])
        return self._students[student.pk]

    def guardian(self, student: Student) -> Actor:
        """The first guardian, on a phone that was proven to be theirs."""
        with use(self.scope):
            row = Guardian.objects.filter(student=student)[0]
        scope = Scope(
            "student",
            school=self.school.pk,
            student=student.pk,
            regions=(self.school.region_id,),
        )
        return Actor(
            kind="guardian",
            id=row.pk,
            role=Audience.GUARDIAN,
            scope=scope,
            name=row.name,
            email=row.email,
        )

    def company(self, company_id: int, role: str) -> Actor:
        """Somebody of a company who has this role there."""
        with use(self.scope):
            known = trust.known_people(self.school.pk, [company_id], role)[company_id][0]
        with use(SYSTEM):
            actor = actor_of_address(known.address)
        assert actor is not None  # an address the school knows
        return actor


def open_accounts(memberships: Iterable[Membership]) -> None:
    """Give invited people the demo's password, and a second factor to those who need one."""
    encoded = _encoded(settings.DEMO_PASSWORD)
    with use(NOBODY):
        for membership in memberships:
            user = User.objects.get(pk=membership.user_id)
            user.password = encoded
            user.save(update_fields=["password"])
            if membership.role in WITH_SECOND_FACTOR:
                second_factor.give(user)


@cache
def _encoded(password: str) -> str:
    # Slow on purpose, so once for all.
    return make_password(password)
