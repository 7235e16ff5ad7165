"""A company that takes its places back leaves no student waiting."""

import pytest

from companies.models import Invitation
from companies.services import answer_invitation
from companies.services.answers import Reply, version_of
from placements.models import Application
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict
from tests.placements.helpers import mails, state_of


def say_no(world, contact):
    """The bakery says no to Berk after all, by the link in its mail."""
    with use(SYSTEM):
        invitation = Invitation.objects.get(pk=world.berk.places[0].invitation_id)
    actor = world.company_actor(contact)
    reply = Reply(answer="no", seen=version_of(invitation), no_reason="no_time")
    with use(actor.scope):
        answer_invitation(invitation, reply, actor=actor)


@pytest.fixture
def nobody_counts_on_it(world):
    """Bram only waits; nobody holds a place."""
    with use(SYSTEM):
        Application.objects.filter(pk=world.berk.applications[0].pk).update(state="withdrawn")
        type(world.berk.placement).objects.filter(pk=world.berk.placement.pk).update(
            state="cancelled"
        )


def test_who_waits_is_told_and_other_schools_are_left_alone(world, nobody_counts_on_it):
    waiting, elsewhere = world.berk.applications[1], world.els.applications[1]
    say_no(world, world.noord.contacts[0])
    with use(SYSTEM):
        told = Application.objects.get(pk=waiting.pk)
    assert told.state == "declined"
    assert told.reason == "Het bedrijf heeft in deze periode toch geen plek."
    assert [m.person_id for m in mails("application_answered")] == [world.berk.students[1].pk]
    assert state_of(elsewhere) == "with_company"


def test_a_refused_no_tells_nobody(world):
    with pytest.raises(Conflict):
        say_no(world, world.noord.contacts[0])
    assert state_of(world.berk.applications[1]) == "with_company"
    assert mails("application_answered") == []
