"""Regions, schools, and who works there."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stage.core.enums import STAFF, Role
from stage.core.models.base import SchoolRow, TenantQuerySet, new_public_id


class Region(models.Model):
    """Outer tenant: schools that share one pool of companies. A school alone is a region of one."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    name = models.CharField(_("naam"), max_length=120)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class SchoolQuerySet(models.QuerySet):
    def running(self):
        """Schools that work with Stage now."""
        return self.filter(ended_at__isnull=True)


class School(models.Model):
    """Inner tenant: students and everything about them belong to one school."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="schools")
    name = models.CharField(_("naam"), max_length=120)
    brin = models.CharField(_("BRIN en vestiging"), max_length=6, unique=True)
    # Works with Stage no longer: nobody gets in, no job works for it, and all its rows stay.
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes users; staff have an e-mail address, students a random username only."""

    def create_user(self, *, username: str | None = None, email: str | None = None, password=None):
        user = self.model(
            username=username or new_public_id() + new_public_id(),
            email=self.normalize_email(email).lower() if email else None,
        )
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username):
        return self.get(**{self.model.USERNAME_FIELD: username})


class User(AbstractBaseUser):
    """A human who logs in. Roles are memberships; names stand there or on the student."""

    username = models.CharField(max_length=40, unique=True)
    email = models.EmailField(_("e-mailadres"), unique=True, null=True, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    objects = UserManager()

    # The roles of now, where they were read together with the user (stage.core.who.login_backend).
    memberships_now: list[Membership] | None = None

    def __str__(self) -> str:
        return self.email or self.username


# Whom the operator invites: the one who invites the others, at a school and in a region.
FIRST_ROLES = (Role.COORDINATOR, Role.BUREAU)


class MembershipQuerySet(TenantQuerySet):
    about_student = "student_id"

    def _within(self, actor):
        if actor.scope.role == "operator":
            return self.filter(role__in=FIRST_ROLES)
        return super()._within(actor)

    def active(self):
        return self.filter(ended_at__isnull=True)

    def staff(self):
        """People who work at a school: the ones a student can be assigned to."""
        return self.filter(role__in=STAFF)

    def _student_q(self, columns, scope):
        return Q(school_id=scope.school) & (
            Q(student_id__isnull=True) | Q(student_id=scope.student)
        )


class Membership(models.Model):
    """One person in one role at one school or region: what the role switch offers."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    # Of a pupil's log-in: the row of stage.schools.Student, which lays the key (its walls).
    student_id = models.BigIntegerField(null=True, blank=True, unique=True)
    name = models.CharField(_("naam"), max_length=120, blank=True)
    email = models.EmailField(_("e-mailadres"), blank=True)
    telephone = models.CharField(_("telefoon"), max_length=20, blank=True)
    abbreviation = models.CharField(_("afkorting"), max_length=12, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            # The few of a region's bureau, not those of every region.
            models.Index(
                fields=["region"],
                condition=Q(school__isnull=True),
                name="membership_of_bureau",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "school"],
                condition=Q(school__isnull=False, ended_at__isnull=True),
                name="membership_once_per_school",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "region"],
                condition=Q(school__isnull=True, ended_at__isnull=True),
                name="membership_once_per_region",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["bureau", "operator"], school__isnull=True)
                | Q(role__in=["coordinator", "teacher"], school__isnull=False)
                | Q(role="student", school__isnull=False, student_id__isnull=False),
                name="membership_place_fits_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_role_display()})"


class Mandate(SchoolRow):
    """A school gives its region's bureau a task for which it may see students."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    task = models.CharField(_("taak"), max_length=200)
    # For addresses of companies: what the bureau types counts as typed by the school.
    may_vouch = models.BooleanField(_("mag zeggen wie een bedrijf is"), default=False)
    starts = models.DateField(_("van"))
    ends = models.DateField(_("tot en met"))
