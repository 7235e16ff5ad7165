"""Limits of evidence and of changing an assessment as the services hold them: at it, and past."""

from datetime import timedelta

import pytest
import time_machine

from assessments.services import judging, work
from stage.core.dutch.calendar import school_today
from stage.core.tenants.tenancy import SYSTEM, use
from tests.assessments import things


def test_ten_files_are_kept_and_the_eleventh_refused(world, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    with use(SYSTEM):
        row = things.hand_in(world.berk, due=school_today() + timedelta(days=1))
    actor = world.actor(world.berk.logins[0])
    uploads = [things.photo(f"{n}.jpg") for n in range(work.MAX_EVIDENCE + 1)]
    with use(actor.scope):
        taken, refused = work.add_evidence(row, uploads=uploads, caption="", actor=actor)
    assert taken == work.MAX_EVIDENCE == 10
    assert [name for name, _how in refused] == ["10.jpg"]
    assert "al 10 bestanden" in refused[0][1]


@pytest.mark.parametrize(("late", "editable"), [(0, True), (1, False)])
def test_an_assessment_changes_until_the_end_of_fourteen_days(world, late, editable):
    with use(SYSTEM):
        row = things.given(world.berk, world.noord.supervisors[0])
    moment = row.given_at + timedelta(days=14, microseconds=late)
    actor = world.company_actor(world.noord.supervisors[0])
    with time_machine.travel(moment, tick=False), use(actor.scope):
        assert judging.is_editable(world.berk.placement, row) is editable
