"""What is known about a placement's parties before anybody filled in anything."""

from __future__ import annotations

from datetime import time
from functools import cached_property

from companies import trust
from companies.enums import ContactRole
from companies.models import Company, Location
from placements.agreements.models import AgreementSettings
from placements.models import Placement
from stage.core.models import School
from stage.schools.models import Guardian, SchoolSettings, Student


class Known:
    """Each thing is asked for once, and only when a fact wants it.

    In the school's scope; a party may ask for the placement alone, since it cannot see the rest.
    """

    def __init__(self, placement: Placement):
        self.placement = placement

    @property
    def student(self) -> Student:
        return self.placement.student

    @property
    def company(self) -> Company:
        return self.placement.company

    @property
    def school(self) -> School:
        return self.placement.school

    @cached_property
    def emergency_telephone(self) -> str:
        """Of the first guardian who has a number."""
        rows = Guardian.objects.filter(student=self.student).exclude(telephone="")
        guardian = rows.first()
        return guardian.telephone if guardian else ""

    @cached_property
    def location(self) -> Location | None:
        """Where the work is; else the company's first address."""
        rows = Location.objects.filter(company=self.company)
        return self.placement.location or rows.first()

    @cached_property
    def signatory(self):
        """Who signs for the company, if it named one."""
        signing = trust.who_signs(self.placement.school_id, [self.company.pk])
        people = signing.get(self.company.pk, [])
        return next((c for c in people if ContactRole.SIGNATORY in c.may), None)

    @cached_property
    def school_settings(self) -> SchoolSettings:
        """Where the school is and who represents it."""
        return SchoolSettings.objects.of(self.placement.school_id)

    @cached_property
    def settings(self) -> AgreementSettings:
        """What the school decided about its agreements."""
        return AgreementSettings.objects.of(self.placement.school_id)

    @property
    def tasks(self) -> str:
        """What the student will do: as the placement, its place or the company says."""
        place = self.placement.place
        return self.placement.tasks or (place.offer.tasks if place else self.company.tasks)

    @property
    def planned_hours(self) -> int:
        """Whole hours of all planned days, breaks left out; 0 when no day is planned."""
        return sum(day.minutes for day in self.placement.planned_days.all()) // 60


def name_of(person) -> str:
    """The name of somebody who may not be known."""
    return person.name if person else ""


def clock(value: time) -> str:
    """ "08:30"."""
    return f"{value:%H:%M}"
