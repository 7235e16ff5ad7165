"""Writes the checked rows of a list of teachers: log-ins without a password, one role each.

Nobody is mailed unless whoever imports says so: `job.invite`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from stage.core.dutch.names import full_name
from stage.core.enums import Role
from stage.core.models import Membership
from stage.core.record import audit
from stage.schools.imports import samples
from stage.schools.imports.loaders import register
from stage.schools.imports.refusal import RowsRefused
from stage.schools.imports.sheets import TEACHERS
from stage.schools.services.people import log_ins_of, not_accepted, queue_invitation


def load_teachers(
    rows: list[dict[str, Any]], *, job, actor, progress: Callable[[int], None]
) -> dict[str, int]:
    """Write all rows in the caller's transaction, matched by address; answers the counts.

    Somebody who is coordinator already stays that and becomes no teacher beside it.
    Raises RowsRefused for a name or abbreviation that is too long.
    """
    if problems := problems_of_teachers(rows, job=job, actor=actor):
        raise RowsRefused(problems)
    staff = Membership.objects.active().staff().filter(school_id=job.school_id)
    known = {m.email.lower(): m for m in staff.order_by("-role")}  # the coordinator's row wins
    users = log_ins_of(row["email"] for row in rows)
    new, changed, same = [], [], 0
    for row in rows:
        email = row["email"].lower()
        name = full_name(row["first_name"], row["infix"], row["last_name"])
        found = known.get(email)
        if found is None:
            new.append(
                Membership(
                    user_id=users[email],
                    role=Role.TEACHER,
                    region_id=job.region_id,
                    school_id=job.school_id,
                    name=name,
                    email=email,
                    abbreviation=row["code"],
                )
            )
            continue
        wanted = {"name": name, "abbreviation": row["code"] or found.abbreviation}
        fields = [f for f, value in wanted.items() if getattr(found, f) != value]
        for f in fields:
            setattr(found, f, wanted[f])
        if fields:
            changed.append((found, fields))
        else:
            same += 1
    Membership.objects.bulk_create(new, batch_size=500)
    Membership.objects.bulk_update([m for m, _f in changed], ["name", "abbreviation"], 200)
    audit.record_all(audit.entry_of(actor, "staff_added", m) for m in new)
    audit.record_all(audit.entry_of(actor, "staff_changed", m, fields=f) for m, f in changed)
    invited = _invite(new, job)
    progress(len(rows))
    return {"new": len(new), "changed": len(changed), "same": same, "invited": invited}


def _invite(new: list[Membership], job) -> int:
    waiting = not_accepted(new) if job.invite else set()
    for membership in new:
        if membership.pk in waiting:
            queue_invitation(membership)
    return len(waiting)


def problems_of_teachers(rows: list[dict[str, Any]], *, job, actor) -> list[tuple[int, str, str]]:
    """Names and abbreviations that are too long, as RowsRefused has them."""
    errors = []
    for index, row in enumerate(rows):
        name = full_name(row["first_name"], row["infix"], row["last_name"])
        for field, value, limit in (("last_name", name, 120), ("code", row["code"], 12)):
            if len(value) > limit:
                message = _("Dit is langer dan %(max)s tekens. Kort het in.") % {"max": limit}
                errors.append((index, field, message))
    return errors


register(
    TEACHERS,
    load_teachers,
    page="schools:staff_list",
    sample=samples.TEACHERS,
    problems=problems_of_teachers,
)
