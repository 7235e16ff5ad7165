"""What a school lets its region see of a row about a student, without the student.

A school's row about a student (what it thought of a company, say) is the school's alone. What the
region may read of it is a *copy*, a row of the pool of its own that says nothing of whom it came
from: the school's row points at its copy, and nothing points back. So no wall has to hide a column,
and forgetting the student cannot break what others read.

A copy's model takes `Published`, its wall `rules()`; a check (stage.E011) refuses one that carries
or refers to a student, or that another school could write. The private row has a nullable
one-to-one `published` to it; `publish` and `withdraw` are the two writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stage.core.models.base import PoolRow, TenantQuerySet, new_public_id
from stage.core.record import audit
from stage.core.tenants.walls import RULES, Wall
from stage.core.who.policies import Conflict

# A school reads what its region published and writes what is its own.
_OWN = f"{RULES['pool']} AND by_school_id = nullif(current_setting('app.school', true), '')::bigint"


class PublishedQuerySet(TenantQuerySet):
    """Copies; those that were taken back stay, for whoever asks what stood there."""

    def live(self):
        return self.filter(withdrawn_at__isnull=True)


class Published(PoolRow):
    """A row of the pool that a school made of one of its own, and may take back."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    # Not `school`: the row is the region's.
    by_school = models.ForeignKey("core.School", models.PROTECT, related_name="+", editable=False)
    published_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = PublishedQuerySet.as_manager()

    class Meta(PoolRow.Meta):
        abstract = True


def rules() -> dict[str, str]:
    """For the wall of a copy: the region reads, the school that published writes."""
    return {"school.i": _OWN, "school.u": _OWN}


@transaction.atomic
def publish(row: Any, copy: Published, *, verb: str, actor) -> Published:
    """Show `copy`, made of the school's `row`, to the region; the service has asked its policy.

    `row` is of one school and has `published`. Raises Conflict when a copy of it is shown already:
    two people at once publish one.
    """
    held = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if held.published_id is not None and held.published.withdrawn_at is None:
        raise Conflict(_("Dit is al te zien voor de regio."))
    copy.by_school, copy.region = held.school, held.school.region
    copy.save(force_insert=True)
    type(row)._default_manager.filter(pk=row.pk).update(published=copy)
    row.published = copy
    audit.record(actor, verb, row, fields=("published",))
    return copy


@transaction.atomic
def withdraw(row: Any, *, verb: str, actor) -> None:
    """Take the copy back. Raises Conflict when nothing of `row` is shown."""
    copies = type(row)._meta.get_field("published").related_model._default_manager
    shown = copies.filter(pk=row.published_id, withdrawn_at__isnull=True)
    if shown.update(withdrawn_at=timezone.now()) != 1:
        raise Conflict(_("Dit is niet meer te zien voor de regio."))
    row.published.refresh_from_db()
    audit.record(actor, verb, row, fields=("published",))


def faults_of(model: type[Published], wall: Wall) -> Iterator[str]:
    """What makes a copy say more than it may: its columns, what it refers to, who writes it."""
    for field in model._meta.concrete_fields:
        if field.attname == "student_id" or "student" in field.name:
            yield f"{field.name} says which student"
        elif field.related_model is not None and _is_about_a_student(field.related_model):
            yield f"{field.name} leads to a student"
    for verb in "iu":
        if verb in wall.school and wall.rules.get(f"school.{verb}") != rules()[f"school.{verb}"]:
            yield f"another school of the region could write it ({verb})"


def _is_about_a_student(model) -> bool:
    names = {f.attname for f in model._meta.concrete_fields}
    return "student_id" in names or model._meta.model_name == "student"
