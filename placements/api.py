"""Placements, read by a school; a colleague who does not guide one sees who, where and when."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from companies.api import CompanyRef, LocationItem
from companies.models import Contact
from placements import policies
from placements.filters import PlacementFilters
from placements.models import Placement
from stage.core.api.fields import ClockField, CodeField, Reading, weekdays
from stage.core.api.views import ApiDetail, ApiList
from stage.core.enums import STAFF
from stage.core.record import audit
from stage.core.who.access import allow
from stage.schools.api.people import ColleagueRef, StudentRef
from stage.schools.api.periods import PeriodRef


class PlacementItem(Reading):
    """A placement in the list."""

    code = CodeField(source="public_id")
    student = StudentRef()
    company = CompanyRef()
    period = PeriodRef()
    weekdays = weekdays()

    class Meta:
        model = Placement
        fields = [
            *("code", "student", "company", "period", "starts", "ends", "weekdays", "state"),
        ]


class SupervisorRef(Reading):
    """Who guides the student at the company today."""

    code = CodeField(source="public_id")

    class Meta:
        model = Contact
        fields = ["code", "name", "email", "telephone"]


class PlacementDetails(Reading):
    """What only who guides the student and the coordinator may know."""

    day_from = ClockField()
    day_to = ClockField()
    teacher = ColleagueRef(allow_null=True)
    supervisor = SupervisorRef(allow_null=True, source="supervisor_now")
    location = LocationItem(allow_null=True)

    class Meta:
        model = Placement
        fields = [
            *("day_from", "day_to", "break_minutes", "tasks", "teacher", "supervisor", "location"),
        ]


class PlacementWhole(PlacementItem):
    """A placement; `details` is null for a colleague who does not guide it."""

    details = serializers.SerializerMethodField()

    class Meta:
        model = Placement
        fields = [*PlacementItem.Meta.fields, "details"]

    @extend_schema_field(PlacementDetails(allow_null=True))
    def get_details(self, placement) -> dict | None:
        if not policies.sees_in_full(self.context["request"].user, placement):
            return None
        return PlacementDetails(placement).data


def _placements(actor):
    rows = Placement.objects.by_name(actor).filter(school_id=actor.school_id)
    return rows.select_related("student", "company", "period")


@allow(*STAFF)
class PlacementList(ApiList):
    """All placements of the school."""

    summary = _("Alle stages van de school, op begindag en naam")
    filters = PlacementFilters
    parameters = {
        "period": "periode",
        "group": "groep",
        "student": "leerling",
        "company": "bedrijf",
        "state": "staat",
    }
    serializer_class = PlacementItem

    def get_queryset(self):
        return _placements(self.actor).order_by("starts", "student__sort_name", "pk")


@allow(*STAFF)
class PlacementShow(ApiDetail):
    """One placement."""

    summary = _("Eén stage")
    description = _("details is null bij een leerling die je niet begeleidt.")
    serializer_class = PlacementWhole

    def get_queryset(self):
        return _placements(self.actor).select_related(
            "teacher", "supervisor", "stand_in", "location"
        )

    def saw(self, row):
        if policies.sees_in_full(self.actor, row):
            audit.saw(self.actor, row, "saw_placement")
