"""A row about a placement takes over whose it is, and cannot be mixed with another school's."""

import pytest

from assessments.models import Evidence, HandIn, Mark
from attendance.models import CheckIn
from placements.agreements.models import Agreement, Signature
from placements.models import PlannedDay, StudentCard
from stage.core.files.store import Owner
from stage.core.models.base import values_about
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import Guides
from tests.assessments.things import assignment, hand_in


def ids(placement) -> dict:
    return {
        "school_id": placement.school_id,
        "student_id": placement.student_id,
        "company_id": placement.company_id,
    }


def test_it_has_the_placements_tenant_and_leads_to_it(world):
    placement = world.berk.placement
    day = PlannedDay.about(placement, date=placement.starts)
    found = {name: getattr(day, name) for name in ids(placement)}
    assert found == ids(placement)
    assert (day.placement is placement, day.date) == (True, placement.starts)
    assert day.pk is None


def test_it_fills_only_the_columns_that_the_model_has(world):
    placement = world.berk.placement
    tenant = {"school_id": placement.school_id, "student_id": placement.student_id}
    assert values_about(Mark, placement) == {**tenant, "placement": placement}
    assert values_about(Guides, placement) == tenant


def test_a_row_about_another_row_leads_to_that_one(world):
    placement = world.berk.placement
    with use(SYSTEM):
        work = hand_in(world.berk)
        agreement = Agreement.objects.create_about(placement)
        assert Agreement.objects.get().placement == placement
        newer = Agreement.about(agreement, version=2)
    assert values_about(Evidence, work) == {**ids(placement), "hand_in": work}
    assert values_about(Signature, agreement) == {**ids(placement), "agreement": agreement}
    assert (newer.placement_id, newer.version) == (placement.pk, 2)


def test_a_students_card_and_a_file_are_of_the_student(world):
    student, company = world.berk.students[0], world.noord.companies[0]
    card = StudentCard.about(student, company_id=company.pk)
    assert (card.school_id, card.student, card.company_id) == (
        student.school_id,
        student,
        company.pk,
    )
    with use(SYSTEM):
        owner = Owner.about(world.berk.placement)
    assert vars(owner) == {"region_id": world.noord.region.pk, **ids(world.berk.placement)}


@pytest.mark.parametrize("name", ["school", "student", "company", "placement", "school_id"])
def test_another_tenant_is_refused(world, name):
    ours, theirs = world.berk.placement, world.iep.placement
    value = getattr(theirs, name) if name != "placement" else theirs
    with use(SYSTEM), pytest.raises(ValueError, match="not of the tenant"):
        CheckIn.about(ours, **{name: value})


def test_what_hangs_on_another_schools_row_is_refused(world):
    with use(SYSTEM):
        theirs = assignment(world.els)
        with pytest.raises(ValueError, match="assignment is not of the tenant"):
            HandIn.objects.create_about(world.berk.placement, assignment=theirs)
        assert not HandIn.objects.exists()
        ours = HandIn.objects.create_about(
            world.berk.placement, assignment=assignment(world.berk), school=world.berk.school
        )
    assert ours.school_id == world.berk.placement.school_id
