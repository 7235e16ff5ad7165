"""Rows that belong to a tenant, and the read that starts every query."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.db import models
from django.db.models import Q

from stage.core.tenants.tenancy import Pair
from stage.core.who.codes import public_code


def new_public_id() -> str:
    """A random code for addresses, without look-alike letters; never a serial number."""
    return public_code()


def q_of_pairs(pairs: Iterable[Pair]) -> Q:
    """Rows of these schools at these companies; none without a pair."""
    schools: dict[int, list[int]] = {}
    for school, company in pairs:
        schools.setdefault(company, []).append(school)
    found = Q(pk__in=())
    for company, ids in schools.items():
        found |= Q(company_id=company, school_id__in=ids)
    return found


def tenant_names(model: type[models.Model]) -> set[str]:
    """The model's columns by the name of what they point at: `student` for `student_id` too.

    A table of the core carries the number of a row above it in a plain column; the app that has
    that table lays the key (`REFERENCES` in its walls).
    """
    return {f.attname.removesuffix("_id") for f in model._meta.concrete_fields}


# What a row about another row takes over from it: whose it is.
TENANT_COLUMNS = ("region_id", "school_id", "student_id", "company_id", "placement_id")


def values_about(model: type[models.Model], row, **values) -> dict[str, Any]:
    """The values of a new row of `model` about `row`: its tenant columns, and the key to it.

    `row` is a placement, a student or what hangs on one. `values` are the others. Raises ValueError
    where they name another tenant than `row` has, or are rows of another school.
    """
    fields = model._meta.concrete_fields
    column_of = {name: f.attname for f in fields for name in (f.name, f.attname)}
    keys = [f for f in fields if f.related_model is type(row)]
    found: dict[str, Any] = {f.attname: row.pk for f in keys if len(keys) == 1}
    for column in set(column_of.values()) & set(TENANT_COLUMNS) - set(found):
        if getattr(row, column, None) is not None:
            found[column] = getattr(row, column)
    for name, value in values.items():
        said = value.pk if isinstance(value, models.Model) else value
        of_another = getattr(value, "school_id", None) not in (None, row.school_id)
        if of_another or found.pop(column_of.get(name, name), said) != said:
            raise ValueError(f"{name} is not of the tenant of {row!r}")
    # The row itself rather than its number, so that nobody reads it again.
    itself = {f.name: row for f in keys if found.pop(f.attname, None) is not None}
    return {**found, **itself, **values}


@dataclass(frozen=True)
class SchoolReach:
    """What people who work at a school reach inside it; `stage.schools.guidance` gives the rules.

    `knows`: whether a role is one at all. `students`: a condition on the column that says whom a
    row is about, for an actor; None when it reaches every student of the school. `names`: whether
    an actor may know who else goes to the school.
    """

    knows: Callable[[str], bool] = lambda role: False
    students: Callable[..., Q | None] = lambda actor, column: Q(pk__in=())
    names: Callable[..., bool] = lambda actor: False


def reach_by(rules: SchoolReach) -> None:
    """Set the one rule of whose rows people at a school reach; until then they reach none."""
    TenantQuerySet.reach = rules


class TenantQuerySet(models.QuerySet):
    """Reads start with `visible_to(actor)`: the wall in the code beside the database's."""

    # The column that says which student a row is about; a row with none there is of the school.
    about_student = "student"
    reach = SchoolReach()

    def visible_to(self, actor):
        """The rows this actor may know of, by the tenant columns the model carries itself.

        Filters explicitly, so that indexes are used and the wall holds without the database's.
        At a school also by whom the row is about: only students the actor guides.
        A model with finer rules overrides `_within` and keeps these.
        """
        if actor is None or actor.scope.role == "none":
            return self.none()
        if actor.scope.role != "school":
            return self._within(actor)
        return self._reached(actor)._within(actor) if self.reach.knows(actor.role) else self.none()

    def by_name(self, actor):
        """The same without whom the row is about: for a list in which staff find everybody.

        A page that reads by name shows who, which class and where, and nothing more of students
        whom the actor does not guide. Others than staff see what they see anyway.
        """
        if actor is None or actor.scope.role != "school":
            return self.visible_to(actor)
        return self._within(actor) if self.reach.names(actor) else self.none()

    def create_about(self, row, **values):
        """Save a new row about another one, with its tenant columns: see `values_about`."""
        return self.create(**values_about(self.model, row, **values))

    def _reached(self, actor):
        """Rows about students whom this actor reaches, and rows about none."""
        found = [f for f in self.model._meta.concrete_fields if f.name == self.about_student]
        reached = self.reach.students(actor, self.about_student) if found else None
        if reached is None:
            return self
        if found[0].null:
            reached |= Q(**{f"{self.about_student}__isnull": True})
        return self.filter(reached)

    def _within(self, actor):
        scope = actor.scope
        columns = tenant_names(self.model)
        if scope.role == "school":
            return self.filter(self._school_q(columns, scope))
        if scope.role == "student":
            return self.filter(self._student_q(columns, scope))
        if scope.role == "company":
            if self.model._meta.model_name == "company":
                return self.filter(pk__in=scope.companies)
            known = "company" in columns
            return self.filter(self._company_q(columns, scope)) if known else self.none()
        if scope.role == "bureau":
            return self.filter(self._bureau_q(columns, scope))
        return self if scope.role == "system" else self.none()

    def _school_q(self, columns, scope) -> Q:
        if "school" not in columns:
            return Q(region_id__in=scope.regions)
        own = Q(school_id=scope.school)
        if self.model._meta.get_field("school").null and "region" in columns:
            return own | Q(school_id__isnull=True, region_id__in=scope.regions)
        return own

    def _student_q(self, columns, scope) -> Q:
        if "student" in columns:
            return Q(school_id=scope.school, student_id=scope.student)
        return self._school_q(columns, scope)

    def _company_q(self, columns, scope) -> Q:
        """Rows of the pool by company; a school's by the pairs in which the person is contact.

        A supervisor's are those of the placements it was put on. Tables that show more, or to
        signatories as well, say so by overriding this.
        """
        if "school" not in columns:
            return Q(company_id__in=scope.companies)
        found = q_of_pairs(scope.reach.contact)
        if "placement" in columns:
            found |= Q(placement_id__in=scope.reach.placements)
        return found

    def _bureau_q(self, columns, scope) -> Q:
        if "school" not in columns:
            return Q(region_id__in=scope.regions)
        if self.model._meta.get_field("school").null and "region" in columns:
            return Q(school_id__isnull=True, region_id__in=scope.regions)
        return Q(school_id__in=scope.schools)


class SchoolRow(models.Model):
    """A row of one school (S)."""

    school = models.ForeignKey("core.School", models.PROTECT, related_name="+")

    objects = TenantQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def about(cls, row, **values) -> Self:
        """A new row about another one, not saved yet: see `values_about`."""
        return cls(**values_about(cls, row, **values))


class PoolRow(models.Model):
    """A row of a region's shared pool (R)."""

    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")

    objects = TenantQuerySet.as_manager()

    class Meta:
        abstract = True
