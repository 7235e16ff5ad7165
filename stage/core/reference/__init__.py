"""Reference data as shipped: profiles, electives, places, and dated values with their source.

Read once per process. What a school changes stands in the database; these are the starting rows.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class ProfileRow:
    """One of the ten vocational profiles; `sbb_recognition` is SBB's code for recognition."""

    code: str
    name: str
    sbb_recognition: str


@dataclass(frozen=True)
class ElectiveRow:
    """A keuzevak of a profile; `code` may be empty."""

    profile: str
    code: str
    name: str


@dataclass(frozen=True)
class PlaceRow:
    """A place with its coordinates in degrees (WGS 84)."""

    name: str
    province: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class ValueRow:
    """A rule or amount and the days (both included) between which it holds."""

    kind: str
    key: str
    value: str
    valid_from: date
    valid_to: date | None
    source: str

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class SchoolHolidayRow:
    """A school holiday of a region (noord, midden, zuid), first and last day included.

    `status`: `official`, `advised` (a school may choose otherwise) or `unverified`.
    """

    school_year: str
    region: str
    name: str
    first_day: date
    last_day: date
    source: str
    status: str


@cache
def school_holidays() -> tuple[SchoolHolidayRow, ...]:
    """In the order of the file: by school year and time of the year."""
    return tuple(
        SchoolHolidayRow(
            school_year=row["school_year"],
            region=row["region"],
            name=row["name"],
            first_day=date.fromisoformat(row["first_day"]),
            last_day=date.fromisoformat(row["last_day"]),
            source=row["source"],
            status=row["status"],
        )
        for row in _read("school_holidays.csv")
    )


@cache
def profiles() -> tuple[ProfileRow, ...]:
    return tuple(ProfileRow(**row) for row in _read("profiles.csv"))


@cache
def electives() -> tuple[ElectiveRow, ...]:
    return tuple(ElectiveRow(**row) for row in _read("electives.csv"))


@cache
def places() -> tuple[PlaceRow, ...]:
    return tuple(
        PlaceRow(row["name"], row["province"], float(row["latitude"]), float(row["longitude"]))
        for row in _read("places.csv")
    )


@cache
def values() -> tuple[ValueRow, ...]:
    return tuple(
        ValueRow(
            kind=row["kind"],
            key=row["key"],
            value=row["value"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            source=row["source"],
        )
        for row in _read("values.csv")
    )


def value_on(day: date, kind: str, key: str, rows: Iterable[ValueRow] | None = None) -> ValueRow:
    """The row that holds on a day; of rows that overlap the one that started last.

    `rows` are the shipped ones unless others (a school's, with the same fields) are given.
    Raises `LookupError` when no row holds.
    """
    found = [
        row
        for row in (values() if rows is None else rows)
        if row.kind == kind and row.key == key and row.holds_on(day)
    ]
    if not found:
        raise LookupError(f"no reference value {kind}.{key} on {day}")
    return max(found, key=lambda row: row.valid_from)


def _read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
