"""Days are called off while the company confirms their week, over two connections."""

import threading
from datetime import date

from django.db import connections, transaction

from attendance.models import ConfirmedDay
from attendance.services.weeks import Word, confirm_weeks
from placements.changes.wanted import Wanted
from placements.enums import ChangeKind
from placements.models import Placement, PlannedDay
from placements.services import change_placement
from stage.core.tenants.tenancy import SYSTEM, use
from tests.attendance.helpers import MONDAY, TUESDAY, WEEK, at

WEDNESDAY = date(2027, 1, 13)


def test_a_week_that_is_being_confirmed_keeps_its_days(committed_world):
    """The change waits for the company's word, and leaves the days it was about."""
    world = committed_world
    said, waits, failures = threading.Event(), threading.Event(), []

    def confirm():
        actor = world.company_actor(world.noord.supervisors[0])
        with use(actor.scope), transaction.atomic():
            placement = (
                Placement.objects.visible_to(actor)
                .select_related("company")
                .get(pk=world.berk.placement.pk)
            )
            confirm_weeks(WEEK, [Word(placement, {MONDAY: 390, TUESDAY: 0})], actor=actor)
            said.set()
            waits.wait(2)  # the other stands before this week by now

    def call_off():
        actor = world.actor(world.berk.coordinator)
        said.wait(10)
        with use(actor.scope):
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

    def safely(job):
        try:
            job()
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    with at(WEDNESDAY, "16:00"):
        jobs = [threading.Thread(target=safely, args=(job,)) for job in (confirm, call_off)]
        for job in jobs:
            job.start()
        for job in jobs:
            job.join()
    assert failures == []
    with use(SYSTEM):
        mine = {"placement": world.berk.placement}
        assert ConfirmedDay.objects.filter(**mine).count() == 2
        left = PlannedDay.objects.filter(**mine, date__lte=date(2027, 1, 15)).order_by("date")
        assert list(left.values_list("date", flat=True)) == [MONDAY, TUESDAY]
