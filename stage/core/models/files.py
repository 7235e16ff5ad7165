"""Private files: what is stored where, of whom, and who may see it follows from the columns."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from stage.core.files import kinds
from stage.core.models.base import TenantQuerySet, new_public_id, q_of_pairs


class StoredFileQuerySet(TenantQuerySet):
    about_student = "student_id"

    def _student_q(self, columns, scope):
        """A student's own files, and those for every student of the school or the region."""
        shared = [kind.name for kind in kinds.all_kinds() if kind.of_school]
        for_all = Q(school_id=scope.school, student_id__isnull=True, kind__in=shared)
        pool = [kind.name for kind in kinds.all_kinds() if kind.of_pool]
        of_region = Q(
            school_id__isnull=True,
            student_id__isnull=True,
            region_id__in=scope.regions,
            kind__in=pool,
        )
        return super()._student_q(columns, scope) | for_all | of_region

    def _company_q(self, columns, scope):
        """Of the company itself, of trainees; what was signed for who signs for the company."""
        reach = scope.reach
        own = Q(school__isnull=True, company_id__in=scope.companies)
        guided = q_of_pairs(reach.pairs) & Q(student_id__in=reach.trainees)
        signed = [kind.name for kind in kinds.all_kinds() if kind.of_signatories]
        papers = q_of_pairs(reach.signatory) & Q(kind__in=signed)
        return super()._company_q(columns, scope) | own | guided | papers


class StoredFile(models.Model):
    """A file that was decoded and written anew; served only by a view that asks a policy."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")
    school = models.ForeignKey("core.School", models.PROTECT, null=True, related_name="+")
    # Rows of apps above: they lay the keys (`REFERENCES` in their walls).
    student_id = models.BigIntegerField(null=True, db_index=True)
    company_id = models.BigIntegerField(null=True, db_index=True)
    kind = models.CharField(max_length=10)  # of `stage.core.files.kinds`
    name = models.CharField(max_length=120)
    path = models.CharField(max_length=120)  # relative to FILES_ROOT; random
    thumbnail_path = models.CharField(max_length=120, blank=True)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()  # bytes
    digest = models.CharField(max_length=64)  # SHA-256 of what is stored
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(student_id__isnull=True) | Q(school__isnull=False),
                name="file_of_student_has_school",
            )
        ]
