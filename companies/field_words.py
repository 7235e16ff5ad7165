"""The changed facts of a company in words."""

from __future__ import annotations

from dataclasses import dataclass

from companies.enums import AttendanceMode, ChangeKind, DayEnd
from companies.models import Company, CompanyChange, Contact, Location


@dataclass(frozen=True)
class ChangedFact:
    """One fact as it was and as it is."""

    label: str
    before: str
    after: str


def lines_of(change: CompanyChange) -> list[ChangedFact]:
    """What changed, by the names the forms use; for who is new or left, what they are."""
    of_company = (ChangeKind.FACTS, ChangeKind.MERGED, ChangeKind.UNMERGED)
    models = {**dict.fromkeys(of_company, Company), ChangeKind.LOCATION: Location}
    model = models.get(ChangeKind(change.kind), Contact)
    lines = []
    for name, after in change.after.items():
        before = change.before.get(name, "")
        if before == after and change.kind != ChangeKind.LEFT:
            continue
        # Of who left nothing changed: what they were is told once.
        before = "" if before == after else before
        label = str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        lines.append(ChangedFact(label, _words(name, before), _words(name, after)))
    return lines


def _words(name: str, value) -> str:
    if name == "attendance_mode" and value in AttendanceMode.values:
        return str(AttendanceMode(value).label)
    if name == "day_end" and value in DayEnd.values:
        return str(DayEnd(value).label)
    return str(value or "–")
