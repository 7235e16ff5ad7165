"""The folder of a placement shows what the other apps add, with what is in it."""

from attendance.models import DayReport
from stage.core.tenants.tenancy import SYSTEM, use
from tests.clients import client_of


def test_the_parts_of_other_apps_stand_in_the_folder(world):
    berk = world.berk
    with use(SYSTEM):
        placement = berk.placement
        DayReport.objects.create(
            school=berk.school,
            student=berk.students[0],
            company=placement.company,
            placement=placement,
            date=placement.starts,
            text="Ik heb brood gebakken.",
        )
    for membership in (berk.coordinator, berk.teacher, berk.logins[0]):
        page = client_of(membership).get(f"/stages/plaatsingen/{placement.public_id}/")
        assert page.status_code == 200
        words = page.content.decode()
        assert "Ik heb brood gebakken." in words
        assert "uur bevestigd" in words
        assert "Binnen om" in words  # the table of days
