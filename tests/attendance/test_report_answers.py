"""Day reports are read: unread first, a thumb up, a line back, seen by the student."""

from django.urls import reverse

from attendance.models import ReportAnswer
from tests.attendance.helpers import (
    MONDAY,
    TUESDAY,
    another_placement,
    at,
    confirmed,
    everything,
    reported,
)
from tests.clients import client_of

HOME = reverse("web:home")
LIST = reverse("attendance:reports_read")
OWN = reverse("attendance:report_list")


def answer_url(placement, day=MONDAY) -> str:
    return reverse("attendance:report_answer", args=[placement.public_id, day])


def test_unread_come_first_and_one_press_is_enough(world):
    second = another_placement(world.berk, world.noord, 1)
    reported(world.berk.placement, TUESDAY, "Taart gemaakt.")
    reported(second, MONDAY, "Brood gebakken.")
    with at(TUESDAY, "16:00"):
        client = client_of(world.berk.teacher)
        page = client.get(LIST).content.decode()
        assert page.index("Taart gemaakt.") < page.index("Brood gebakken.")
        client.post(answer_url(world.berk.placement, TUESDAY))
        page = client.get(LIST).content.decode()
        assert page.index("Brood gebakken.") < page.index("Taart gemaakt.")
    (row,) = everything(ReportAnswer)
    assert (row.line, row.by_id) == ("", world.berk.teacher.pk)


def test_the_student_reads_the_line_on_the_home_until_it_is_opened(world):
    reported(world.berk.placement, MONDAY)
    with at(MONDAY, "16:00"):
        student = client_of(world.berk.logins[0])
        teacher = client_of(world.berk.teacher)
        teacher.post(answer_url(world.berk.placement), {"line": "Mooi gedaan!"})
        assert "Mooi gedaan!" in student.get(HOME).content.decode()
        assert "Mooi gedaan!" in student.get(OWN).content.decode()
        assert "Mooi gedaan!" not in student.get(HOME).content.decode()
    with at(MONDAY, "16:05"):
        teacher.post(answer_url(world.berk.placement), {"line": "En netjes geschreven."})
        assert "En netjes geschreven." in student.get(HOME).content.decode()
    assert len(everything(ReportAnswer)) == 1


def test_a_line_that_is_too_long_comes_back_with_its_words(world):
    reported(world.berk.placement, MONDAY)
    with at(MONDAY, "16:00"):
        page = client_of(world.berk.teacher).post(
            answer_url(world.berk.placement), {"line": "lang " * 70}
        )
    assert page.status_code == 422
    assert everything(ReportAnswer) == []


def test_another_teacher_reads_and_answers_nothing(world):
    reported(world.berk.placement, MONDAY, "Taart gemaakt.")
    with at(MONDAY, "16:00"):
        other = client_of(world.berk.colleague)
        assert "Taart gemaakt." not in other.get(LIST).content.decode()
        assert other.post(answer_url(world.berk.placement)).status_code in (403, 404)
        assert answer_url(world.berk.placement) not in other.get(LIST).content.decode()
    assert everything(ReportAnswer) == []


def test_the_list_has_a_page_and_costs_the_same(world, django_assert_max_num_queries):
    reported(world.berk.placement, MONDAY)
    reported(another_placement(world.berk, world.noord, 1), MONDAY)
    with at(MONDAY, "16:00"):
        client = client_of(world.berk.coordinator)
        with django_assert_max_num_queries(25):
            assert client.get(LIST).status_code == 200


def test_a_report_of_a_confirmed_day_is_only_to_be_read(world):
    reported(world.berk.placement, MONDAY)
    with at(TUESDAY):
        client = client_of(world.berk.logins[0])
        assert "Bekijk of verander" in client.get(OWN).content.decode()
        confirmed(world.berk.placement, {MONDAY: 360})
        assert "Bekijk of verander" not in client.get(OWN).content.decode()
