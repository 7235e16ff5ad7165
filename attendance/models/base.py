"""What the tables of days at work share."""

from __future__ import annotations

from stage.core.models.base import TenantQuerySet


class AttendanceQuerySet(TenantQuerySet):
    """Rows of one placement; never a bureau's business."""

    def _within(self, actor):
        return self.none() if actor.is_bureau else super()._within(actor)

    def between(self, first, last):
        """Rows with a date from `first` up to and including `last`."""
        return self.filter(date__gte=first, date__lte=last)
