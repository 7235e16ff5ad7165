"""Where students stand with their stage: told by an app above, shown in the list of students.

    whereabouts.told_by(choices=CHOICES, are=are, lines=lines_of)

in that app's `sections.py`. The list and its file show a column of it, and can be narrowed to it;
without anybody who tells, they have neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists

from stage.core.ui.tones import Word

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from stage.schools.models import Period


@dataclass(frozen=True)
class Line:
    """How one student stands in one period: a state, and where that is or what happened."""

    word: Word
    text: str
    period: str

    def __str__(self) -> str:
        return f"{self.word.label}: {self.text}" if self.text else str(self.word.label)


@dataclass(frozen=True)
class _Teller:
    choices: Sequence[tuple[str, StrOrPromise]]
    are: Callable[..., Exists]
    lines: Callable[..., dict[int, list[Line]]]


_TELLERS: list[_Teller] = []


def told_by(
    *,
    choices: Sequence[tuple[str, StrOrPromise]],
    are: Callable[..., Exists],
    lines: Callable[..., dict[int, list[Line]]],
) -> None:
    """Register who knows.

    `choices` of the filter; `are(actor, choice, period)`, a condition on students; and
    `lines(actor, students, period)`, per student. All of students whom the actor guides only.
    """
    _TELLERS[:] = [_Teller(choices, are, lines)]


def choices() -> list[tuple[str, Any]]:
    """What the list can be narrowed to."""
    return [choice for teller in _TELLERS for choice in teller.choices]


def narrow(rows, actor, choice: str, period: Period | None):
    """The students who stand like that, in this period or in any that is not over."""
    for teller in _TELLERS:
        rows = rows.filter(teller.are(actor, choice, period))
    return rows


def lines_of(actor, students: Iterable[int], period: Period | None) -> dict[int, list[Line]]:
    """Per student, by number, the lines of the column."""
    found: dict[int, list[Line]] = {}
    for teller in _TELLERS:
        found |= teller.lines(actor, students, period)
    return found
