"""A mentor who is not the teacher on the placement: reads all of it, settles, judges nothing."""

import pytest
from django.urls import reverse

from assessments import policies as judging
from assessments.enums import HandInState
from assessments.models import HandIn, Mark
from placements.policies import leads
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from stage.core.who.policies import Denied
from stage.schools.models import Student
from tests.assessments import things
from tests.attendance.helpers import MONDAY, at, reported
from tests.clients import client_of

MARK = {"value": "7,5", "remark": "Goed gewerkt"}


@pytest.fixture
def mentor(world):
    """The colleague, mentor of the first student; the teacher guides the placement."""
    berk = world.berk
    with use(SYSTEM):
        Student.objects.filter(school=berk.school).update(mentor=None)
        Student.objects.filter(pk=berk.students[0].pk).update(mentor=berk.colleague)
    return berk.colleague


@pytest.fixture
def work(world):
    with use(SYSTEM):
        return things.hand_in(
            world.berk, state=HandInState.HANDED_IN, answer="Brood gebakken", due=MONDAY
        )


def page_of(who, name: str, *args) -> str:
    response = client_of(who).get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_reads_the_whole_placement(world, mentor):
    code = world.berk.placement.public_id
    reported(world.berk.placement, MONDAY, "Vandaag taart versierd.")
    with at(MONDAY, "17:00"):
        page = page_of(mentor, "placements:placement_show", code)
        days = client_of(mentor).get(reverse("api:day_list", args=[code]))
    assert "Vandaag taart versierd." in page
    assert "Aanwezigheid" in page
    assert "Kies begeleiders" not in page
    assert days.json()["count"] == 10


def test_is_told_nothing_of_others(world, mentor):
    other = world.berk.students[1]
    assert "Dit is niet je eigen leerling" in page_of(
        mentor, "schools:student_show", other.public_id
    )
    assert "Dit is niet je eigen leerling" not in page_of(
        mentor, "schools:student_show", world.berk.students[0].public_id
    )


def test_settles_a_day(world, mentor):
    url = reverse("attendance:settle", args=[world.berk.placement.public_id, MONDAY])
    with at(MONDAY, "10:00"):
        page = client_of(mentor).post(url, {"outcome": "ill"}, follow=True).content.decode()
    assert "Aya" in page
    assert "Ziek" in page


def test_reads_the_mark_and_gives_none(world, mentor):
    berk = world.berk
    with use(SYSTEM):
        things.started(berk.placement, ends_in=-1)
    url = reverse("assessments:mark_give", args=[berk.placement.public_id])
    read = client_of(mentor).get(url).content.decode()
    assert "Het cijfer geeft de stagebegeleider van deze stage." in read
    assert 'name="value"' not in read
    assert client_of(mentor).post(url, MARK).status_code == 403
    with use(SYSTEM):
        assert not Mark.objects.exists()
    assert 'name="value"' in client_of(berk.teacher).get(url).content.decode()
    assert client_of(berk.teacher).post(url, MARK).status_code == 302
    again = client_of(mentor).get(url).content.decode()
    assert "7,5" in again
    assert "Goed gewerkt" in again
    assert 'name="lock"' not in again
    assert client_of(mentor).post(url, {"lock": "1", "seen": "7.5"}).status_code == 403
    with use(SYSTEM):
        assert Mark.objects.get().locked_at is None


def test_reads_work_and_judges_none(world, mentor, work):
    url = reverse("assessments:hand_in_show", args=[work.public_id])
    read = client_of(mentor).get(url).content.decode()
    assert "Brood gebakken" in read
    assert "De stagebegeleider van deze stage kijkt het na." in read
    assert 'name="verdict"' not in read
    data = {"verdict": "done", "feedback": "Mooi"}
    assert client_of(mentor).post(url, data).status_code == 403
    with use(SYSTEM):
        assert HandIn.objects.get(pk=work.pk).state == HandInState.HANDED_IN
    assert client_of(world.berk.teacher).post(url, data).status_code == 302
    with use(SYSTEM):
        assert HandIn.objects.get(pk=work.pk).state == HandInState.DONE


def test_is_not_asked_to_judge(world, mentor, work):
    with use(SYSTEM):
        things.started(world.berk.placement, ends_in=-1)
    titles = {}
    for who in (mentor, world.berk.teacher):
        actor = world.actor(who)
        with use(actor.scope):
            titles[who.pk] = {t.title for t in todo.for_actor(actor)}
    judged = {"Kijk ingeleverd werk na", "Geef cijfers"}
    assert judged <= titles[world.berk.teacher.pk]
    assert not judged & titles[mentor.pk]


def test_the_policies_say_why(world, mentor):
    berk = world.berk
    actor = world.actor(mentor)
    with use(actor.scope):
        assert judging.concerns(actor, berk.placement)
        assert leads(actor, berk.placement) == Denied(
            "Dit kan alleen de stagebegeleider van deze stage."
        )
        stranger = world.actor(world.els.teacher)
        assert leads(stranger, berk.placement) == Denied(
            "Dit kan alleen een medewerker van de school."
        )
        assert leads(world.actor(berk.coordinator), berk.placement)
        assert leads(world.actor(berk.teacher), berk.placement)
