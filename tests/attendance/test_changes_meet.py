"""Days are called off while the company confirms their week, over two connections."""

from datetime import date

from attendance.models import ConfirmedDay
from attendance.services.weeks import Word, confirm_weeks
from placements.changes.wanted import Wanted
from placements.enums import ChangeKind
from placements.models import Placement, PlannedDay
from placements.services import change_placement
from stage.core.tenants.tenancy import SYSTEM, use
from tests.attendance.helpers import MONDAY, TUESDAY, WEEK, at
from tests.races import behind

WEDNESDAY = date(2027, 1, 13)


def test_a_week_that_is_being_confirmed_keeps_its_days(committed_world):
    """The change waits for the company's word, and leaves the days it was about."""
    world = committed_world

    def confirm(actor):
        rows = Placement.objects.visible_to(actor).select_related("company")
        placement = rows.get(pk=world.berk.placement.pk)
        confirm_weeks(WEEK, [Word(placement, {MONDAY: 390, TUESDAY: 0})], actor=actor)

    def call_off(actor):
        change_placement(
            Placement.objects.get(pk=world.berk.placement.pk),
            Wanted(
                kind=ChangeKind.CALLED_OFF,
                from_on=MONDAY,
                until_on=date(2027, 1, 15),
                reason="closed",
            ),
            actor=actor,
        )

    company, school = world.noord.supervisors[0], world.actor(world.berk.coordinator)
    with at(WEDNESDAY, "16:00"):
        first = (world.company_actor(company), confirm)
        assert behind(first, (school, call_off)) == "ok"
    with use(SYSTEM):
        mine = {"placement": world.berk.placement}
        assert ConfirmedDay.objects.filter(**mine).count() == 2
        left = PlannedDay.objects.filter(**mine, date__lte=date(2027, 1, 15)).order_by("date")
        assert list(left.values_list("date", flat=True)) == [MONDAY, TUESDAY]
