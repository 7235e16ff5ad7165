"""The days of a placement, read by who guides the student and by the coordinator."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from attendance.queries import days_of
from placements.models import Placement
from stage.core.api.fields import ClockField
from stage.core.api.views import ApiList
from stage.core.enums import STAFF
from stage.core.record import audit
from stage.core.ui.filters import Day, Filters
from stage.core.ui.pictures import DAY_STATES
from stage.core.who.access import allow
from stage.core.who.policies import require
from stage.schools.guidance import guides


class PlannedItem(serializers.Serializer):
    """A day as planned; `minutes` without the break."""

    day_from = ClockField()
    day_to = ClockField()
    minutes = serializers.IntegerField()


class DayItem(serializers.Serializer):
    """One day: what was planned, what happened, what the company confirmed (in minutes)."""

    date = serializers.DateField()
    state = serializers.ChoiceField(list(DAY_STATES))
    planned = PlannedItem(allow_null=True)
    checked_in_at = serializers.DateTimeField(source="check_in.at", allow_null=True, default=None)
    went_at = serializers.DateTimeField(source="out_at", allow_null=True)
    confirmed_minutes = serializers.IntegerField(source="confirmed", allow_null=True)


class DayFilters(Filters):
    """From a first up to and including a last day; without them the whole placement."""

    first = Day()
    last = Day()


@allow(*STAFF)
class DayList(ApiList):
    """The days of one placement, in order."""

    summary = _("De dagen van één stage: gepland, aanwezig, bevestigd")
    filters = DayFilters
    parameters = {"first": "first", "last": "last"}
    serializer_class = DayItem

    def get_queryset(self):
        actor = self.actor
        # By name: who does not guide one is told so, as on its page.
        return Placement.objects.by_name(actor).filter(school_id=actor.school_id)

    def filtered(self, rows, values):
        actor = self.actor
        placement = get_object_or_404(rows, public_id=self.kwargs["code"])
        require(guides, actor, placement)
        audit.saw(actor, placement, "saw_placement")
        first = values.get("first", placement.starts)
        last = values.get("last", placement.ends)
        return days_of(actor, [placement], first, last)[placement.pk]
