"""How a sheet is described: its fields, the headings they go by, and how a row is completed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stage.schools.imports.parsers import FieldError, Parser, text

__all__ = ["Field", "FieldError", "Parser", "Sheet"]

Row = dict[str, Any]
Completion = Callable[[Row], None]


@dataclass(frozen=True)
class Field:
    """One field. `label` is lazy; a better synonym stands earlier; no cell becomes `empty`.

    `spares`: a cell that is not understood may be left empty, for every row at once. `hints`: words
    of a heading by which it is proposed, never taken. `of_school`: kept for a school alone.
    """

    name: str
    label: Any
    synonyms: tuple[str, ...] = ()
    required: bool = False
    parse: Parser = field(default_factory=text)
    empty: Any = ""
    spares: bool = True
    hints: tuple[str, ...] = ()
    of_school: bool = False

    @property
    def may_be_spared(self) -> bool:
        """Whether a row does without this field."""
        return self.spares and not self.required


@dataclass(frozen=True)
class Sheet:
    """A kind of list.

    `unique`: groups of fields that may not be the same in two rows (skipped where all are empty).
    `instead`: a required field may be absent when the field named here is present.
    `complete` fills fields from others after a row was read, and removes those that only helped;
    it may raise `FieldError` with the name of a field in `field`.
    `who`: the fields by which people recognise a row. `no_place`: headings, normalised, of what we
    do not keep, each with a sentence that says so.
    """

    name: str
    label: Any
    fields: tuple[Field, ...]
    unique: tuple[tuple[str, ...], ...] = ()
    instead: Mapping[str, str] = field(default_factory=dict)
    complete: Completion | None = None
    who: tuple[str, ...] = ()
    no_place: Mapping[str, Any] = field(default_factory=dict)

    def named(self, name: str) -> Field:
        """The field of a name. Raises `KeyError`."""
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(name)
