"""The school's day: who is in, who is missing, one tap to settle and back."""

from collections import Counter

import pytest
from django.urls import reverse

from attendance import queries, services
from attendance.models import Absence, CheckIn, FailedScan
from attendance.queries.staff import complete, groups_on
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from stage.core.who.policies import NotAllowed
from stage.schools.models import Guardian, Student
from tests.attendance.helpers import (
    MONDAY,
    SATURDAY,
    TUESDAY,
    another_placement,
    at,
    checked_in,
    everything,
    ill,
    reported,
)
from tests.clients import client_of

PAGE = reverse("attendance:today")


def settle(world, **sent) -> str:
    return reverse("attendance:settle", args=[world.berk.placement.public_id, MONDAY])


def groups(world, membership, day=MONDAY) -> dict[str, str]:
    actor = world.actor(membership)
    with use(actor.scope):
        rows = queries.staff_day(actor, day)
        # What the home counts is what this page shows.
        assert groups_on(actor, day) == Counter(t.group for t in rows)
        complete(actor, rows)
        return {t.placement.student.first_name: t.group for t in rows}


def test_missing_ones_come_first_with_numbers_to_call(world):
    another_placement(world.berk, world.noord, 1)
    with use(SYSTEM):
        Student.objects.filter(pk=world.berk.students[0].pk).update(telephone="0611111111")
        Guardian.objects.filter(pk=world.berk.guardians[0].pk).update(telephone="0622222222")
        Guardian.objects.filter(pk=world.berk.guardians[1].pk).update(telephone="0633333333")
    with at(MONDAY, "08:10"):
        checked_in(world.berk.students[1] and _second(world), MONDAY, "08:05")
        assert groups(world, world.berk.teacher) == {"Aya": "expected", "Bram": "in"}
    with at(MONDAY, "08:46"):
        page = client_of(world.berk.teacher).get(PAGE).content.decode()
        assert groups(world, world.berk.teacher) == {"Aya": "missing", "Bram": "in"}
    assert page.index("Aya Berk") < page.index("Bram van Berk")
    assert "0611111111" in page
    assert "0622222222" in page
    assert "0633333333" not in page
    assert "08:05" in page


def _second(world):
    from placements.models import Placement

    with use(SYSTEM):
        return Placement.objects.get(student=world.berk.students[1])


def test_late_ill_and_away_are_told_apart(world):
    second = another_placement(world.berk, world.noord, 1)
    third = another_placement(world.berk, world.noord, 2)
    checked_in(world.berk.placement, MONDAY, "09:10", flags=["late"])
    ill(second, MONDAY)
    ill(third, MONDAY, kind="appointment", ends=MONDAY)
    with at(MONDAY, "10:00"):
        assert groups(world, world.berk.coordinator) == {
            "Aya": "late",
            "Bram": "ill",
            "Cem": "away",
        }
        page = client_of(world.berk.coordinator).get(PAGE + "?toon=ill").content.decode()
    assert "Bram van Berk" in page
    assert "Aya Berk" not in page


def test_a_teacher_sees_own_students_a_coordinator_all_of_the_school(world):
    """Own is who it guides as teacher of the placement, and who it is mentor of."""
    another_placement(world.berk, world.noord, 1, teacher=world.berk.colleague)
    with at(MONDAY, "10:00"):
        assert set(groups(world, world.berk.teacher)) == {"Aya", "Bram"}
        with use(SYSTEM):
            Student.objects.filter(school=world.berk.school).update(mentor=None)
        assert set(groups(world, world.berk.teacher)) == {"Aya"}
        assert set(groups(world, world.berk.colleague)) == {"Bram"}
        assert set(groups(world, world.berk.coordinator)) == {"Aya", "Bram"}
        page = client_of(world.berk.coordinator).get(PAGE).content.decode()
        query = {"begeleider": world.berk.colleague.public_id}
        one = client_of(world.berk.coordinator).get(PAGE, query)
    assert "Aya Els" not in page
    assert "Aya Berk" not in one.content.decode()
    assert "Bram van Berk" in one.content.decode()


def test_where_the_company_ticks_nobody_is_missing(world):
    with use(SYSTEM):
        type(world.noord.companies[0]).objects.filter(pk=world.noord.companies[0].pk).update(
            attendance_mode="supervisor"
        )
    with at(MONDAY, "12:00"):
        assert groups(world, world.berk.teacher) == {"Aya": "by_company"}


def test_a_day_without_placements_says_so_and_leads_to_the_next_one(world):
    with at(SATURDAY):
        client = client_of(world.berk.teacher)
        page = client.get(PAGE).content.decode()
        assert "Niemand op stage" in page
        assert "Ga naar ma 18 januari" in page
        assert "Aya Berk" in client.get(PAGE, {"dag": "2027-01-18"}).content.decode()
    with at(SATURDAY):
        # Nobody of a colleague's: nowhere to go.
        other = client_of(world.berk.colleague).get(PAGE).content.decode()
    assert "Ga naar" not in other


@pytest.mark.parametrize("day", ["x", "2027-02-31", "", "9999-99-99"])
def test_a_day_that_is_none_shows_today(world, day):
    with at(MONDAY, "10:00"):
        page = client_of(world.berk.teacher).get(PAGE, {"dag": day}).content.decode()
    assert "Aya Berk" in page


def test_settle_present_and_undo(world):
    with at(MONDAY, "10:00"):
        client = client_of(world.berk.teacher)
        page = client.post(settle(world), {"outcome": "present"}, follow=True).content.decode()
        (row,) = everything(CheckIn)
        assert (row.method, row.settled_by_id) == ("settled", world.berk.teacher.pk)
        undo = reverse("attendance:settle_undo", args=[world.berk.placement.public_id, MONDAY])
        assert "Aya staat op aanwezig." in page
        assert undo in page
        client.post(undo)
    assert everything(CheckIn) == []


def test_settle_ill_tells_the_company_later_and_undo_takes_it_back(world):
    from stage.core.mail import delivery

    with at(MONDAY, "10:00"):
        client = client_of(world.berk.teacher)
        client.post(settle(world), {"outcome": "ill"})
        (row,) = everything(Absence)
        assert (row.kind, row.ends, row.reported_kind) == ("ill", None, "teacher")
        assert delivery.deliver() == 0
        client.post(
            reverse("attendance:settle_undo", args=[world.berk.placement.public_id, MONDAY])
        )
    assert everything(Absence) == []
    with at(MONDAY, "10:03"):
        delivery.deliver()
    with use(SYSTEM):
        assert set(OutboxMail.objects.values_list("state", flat=True)) == {"cancelled"}


def test_what_the_student_closed_since_cannot_be_taken_back_and_has_no_button(world):
    undo = reverse("attendance:settle_undo", args=[world.berk.placement.public_id, MONDAY])
    with at(MONDAY, "10:00"):
        client = client_of(world.berk.teacher)
        client.post(settle(world), {"outcome": "ill"})
        client.get(PAGE)  # tells once that it can be undone
        assert undo in client.get(PAGE).content.decode()
        client_of(world.berk.logins[0]).post(reverse("attendance:absence_back"))
        page = client.get(PAGE).content.decode()
        assert "Aya Berk" in page
        assert undo not in page
        page = client.post(undo, follow=True).content.decode()
        assert "Er is niets van de school om terug te draaien." in page


def test_settle_absent_keeps_the_reason(world):
    with at(TUESDAY, "10:00"):
        sent = {"outcome": "absent", "reason": "Begrafenis", "excused": "true"}
        client_of(world.berk.coordinator).post(settle(world), sent)
        assert groups(world, world.berk.coordinator) == {"Aya": "away"}
    (row,) = everything(Absence)
    assert (row.note, row.excused, row.starts, row.ends) == ("Begrafenis", True, MONDAY, MONDAY)


def test_a_scan_that_came_first_stays(world):
    checked_in(world.berk.placement, MONDAY)
    with at(MONDAY, "10:00"):
        page = client_of(world.berk.teacher).post(settle(world), {"outcome": "ill"}, follow=True)
        undo = reverse("attendance:settle_undo", args=[world.berk.placement.public_id, MONDAY])
        client_of(world.berk.teacher).post(undo)
    assert "intussen zelf gemeld" in page.content.decode()
    assert everything(Absence) == []
    assert len(everything(CheckIn)) == 1


@pytest.mark.parametrize("outcome", ["", "x"])
def test_settle_with_nothing_chosen_changes_nothing(world, outcome):
    with at(MONDAY, "10:00"):
        page = client_of(world.berk.teacher).post(settle(world), {"outcome": outcome}, follow=True)
    assert "Kies wat er was" in page.content.decode()
    assert everything(CheckIn) == []


def test_a_day_to_come_cannot_be_settled(world):
    address = reverse("attendance:settle", args=[world.berk.placement.public_id, TUESDAY])
    with at(MONDAY, "10:00"):
        client_of(world.berk.teacher).post(address, {"outcome": "present"})
    assert everything(CheckIn) == []


def test_a_colleague_may_not_settle(world):
    with at(MONDAY, "10:00"):
        response = client_of(world.berk.colleague).post(settle(world), {"outcome": "present"})
        actor = world.actor(world.berk.colleague)
        with use(actor.scope), pytest.raises(NotAllowed):
            services.undo_settle(world.berk.placement, actor=actor, day=MONDAY)
    assert response.status_code == 403
    assert everything(CheckIn) == []


def test_odd_scans_are_shown_until_somebody_looked(world):
    row = checked_in(
        world.berk.placement,
        MONDAY,
        flags=["other_location"],
        poster=world.noord.locations[1].poster_code,
    )
    with at(MONDAY, "10:00"):
        client = client_of(world.berk.teacher)
        page = client.get(reverse("attendance:flags")).content.decode()
        assert "poster van Garage Noord" in page
        client.post(reverse("attendance:flag_seen", args=[row.nonce]))
        after = client.get(reverse("attendance:flags")).content.decode()
    assert "Niets opvallends" in after
    assert everything(CheckIn)[0].flags == ["other_location"]


def test_failed_scans_are_shown_to_the_own_teacher(world):
    with at(MONDAY):
        actor = world.actor(world.berk.logins[0])
        with use(actor.scope):
            services.scan("ONBEKEND99", actor=actor)
        own = client_of(world.berk.teacher).get(reverse("attendance:flags"))
        colleague = client_of(world.berk.colleague).get(reverse("attendance:flags"))
    assert "ONBEKEND99" in own.content.decode()
    assert "ONBEKEND99" not in colleague.content.decode()


def test_a_failed_scan_of_a_reason_that_is_gone_breaks_nothing(world):
    with use(SYSTEM):
        student = world.berk.students[0]
        FailedScan.objects.create(
            school=world.berk.school, student=student, typed="X", reason="of_long_ago"
        )
    page = client_of(world.berk.teacher).get(reverse("attendance:flags"))
    assert page.status_code == 200
    assert student.full_name in page.content.decode()


def test_todos_of_everybody(world):
    def titles(actor):
        with use(actor.scope):
            return [t.title for t in todo.for_actor(actor)]

    student, teacher = world.actor(world.berk.logins[0]), world.actor(world.berk.teacher)
    boss = world.company_actor(world.noord.supervisors[0])
    with at(MONDAY, "08:50"):
        assert titles(student)[0] == "Meld je aan op je stage"
        assert "Bel: een leerling is niet gezien" in titles(teacher)[:1]
        assert "Bevestig week 2" not in titles(boss)
    checked_in(world.berk.placement, MONDAY)
    with at(TUESDAY, "08:00"):
        assert "Schrijf je dagverslag" in titles(student)
    reported(world.berk.placement, MONDAY)
    with at(TUESDAY, "08:00"):
        assert "Schrijf je dagverslag" not in titles(student)
    with at(SATURDAY):
        assert "Bevestig week 2" in titles(boss)


def test_students_home_asks_for_the_check_in_once(world):
    with at(MONDAY, "08:00"):
        page = client_of(world.berk.logins[0]).get("/").content.decode()
    assert "Ik ben er" in page
    assert "Meld je aan op je stage" not in page


def test_page_costs_the_same_for_more_students(world, django_assert_max_num_queries):
    with at(MONDAY, "10:00"):
        client = client_of(world.berk.coordinator)
        client.get(PAGE)
        with django_assert_max_num_queries(30) as few:
            client.get(PAGE)
        another_placement(world.berk, world.noord, 1)
        another_placement(world.berk, world.noord, 2)
        with django_assert_max_num_queries(len(few)):
            client.get(PAGE)
