"""What a company may know of an applicant or trainee."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from stage.core.dutch import names
from stage.core.models.base import TenantQuerySet, q_of_pairs
from stage.schools.enums import Leerweg
from stage.schools.models.base import StudentRow


class StudentCardQuerySet(TenantQuerySet):
    def _company_q(self, columns, scope) -> Q:
        """Applicants for contacts; trainees for who signs for them or guides them."""
        reach = scope.reach
        signed_for = q_of_pairs(reach.signatory)
        guided = q_of_pairs(reach.pairs) & Q(student__in=reach.trainees)
        return super()._company_q(columns, scope) | signed_for | guided


class StudentCard(StudentRow):
    """What one company may know of one applicant or trainee: recorded, revocable disclosure."""

    company = models.ForeignKey("companies.Company", models.PROTECT, related_name="+")
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=100, blank=True)
    school_class = models.CharField(max_length=20, blank=True)
    leerweg = models.CharField(max_length=2, choices=Leerweg, blank=True)
    profile_name = models.CharField(max_length=60, blank=True)
    age_band = models.CharField(max_length=10)  # "14-15", "16-17" or "18+"
    disclosed_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = StudentCardQuerySet.as_manager()

    class Meta(StudentRow.Meta):
        ordering = ["first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "company"],
                condition=Q(revoked_at__isnull=True),
                name="student_card_once",
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return names.full_name(self.first_name, "", self.last_name)
