"""The page of a placement to which a student moved: where it came from, and one way back."""

from datetime import date

from django.urls import reverse

from tests.clients import client_of
from tests.placements.changes import change, in_state
from tests.placements.test_application_services import second_place

SECOND_MONDAY = date(2027, 1, 18)


def page_of(world, placement) -> str:
    address = reverse("placements:placement_show", args=[placement.public_id])
    return client_of(world.berk.coordinator).get(address).content.decode()


def test_a_student_who_just_moved_is_taken_back_as_a_whole(world):
    here = in_state(world.berk.placement, "running")
    done = change(
        world, here, "move", from_on=SECOND_MONDAY, place=second_place(world), reason="fit"
    )
    there = page_of(world, done.moved_to)
    assert there.count("Ongedaan maken") == 1
    assert reverse("placements:change_undo", args=[done.public_id]) in there
    assert world.noord.companies[0].name in there  # where it came from
    assert "Net gekoppeld" not in there
    assert world.noord.companies[1].name in page_of(world, here)  # and here: where it went
