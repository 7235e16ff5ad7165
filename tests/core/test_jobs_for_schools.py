"""A job visits the schools that have something for it to do, and no other."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import assessments.tasks
import attendance.tasks
import companies.tasks
import placements.agreements.tasks
import placements.tasks
import stage.schools.tasks
from companies.enums import CampaignState, InvitationState
from companies.models import Campaign, Invitation
from placements.enums import ApplicationState, PlacementState
from placements.models import Application, Placement
from stage.core.models import School
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.work.jobs import each_school
from stage.schools.models import Student
from tests.attendance.helpers import FRIDAY, at

JOBS = [
    attendance.tasks.ask_for_weeks,
    companies.tasks.note_deliveries,
    companies.tasks.send_scheduled,
    companies.tasks.send_reminders,
    assessments.tasks.ask_supervisors,
    placements.agreements.tasks.remind_signers,
    placements.tasks.expire_unanswered,
    placements.tasks.bring_back_parked,
    placements.tasks.follow_calendar,
    stage.schools.tasks.follow_leaving,
    stage.schools.tasks.follow_stand_ins,
]


@pytest.fixture
def idle(world):
    """Nothing is due anywhere."""
    with use(SYSTEM):
        Placement.objects.update(state=PlacementState.CANCELLED)
        Application.objects.update(state=ApplicationState.WITHDRAWN)
        Invitation.objects.update(state=InvitationState.NO)
        Campaign.objects.update(state=CampaignState.DRAFT)
    return world


def statements(job) -> int:
    with CaptureQueriesContext(connection) as queries, at(FRIDAY, "14:30"):
        job()
    return len([q for q in queries if "SAVEPOINT" not in q["sql"]])


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name.rpartition(".")[2])
def test_a_school_without_work_costs_nothing(idle, job):
    few = statements(job)
    with use(SYSTEM):
        for n in range(10):
            School.objects.create(region=idle.noord.region, name=f"Leeg {n}", brin=f"9{n}ZZ00")
    assert statements(job) == few


def test_a_school_with_work_is_visited_and_one_that_ended_is_not(idle):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with use(SYSTEM):
        for sw in (idle.berk, idle.iep):
            Student.objects.filter(pk=sw.students[0].pk).update(leaves_on=tomorrow)
        School.objects.filter(pk=idle.iep.school.pk).update(ended_at=timezone.now())
    leaving = Student.objects.filter(leaves_on__isnull=False)
    assert [s.name for s in each_school(leaving)] == ["Berk"]
    assert list(each_school(Student.objects.none())) == []
