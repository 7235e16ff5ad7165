"""One step of a workflow: from the state in which the row is now, or not at all."""

import pytest

from placements.enums import ApplicationState
from placements.models import Application
from placements.workflow import APPLICATIONS
from stage.core.models import AuditEntry
from stage.core.record import workflow
from stage.core.tenants import tenancy
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict, NotAllowed
from tests.placements.helpers import state_of


def test_a_row_that_moved_meanwhile_stays_where_it_is(world):
    """The page still shows "with company"; a colleague was first."""
    wish, actor = world.berk.applications[1], world.company_actor(world.noord.contacts[0])
    with use(actor.scope):
        read_before = Application.objects.get(pk=wish.pk)
    with use(SYSTEM):
        Application.objects.filter(pk=wish.pk).update(state=ApplicationState.WITHDRAWN)
    refused = pytest.raises(Conflict, match="intussen al veranderd")
    with use(actor.scope), tenancy.as_school_of(read_before), refused:
        workflow.apply(read_before, APPLICATIONS["accept"], actor=actor)
    assert state_of(wish) == ApplicationState.WITHDRAWN
    with use(SYSTEM):
        assert not AuditEntry.objects.filter(object_id=wish.pk).exists()


def test_a_step_of_somebody_else_is_refused(world):
    wish, student = world.berk.applications[1], world.actor(world.berk.logins[1])
    with use(student.scope), pytest.raises(NotAllowed):
        workflow.apply(Application.objects.get(pk=wish.pk), APPLICATIONS["accept"], actor=student)
    assert state_of(wish) == ApplicationState.WITH_COMPANY


def test_only_what_can_be_done_now_is_possible(world):
    wish, actor = world.berk.applications[1], world.company_actor(world.noord.contacts[0])
    with use(actor.scope):
        row = Application.objects.get(pk=wish.pk)
        assert {"accept", "decline"} <= set(APPLICATIONS.possible(row, actor))
        row.state = ApplicationState.WITHDRAWN
        assert not {"accept", "decline"} & set(APPLICATIONS.possible(row, actor))
