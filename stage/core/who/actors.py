"""Who acts: what every policy, service and audit entry takes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stage.core.enums import STAFF, Audience
from stage.core.tenants.tenancy import SYSTEM, Scope, actor_mark, school_scope, use


@dataclass(frozen=True)
class Standing:
    """What one school trusts somebody of a company with; `person` is the contact it knows.

    There is one per member of a family of merged companies: `person` may stand at another member.
    """

    school: int
    company: int
    person: int
    roles: frozenset[str]


@dataclass(frozen=True)
class Actor:
    """Somebody acting in one role at one place.

    `kind` is user, contact, guardian or job; `id` is the user's, contact's or guardian's number.
    `membership` is set for users only, `email` for contacts (their identity), `student` for a
    student and a guardian.
    """

    kind: str
    id: int
    role: str  # an Audience
    scope: Scope
    name: str = ""
    email: str = ""
    membership: int | None = None
    standings: tuple[Standing, ...] = ()  # company people: what each school trusts them with
    # False: known by a link only, which mail scanners also open; may see and do nothing about a
    # student.
    proven: bool = True

    def __post_init__(self) -> None:
        """Put into the scope who acts: outside a school one writes the trail as oneself."""
        if self.scope.role in ("student", "company", "operator"):
            mark = actor_mark(self.kind, self.id, self.role)
            object.__setattr__(self, "scope", replace(self.scope, actor=mark))

    @property
    def school_id(self) -> int | None:
        return self.scope.school

    @property
    def student_id(self) -> int | None:
        return self.scope.student

    @property
    def contacts(self) -> tuple[int, ...]:
        """Company people: the contacts this person is, at all companies and for all schools."""
        return tuple(sorted({s.person for s in self.standings})) or (
            (self.id,) if self.is_company else ()
        )

    def contact_at(self, row) -> int | None:
        """Which contact the row's school knows this person as at the row's company, if any."""
        return next(iter(self.contacts_at(row)), None)

    def contacts_at(self, row) -> tuple[int, ...]:
        """All contacts as which the row's school knows this person there, the row's own first."""
        pair = (row.school_id, row.company_id)
        return tuple(s.person for s in self.standings if (s.school, s.company) == pair)

    @property
    def is_coordinator(self) -> bool:
        return self.role == Audience.COORDINATOR

    @property
    def is_teacher(self) -> bool:
        return self.role == Audience.TEACHER

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_student(self) -> bool:
        return self.role == Audience.STUDENT

    @property
    def is_guardian(self) -> bool:
        return self.role == Audience.GUARDIAN

    @property
    def is_company(self) -> bool:
        return self.role == Audience.COMPANY

    @property
    def is_operator(self) -> bool:
        return self.role == Audience.OPERATOR

    @property
    def is_bureau(self) -> bool:
        return self.role == Audience.BUREAU


def actor_of_membership(membership) -> Actor:
    """The actor of a log-in in one of its roles; reads the mandates of a bureau, as that bureau."""
    role = membership.role
    if role == Audience.STUDENT:
        scope = Scope(
            "student",
            school=membership.school_id,
            student=membership.student_id,
            regions=(membership.region_id,),
        )
    elif role == Audience.BUREAU:
        scope = Scope(
            "bureau",
            schools=mandated_schools(membership.region_id),
            regions=(membership.region_id,),
        )
    elif role == Audience.OPERATOR:
        scope = Scope("operator")
    else:
        scope = school_scope(membership.school)
    return Actor(
        kind="user",
        id=membership.user_id,
        role=role,
        scope=scope,
        name=membership.name,
        email=membership.email,
        membership=membership.pk,
    )


def mandated_schools(region_id: int) -> tuple[int, ...]:
    """Schools that gave the region's bureau a task that runs today."""
    from stage.core.dutch.calendar import school_today
    from stage.core.models import Mandate

    today = school_today()
    with use(Scope("bureau", regions=(region_id,))):
        rows = Mandate.objects.filter(region_id=region_id, starts__lte=today, ends__gte=today)
        return tuple(sorted(set(rows.values_list("school_id", flat=True))))


def job(name: str, scope: Scope = SYSTEM) -> Actor:
    """The actor of a scheduled job."""
    return Actor(kind="job", id=0, role=Audience.JOB, scope=scope, name=name)


def job_at(school) -> Actor:
    """A job that works for one school, in that school's scope."""
    return job("job", school_scope(school))
