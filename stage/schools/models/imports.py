"""An import as a row: what was uploaded, what was found, how far it is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _

from stage.core.models import LongJob, SchoolOrBureauQuerySet
from stage.schools.enums import ImportState


class ImportJob(LongJob):
    """One uploaded sheet on its way in; all rows or none.

    `school` is empty for a sheet that a bureau brings into the region's pool. A worker has it
    twice: to check the sheet, and to write its rows once somebody said yes.
    """

    sheet = models.CharField(max_length=20)  # a name in `imports.loaders`
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    group = models.ForeignKey("schools.Group", models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    mapping = models.JSONField(default=dict)  # field name -> heading
    # What a person said: "same" (line -> the company it is), "cells" (line -> field -> text),
    # "out" (lines left out), "blank" (kinds of errors left empty), "good_only".
    choices = models.JSONField(default=dict)
    invite = models.BooleanField(default=False)  # mail the teachers an invitation

    # `result`: counts, row errors (line, column, message), unknown.
    BUSY = (ImportState.UPLOADED, ImportState.CHECKING, ImportState.RUNNING)
    TAKEN_UP = ((ImportState.UPLOADED, ImportState.CHECKING),)
    REFUSED = ImportState.REFUSED

    class Meta(LongJob.Meta):
        pass

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
        if self.state == ImportState.DONE and self.result.get("rest"):
            return "attention", _("Deels ingelezen")
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
