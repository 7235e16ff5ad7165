"""Profiles, keuzevakken and deeltaken, and dated reference values."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stage.core.models.base import TenantQuerySet, new_public_id


class Profile(models.Model):
    """One of the ten vmbo profiles, with its SBB recognition code (SBB, September 2024)."""

    code = models.CharField(max_length=6, unique=True)
    name = models.CharField(_("naam"), max_length=60)
    sbb_code = models.CharField(max_length=5)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class SharedQuerySet(TenantQuerySet):
    """Rows of everybody (no school) and the school's own."""

    def _school_q(self, columns, scope):
        return Q(school_id=scope.school) | Q(school_id__isnull=True)


class Elective(models.Model):
    """A keuzevak: an exam component of 80-100 clock hours. Without a school: the national list."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    school = models.ForeignKey(
        "core.School", models.PROTECT, null=True, blank=True, related_name="+"
    )
    profile = models.ForeignKey(Profile, models.PROTECT, related_name="electives")
    code = models.CharField(max_length=20, blank=True)
    name = models.CharField(_("naam"), max_length=160)

    objects = SharedQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    """A deeltaak of a keuzevak, as the school teaches it."""

    school = models.ForeignKey("core.School", models.PROTECT, related_name="+")
    elective = models.ForeignKey(Elective, models.PROTECT, related_name="tasks")
    name = models.CharField(_("naam"), max_length=160)
    order = models.PositiveSmallIntegerField(default=0)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name
