"""Who may the running code see? One context variable; the database's policies read it.

The scope comes from memberships in the database or from a link, never from the URL. Not set means
no rows. `use(SYSTEM)` sees everything: `tests/test_architecture.py` lists its call sites, none of
which a request reaches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from stage.core.dutch.calendar import school_today

Pair = tuple[int, int]  # a school and a company


@dataclass(frozen=True)
class Reach:
    """What somebody of a company may see, school by school: never a union over schools.

    A pair stands in `pairs` when that school trusts the person at that company, in `contact` or
    `signatory` when it does so in that role. `placements` are those the person was put on as
    supervisor, `trainees` their students, `invitations` what a link alone shows.
    """

    pairs: tuple[Pair, ...] = ()
    contact: tuple[Pair, ...] = ()
    signatory: tuple[Pair, ...] = ()
    placements: tuple[int, ...] = ()
    trainees: tuple[int, ...] = ()
    invitations: tuple[int, ...] = ()

    def settings(self) -> list[str]:
        """Values of the settings that only policies of company people read."""
        return [
            _pairs(self.pairs),
            _pairs(self.contact),
            _pairs(self.signatory),
            _joined(self.placements),
            _joined(self.invitations),
        ]


@dataclass(frozen=True)
class Scope:
    """What one audience may see; `role` names a database role without its `stage_` prefix."""

    role: str  # school | student | company | bureau | operator | system | none
    school: int | None = None  # staff and students: one school at a time
    student: int | None = None  # student and guardian: one student
    companies: tuple[int, ...] = ()  # company people: their companies' rows of the pool
    schools: tuple[int, ...] = ()  # bureau: schools that gave it a mandate
    regions: tuple[int, ...] = ()  # the shared pool
    reach: Reach = Reach()  # company people: which schools' rows at those companies
    actor: str = (
        ""  # student, guardian, company people, operator: who acts, as `actor_mark` writes it
    )

    def settings(self) -> list[str]:
        """The values of the settings the policies read, in the engine's order."""
        base = [
            "none" if self.role == "none" else f"stage_{self.role}",
            str(self.school or ""),
            str(self.student or ""),
            _joined(self.companies),
            _joined(self.schools),
            _joined(self.regions),
            self.actor,
            # The product's clock decides what today is, here as in the services.
            school_today().isoformat(),
        ]
        return base + self.reach.settings() if self.role == "company" else base


def _joined(ids: Iterable[int]) -> str:
    return ",".join(str(int(i)) for i in ids)


def _pairs(pairs: Iterable[Pair]) -> str:
    """Each pair as one number, as the policies compare it (`stage.core.tenants.walls`)."""
    return _joined(school << 32 | company for school, company in pairs)


def actor_mark(kind: str, number: int, role: str) -> str:
    """Who acts, as the walls compare it with what a row of the audit trail says."""
    return f"{kind}:{number}:{role}"


NOBODY = Scope("none")
SYSTEM = Scope("system")
_in_web: ContextVar[bool] = ContextVar("in_web", default=False)
_current: ContextVar[Scope] = ContextVar("tenancy", default=NOBODY)
current = _current.get


@contextmanager
def use(scope: Scope) -> Iterator[Scope]:
    """Run the block as `scope`; refuses what is not a Scope, so that None opens nothing."""
    if not isinstance(scope, Scope):
        raise TypeError("use() takes a Scope")
    if scope.role == "system" and _in_web.get():
        raise RuntimeError("no request sees everything: ask a listed look-up, or leave a job")
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


@contextmanager
def for_web() -> Iterator[None]:
    """Run the block as the web server does: the system scope does not open.

    There the log-in role could not take it anyhow; so it is found out in every test.
    """
    token = _in_web.set(True)
    try:
        yield
    finally:
        _in_web.reset(token)


def school_scope(school) -> Scope:
    """The scope of one school's staff: its own rows and its region's pool."""
    return Scope("school", school=school.pk, regions=(school.region_id,))


def scope_at(school_id: int | None, region_id: int) -> Scope:
    """The scope that writes to somebody: the school's that knows the person, else the region's."""
    from stage.core.models import School

    if school_id:
        return school_scope(School.objects.get(pk=school_id))
    return Scope("bureau", regions=(region_id,))


@contextmanager
def as_school_of(row) -> Iterator[Scope]:
    """Go on in the school of a row the actor may change, in the same transaction.

    A company's answer must reach rows that company people cannot see (its yes closes a student's
    other applications). The school is taken from the row, never from input; a test lists the call
    sites.
    """
    from stage.core.models import School

    state = getattr(row, "_state", None)  # a row of ours, or what stands for one
    read = state is not None and "school" in state.fields_cache
    school = row.school if read else School.objects.get(pk=row.school_id)
    with use(school_scope(school)) as scope:
        yield scope
