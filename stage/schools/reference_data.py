"""Bring the shipped reference data into the database; what schools added to it stays."""

from __future__ import annotations

from django.db import transaction

from stage.core import reference
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import Elective, Profile


def load() -> int:
    """Make the rows of everybody as shipped; returns how many were written.

    Safe to repeat; two reads when nothing changed. Rows that are no longer shipped stay, because
    students and agreements may point at them. Run as the owner of the tables or the application.
    """
    with use(SYSTEM), transaction.atomic():
        return _profiles() + _electives()


def _profiles() -> int:
    known = {p.code: p for p in Profile.objects.all()}
    wanted = [Profile(code=r.code, name=r.name, sbb_code=r.sbb_recognition)
              for r in reference.profiles()]  # fmt: skip
    changed = [
        p
        for p in wanted
        if p.code not in known
        or (known[p.code].name, known[p.code].sbb_code) != (p.name, p.sbb_code)
    ]
    Profile.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "sbb_code"],
    )
    return len(changed)


def _electives() -> int:
    profiles = dict(Profile.objects.values_list("code", "pk"))
    shared = Elective.objects.filter(school__isnull=True)
    known = {(e.profile_id, e.name): e for e in shared}
    new, changed = [], []
    for row in reference.electives():
        found = known.get((profiles[row.profile], row.name))
        if found is None:
            new.append(Elective(profile_id=profiles[row.profile], code=row.code, name=row.name))
        elif found.code != row.code:
            found.code = row.code
            changed.append(found)
    Elective.objects.bulk_create(new)
    Elective.objects.bulk_update(changed, ["code"])
    return len(new) + len(changed)
