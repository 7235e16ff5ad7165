"""Periods and groups, read."""

from __future__ import annotations

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from stage.core.api.fields import ClockField, CodeField, Reading, weekdays
from stage.core.api.views import ApiDetail, ApiList
from stage.core.enums import STAFF
from stage.core.ui.filters import Filters
from stage.core.who.access import allow
from stage.schools.filters import period
from stage.schools.models import Group, Period


class PeriodRef(Reading):
    """A period as other things name it."""

    code = CodeField(source="public_id")

    class Meta:
        model = Period
        fields = ["code", "name"]


class PeriodItem(PeriodRef):
    """A period: first and last day, days of the week, hours."""

    weekdays = weekdays()
    day_from = ClockField()
    day_to = ClockField()

    class Meta:
        model = Period
        fields = [
            *PeriodRef.Meta.fields,
            *("kind", "starts", "ends", "weekdays", "day_from", "day_to", "break_minutes"),
        ]


class DayOff(serializers.Serializer):
    """A day in a period on which nobody is at the company."""

    date = serializers.DateField()
    reason = serializers.CharField()


class PeriodWhole(PeriodItem):
    """A period with its days off."""

    days_off = DayOff(source="exceptions", many=True)

    class Meta:
        model = Period
        fields = [*PeriodItem.Meta.fields, "days_off"]


class GroupItem(Reading):
    """A group of students that go on the same period."""

    code = CodeField(source="public_id")
    period = PeriodRef()
    students = serializers.IntegerField(min_value=0)

    class Meta:
        model = Group
        fields = ["code", "name", "period", "students"]


class GroupFilters(Filters):
    """Groups of one period."""

    period = period()

    def narrow(self, rows):
        chosen = self.chosen["period"]
        return rows.filter(period=chosen) if chosen else rows


@allow(*STAFF)
class PeriodList(ApiList):
    """All periods, the newest first."""

    summary = _("Alle periodes van de school, de nieuwste eerst")
    serializer_class = PeriodItem

    def get_queryset(self):
        return Period.objects.visible_to(self.actor).order_by("-starts", "name", "pk")


@allow(*STAFF)
class PeriodShow(ApiDetail):
    """One period."""

    summary = _("Eén periode, met de vrije dagen")
    serializer_class = PeriodWhole

    def get_queryset(self):
        return Period.objects.visible_to(self.actor).prefetch_related("exceptions")


def _groups(actor):
    rows = Group.objects.visible_to(actor).select_related("period")
    return rows.annotate(students=Count("members"))


@allow(*STAFF)
class GroupList(ApiList):
    """All groups, those of the newest period first."""

    summary = _("Alle groepen, die van de nieuwste periode eerst")
    filters = GroupFilters
    parameters = {"period": "period"}
    serializer_class = GroupItem

    def get_queryset(self):
        return _groups(self.actor).order_by("-period__starts", "name", "pk")


@allow(*STAFF)
class GroupShow(ApiDetail):
    """One group."""

    summary = _("Eén groep")
    serializer_class = GroupItem

    def get_queryset(self):
        return _groups(self.actor)
