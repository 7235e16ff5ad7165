"""Rows that belong to a tenant, and the read that starts every query."""

from __future__ import annotations

from collections.abc import Iterable

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


class TenantQuerySet(models.QuerySet):
    """Reads start with `visible_to(actor)`: the wall in the code beside the database's."""

    def visible_to(self, actor):
        """The rows this actor may know of, by the tenant columns the model carries itself.

        Filters explicitly, so that indexes are used and the wall holds without the database's.
        A model with finer rules overrides `_within` and keeps these.
        """
        if actor is None or actor.scope.role == "none":
            return self.none()
        return self._within(actor)

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


class PoolRow(models.Model):
    """A row of a region's shared pool (R)."""

    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")

    objects = TenantQuerySet.as_manager()

    class Meta:
        abstract = True
