"""An import as a row: what was uploaded, what was found, how far it is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from stage.core.models.base import TenantQuerySet, new_public_id
from stage.schools.enums import ImportState


class SchoolOrBureauQuerySet(TenantQuerySet):
    """Rows of a school, or of the region's bureau when they have no school; never both."""

    def _school_q(self, columns, scope) -> Q:
        return Q(school_id=scope.school)


class ImportJob(models.Model):
    """One uploaded sheet on its way in; all rows or none.

    `school` is empty for a sheet of companies that a bureau brings into the region's pool.
    A worker that takes the job up raises `attempts`; whoever holds an older number has lost it.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")
    school = models.ForeignKey("core.School", models.PROTECT, null=True, related_name="+")
    sheet = models.CharField(max_length=20)  # students, companies, teachers
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    group = models.ForeignKey("schools.Group", models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    mapping = models.JSONField(default=dict)  # field name -> heading
    # What a person said about rows: {"same": {index of the row: whom it is the same as}}.
    choices = models.JSONField(default=dict)
    message = models.CharField(max_length=300, blank=True)  # why refused
    result = models.JSONField(default=dict)  # counts, row errors (line, column, message), unknown
    invite = models.BooleanField(default=False)  # mail the teachers an invitation
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)  # sign of life of the worker that has it
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    created_by = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")

    objects = SchoolOrBureauQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]

    @property
    def has_errors(self) -> bool:
        return bool(self.result.get("error_count"))

    @property
    def is_running(self) -> bool:
        """Whether rows are coming in."""
        return self.state == ImportState.RUNNING

    @property
    def is_checked(self) -> bool:
        """Whether a person looks at what it would do; nothing came in yet."""
        return self.state == ImportState.CHECKED

    @property
    def is_done(self) -> bool:
        return self.state == ImportState.DONE

    @property
    def is_refused(self) -> bool:
        return self.state == ImportState.REFUSED

    @property
    def is_cancelled(self) -> bool:
        return self.state == ImportState.CANCELLED

    @property
    def changes_nothing(self) -> bool:
        """Everything in the sheet is there already, as it stands; a group would still get them."""
        counted = (self.result.get(key) for key in ("new", "changed"))
        undecided = self.group_id is not None or self.has_errors or self.result.get("doubles")
        return not undecided and list(counted) == [0, 0]

    @property
    def outcome(self) -> tuple[str, str]:
        """Tone and words for where it stands; a check that found something wrong read nothing."""
        if self.state == ImportState.CHECKED:
            if self.has_errors:
                return "wrong", _("Er zitten fouten in")
            if self.changes_nothing:
                return "neutral", _("Niets nieuws")
            return "attention", _("Nog niet ingelezen")
        if self.state == ImportState.DONE:
            return "good", self.get_state_display()
        return "neutral", self.get_state_display()


class ImportMapping(models.Model):
    """Which field a column is, as somebody said before; `field` is empty for "leave it out"."""

    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")
    school = models.ForeignKey("core.School", models.PROTECT, null=True, related_name="+")
    sheet = models.CharField(max_length=20)
    heading = models.CharField(max_length=120)  # normalised
    field = models.CharField(max_length=40, blank=True)

    objects = SchoolOrBureauQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "school", "sheet", "heading"],
                nulls_distinct=False,
                name="import_mapping_once",
            )
        ]
