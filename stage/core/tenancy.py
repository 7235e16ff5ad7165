"""Who may the running code see? One context variable; the database's policies read it.

The scope comes from memberships in the database or from a link, never from the URL. Not set means
no rows. `use(SYSTEM)` sees everything: `tests/test_architecture.py` lists its call sites.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """What one audience may see; `role` names a database role without its `stage_` prefix."""

    role: str  # school | student | company | bureau | system | none
    school: int | None = None  # staff and students: one school at a time
    student: int | None = None  # student and guardian: one student
    companies: tuple[int, ...] = ()  # company people: their companies, rows of any school
    schools: tuple[int, ...] = ()  # bureau: schools that gave it a mandate
    regions: tuple[int, ...] = ()  # the shared pool

    def settings(self) -> list[str]:
        """The values of the six settings the policies read, in the engine's order."""
        return [
            "none" if self.role == "none" else f"stage_{self.role}",
            str(self.school or ""),
            str(self.student or ""),
            _joined(self.companies),
            _joined(self.schools),
            _joined(self.regions),
        ]


def _joined(ids: Iterable[int]) -> str:
    return ",".join(str(int(i)) for i in ids)


NOBODY = Scope("none")
SYSTEM = Scope("system")
_current: ContextVar[Scope] = ContextVar("tenancy", default=NOBODY)
current = _current.get


@contextmanager
def use(scope: Scope) -> Iterator[Scope]:
    """Run the block as `scope`; refuses what is not a Scope, so that None opens nothing."""
    if not isinstance(scope, Scope):
        raise TypeError("use() takes a Scope")
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


def school_scope(school) -> Scope:
    """The scope of one school's staff: its own rows and its region's pool."""
    return Scope("school", school=school.pk, regions=(school.region_id,))


@contextmanager
def as_school_of(row) -> Iterator[Scope]:
    """Go on in the school of a row the actor may change, in the same transaction.

    A company's answer must reach rows that company people cannot see (its yes closes a student's
    other applications). The school is taken from the row, never from input; a test lists the call
    sites.
    """
    from stage.core.models import School

    with use(school_scope(School.objects.get(pk=row.school_id))) as scope:
        yield scope
