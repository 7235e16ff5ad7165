"""Who is not seen is called: whose number it is, and that nobody answered."""

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError
from django.urls import reverse

from attendance.models import Called
from companies.models import Contact
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import Guardian, Student
from tests.attendance.helpers import MONDAY, TUESDAY, at, everything
from tests.clients import client_of

TODAY = reverse("attendance:today")


def page_of(world, who, day=MONDAY, clock="10:00") -> str:
    with at(day, clock):
        return " ".join(client_of(who).get(TODAY).content.decode().split())


def url(world, name="called", day=MONDAY) -> str:
    return reverse(f"attendance:{name}", args=[world.berk.placement.public_id, day])


def test_a_number_says_whose_it_is(world):
    p = world.berk.placement
    with use(SYSTEM):
        Student.objects.filter(pk=p.student_id).update(telephone="0611111111")
        Guardian.objects.filter(student=p.student_id).update(telephone="0622222222")
        Contact.objects.filter(pk=p.supervisor_id).update(telephone="0633333333")
        guardian = Guardian.objects.filter(student=p.student_id).first()
        supervisor = Contact.objects.get(pk=p.supervisor_id)
    page = page_of(world, world.berk.teacher)
    assert "Leerling 0611111111" in page
    assert f"Ouder/verzorger {guardian.name} 0622222222" in page
    assert f"Bedrijf: {supervisor.name} 0633333333" in page
    assert "Is er sinds 08:30" in page


def test_no_answer_is_seen_by_a_colleague_and_can_be_undone(world):
    with at(MONDAY, "09:31"):
        client = client_of(world.berk.teacher)
        assert "Gebeld, geen gehoor" in client.get(TODAY).content.decode()
        client.post(url(world))
    said = f"Gebeld om 09:31 door {world.berk.teacher.name}, geen gehoor"
    assert said in page_of(world, world.berk.coordinator)
    assert said not in page_of(world, world.berk.coordinator, TUESDAY)
    with at(MONDAY, "09:35"):
        client_of(world.berk.coordinator).post(url(world, "called_undo"))
        assert len(everything(Called)) == 1
        client_of(world.berk.teacher).post(url(world, "called_undo"))
    assert everything(Called) == []


def test_a_call_is_about_today_alone(world):
    with at(TUESDAY, "10:00"):
        page = client_of(world.berk.teacher).post(url(world), follow=True)
    assert "alleen op de dag zelf" in page.content.decode()
    assert everything(Called) == []


def test_no_student_or_company_reads_that_was_called(world):
    with at(MONDAY, "09:31"):
        client_of(world.berk.teacher).post(url(world))
    for actor in (world.actor(world.berk.logins[0]), world.company_actor(world.noord.contacts[0])):
        with (
            use(actor.scope),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
        ):
            Called.objects.count()
