"""What stands out in the days of a student: at the threshold, not below it, until it was seen."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from attendance.enums import PatternKind
from attendance.models import CheckIn, PatternSeen
from attendance.queries.patterns import LATE_WITHIN, patterns
from placements.models import Placement, PlannedDay
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from tests.attendance.helpers import at, checked_in, confirmed, everything, ill, reported
from tests.clients import client_of
from tests.placements.changes import in_state

HOME = reverse("web:home")
LIST = reverse("attendance:pattern_list")
MONDAYS = [date(2027, 1, 11) + timedelta(weeks=n) for n in range(8)]
DAYS = [date(2027, 1, 11) + timedelta(days=n) for n in range(50)]
WORK = [day for day in DAYS if day.isoweekday() < 6]


@pytest.fixture
def placement(world):
    """Monday to Friday for eight weeks, begun long before anybody looks."""
    row = in_state(world.berk.placement, "running", created_at="2026-12-01T09:00:00+00:00")
    times = {"day_from": row.day_from, "day_to": row.day_to, "break_minutes": 30}
    with use(SYSTEM):
        Placement.objects.filter(pk=row.pk).update(ends=date(2027, 6, 1))
        PlannedDay.objects.filter(placement=row).delete()
        PlannedDay.objects.bulk_create(PlannedDay.about(row, date=d, **times) for d in WORK)
    return row


def there(placement, days, *, late=(), words="") -> None:
    """In on these days, with a report of other words each day, or of the same."""
    for n, day in enumerate(days):
        checked_in(placement, day, flags=["late"] if day in late else [])
        reported(placement, day, words or f"Klus {n}.")


def found(world, day, clock="17:00", member=None) -> dict[str, list[date]]:
    """What stands out when somebody looks."""
    actor = world.actor(member or world.berk.teacher)
    with at(day, clock), use(actor.scope):
        return {row.kind: row.dates for row in patterns(actor)}


def seen_url(placement, kind: str, day: date) -> str:
    return reverse("attendance:pattern_seen", args=[placement.public_id, kind, day])


def test_nothing_stands_out_of_usual_weeks(world, placement, django_assert_num_queries):
    there(placement, WORK[:12])
    actor = world.actor(world.berk.teacher)
    with at(WORK[11], "17:00"), use(actor.scope), django_assert_num_queries(1):
        assert patterns(actor) == []
    with at(WORK[11], "17:00"):
        page = client_of(world.berk.teacher).get(LIST).content.decode()
    assert "Niets valt op" in page


def test_three_times_late_in_ten_work_days(world, placement):
    late = [WORK[0], WORK[4], WORK[LATE_WITHIN - 1]]
    there(placement, WORK[: LATE_WITHIN - 1], late=late)
    assert found(world, WORK[LATE_WITHIN - 2]) == {}
    there(placement, [WORK[LATE_WITHIN - 1]], late=late)
    assert found(world, WORK[LATE_WITHIN - 1]) == {PatternKind.LATE: late}
    there(placement, [WORK[LATE_WITHIN]])
    assert found(world, WORK[LATE_WITHIN]) == {}, "the first is eleven work days ago"


def test_free_days_and_withdrawn_arrivals_do_not_count_as_late(world, placement):
    late = [WORK[0], WORK[4], WORK[LATE_WITHIN]]
    there(placement, WORK[: LATE_WITHIN + 1], late=late)
    assert found(world, WORK[LATE_WITHIN]) == {}
    with use(SYSTEM):
        CheckIn.objects.filter(placement=placement, date=WORK[2]).delete()
        PlannedDay.objects.filter(placement=placement, date=WORK[2]).delete()
    assert found(world, WORK[LATE_WITHIN]) == {PatternKind.LATE: late}, "one day was free"
    with use(SYSTEM):
        CheckIn.objects.filter(placement=placement, date=WORK[0]).update(
            withdrawn_at="2027-01-11T10:00:00Z", withdrawn_kind="teacher", withdrawn_why="Fout."
        )
    assert found(world, WORK[LATE_WITHIN]) == {}


def test_three_mondays_away_in_six_weeks(world, placement):
    mondays = [MONDAYS[0], MONDAYS[2], MONDAYS[5]]
    there(placement, [day for day in WORK if day not in mondays])
    for day in mondays[:2]:
        ill(placement, day, ends=day)
    assert found(world, MONDAYS[5] - timedelta(days=3)) == {}
    ill(placement, mondays[2], ends=mondays[2])
    friday = MONDAYS[5] + timedelta(days=4)
    assert found(world, friday) == {PatternKind.WEEKDAY: mondays}
    assert found(world, MONDAYS[6] - timedelta(days=1)) == {PatternKind.WEEKDAY: mondays}
    assert found(world, MONDAYS[6]) == {}, "the first is six weeks ago"


def test_one_long_illness_and_what_was_excused_or_taken_back_is_no_pattern(world, placement):
    there(placement, WORK[15:30])
    row = ill(placement, WORK[0], ends=WORK[14])
    assert found(world, WORK[20]) == {}
    with use(SYSTEM):
        row.delete()
    for n, day in enumerate(MONDAYS[:3]):
        ill(placement, day, ends=day, kind="appointment", excused=True)
        there(placement, WORK[5 * n + 1 : 5 * n + 5])
    assert found(world, WORK[20]) == {}


def test_days_nobody_was_heard_of_count_unless_the_company_ticks_afterwards(world, placement):
    there(placement, [day for day in WORK if day not in MONDAYS[:3]])
    assert found(world, MONDAYS[2]) == {}, "the third day is not over"
    assert found(world, MONDAYS[2] + timedelta(days=1)) == {PatternKind.WEEKDAY: MONDAYS[:3]}
    with use(SYSTEM):
        company = type(placement).objects.select_related("company").get(pk=placement.pk).company
        type(company).objects.filter(pk=company.pk).update(attendance_mode="supervisor")
    assert found(world, MONDAYS[2] + timedelta(days=1)) == {}
    confirmed(placement, dict.fromkeys(MONDAYS[:3], 0))
    assert found(world, MONDAYS[2] + timedelta(days=1)) == {PatternKind.WEEKDAY: MONDAYS[:3]}


def test_three_work_days_without_a_report(world, placement):
    there(placement, WORK[:2])
    for day in WORK[2:6]:
        checked_in(placement, day)
    assert found(world, WORK[4]) == {}, "of today a report can still come"
    assert found(world, WORK[5]) == {PatternKind.SILENT: WORK[2:5]}
    reported(placement, WORK[5], "Weer begonnen.")
    assert found(world, WORK[5]) == {}


def test_days_away_ask_for_no_report(world, placement):
    there(placement, WORK[:2])
    checked_in(placement, WORK[2])
    checked_in(placement, WORK[3])
    ill(placement, WORK[4], ends=WORK[4])
    assert found(world, WORK[5], "08:00") == {}


def test_the_same_words_on_three_work_days(world, placement):
    there(placement, WORK[:2])
    same = ("Brood gebakken.", "brood  gebakken", "BROOD gebakken!")
    for day, words in zip(WORK[2:5], same, strict=True):
        checked_in(placement, day)
        if day == WORK[4]:
            assert found(world, WORK[4]) == {}
        reported(placement, day, words)
    assert found(world, WORK[4]) == {PatternKind.SAME: WORK[2:5]}
    there(placement, [WORK[5]], words="Taart gemaakt.")
    assert found(world, WORK[5]) == {}


def test_another_day_between_the_same_words_breaks_the_row(world, placement):
    for n, day in enumerate(WORK[:4]):
        there(placement, [day], words="Taart." if n == 1 else "Brood.")
    assert found(world, WORK[3]) == {}


def test_seen_stays_away_until_something_newer(world, placement):
    late = [WORK[0], WORK[2], WORK[4], WORK[6]]
    there(placement, WORK[:6], late=late)
    with at(WORK[5], "17:00"):
        client = client_of(world.berk.teacher)
        page = client.get(LIST).content.decode()
        assert "3 keer te laat in 10 stagedagen" in page
        assert "Bekijk wat opvalt bij een leerling" in client.get(HOME).content.decode()
        answer = client.post(seen_url(placement, "late", WORK[4]), follow=True)
        assert "Niets valt op" in answer.content.decode()
        assert "Bekijk wat opvalt" not in client.get(HOME).content.decode()
        # By mistake: it is there again, and can be seen again.
        back = reverse("attendance:pattern_unseen", args=[placement.public_id, "late", WORK[4]])
        assert back in answer.content.decode()
        assert "3 keer te laat" in client.post(back, follow=True).content.decode()
        client.post(seen_url(placement, "late", WORK[4]))
        assert "Niets valt op" in client.get(LIST).content.decode()
    there(placement, [WORK[6]], late=late)
    assert found(world, WORK[6]) == {PatternKind.LATE: late}
    with at(WORK[6], "17:00"):
        client = client_of(world.berk.teacher)
        client.post(seen_url(placement, "late", WORK[6]))
        client.post(seen_url(placement, "late", WORK[4]))
    assert found(world, WORK[6]) == {}, "an older page takes nothing back"
    (row,) = everything(PatternSeen)
    assert (row.kind, row.until, row.by_id) == ("late", WORK[6], world.berk.teacher.pk)
    with use(SYSTEM):
        assert AuditEntry.objects.filter(verb="pattern_seen").count() == 4


def test_only_who_guides_sees_it(world, placement):
    there(placement, WORK[:5], late=WORK[:3])
    assert found(world, WORK[4], member=world.berk.coordinator)
    assert found(world, WORK[4], member=world.berk.colleague) == {}
    with at(WORK[4], "17:00"):
        other = client_of(world.berk.colleague)
        assert other.post(seen_url(placement, "late", WORK[2])).status_code in (403, 404)
        own = client_of(world.berk.teacher)
        assert own.post(seen_url(placement, "nothing", WORK[2])).status_code == 404
        assert own.post(seen_url(placement, "late", WORK[5])).status_code == 409
    assert everything(PatternSeen) == []


def test_everything_at_once_stays_within_the_queries(
    world, placement, django_assert_max_num_queries
):
    for day in WORK[:10]:
        checked_in(placement, day, flags=["late"])
    with at(WORK[10], "17:00"):
        client = client_of(world.berk.coordinator)
        client.get(LIST)
        with django_assert_max_num_queries(25):
            page = client.get(LIST).content.decode()
        assert "10 stagedagen geen dagverslag" in page
        assert "en 5 dagen eerder" in page
        teacher = client_of(world.berk.teacher)
        teacher.get(HOME)
        with django_assert_max_num_queries(25):
            assert "opvalt bij een leerling" in teacher.get(HOME).content.decode()
