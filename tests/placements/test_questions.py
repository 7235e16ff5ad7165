"""A company asks before it decides; the student or the school answers in one box."""

import pytest
from django.core import mail as django_mail
from django.urls import reverse

from placements.enums import MOST_QUESTIONS
from placements.models import Application, ApplicationQuestion
from stage.core.mail import delivery
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from stage.schools.models import SchoolSettings
from tests.clients import client_of, client_of_contact
from tests.placements.helpers import mails

ASK = "Heeft Bram al eens gebakken?"


@pytest.fixture
def client(world):
    return client_of_contact(world.noord.contacts[0])


def decide_url(world):
    return reverse("placements:application_decide", args=[world.berk.applications[1].public_id])


def ask(world, client, put_to="school", text=ASK):
    return client.post(decide_url(world), {"answer": "ask", "put_to": put_to, "question": text})


def the_question() -> ApplicationQuestion:
    with use(SYSTEM):
        return ApplicationQuestion.objects.select_related("asked_by").get()


def answer_url(question):
    return reverse("placements:question_answer", args=[question.public_id])


def waiting(actor) -> list[str]:
    with use(actor.scope):
        return [t.title for t in todo.for_actor(actor) if "de vraag van" in t.title]


def test_the_school_is_asked_unless_said_and_answers_on_one_page(world, client, settings):
    page = client.get(decide_url(world)).content.decode()
    assert 'name="put_to" value="school"' in " ".join(page.split())
    assert ask(world, client).status_code == 302
    question = the_question()
    assert question.asked_by == world.noord.contacts[0]
    assert [m.person_id for m in mails("question_asked")] == [world.berk.coordinator.pk]
    assert waiting(world.actor(world.berk.coordinator)) == [
        "Beantwoord de vraag van Bakkerij Noord"
    ]
    # What is asked of the school is not the student's to read.
    student = client_of(world.berk.logins[1])
    assert student.get(answer_url(question)).status_code == 404
    assert waiting(world.actor(world.berk.logins[1])) == []
    karin = client_of(world.berk.coordinator)
    assert ASK in karin.get(answer_url(question)).content.decode()
    karin.post(answer_url(question), {"answer": "Ja, bij zijn oom."})
    assert [m.person_id for m in mails("question_answered")] == [world.noord.contacts[0].pk]
    assert "Ja, bij zijn oom." in client.get(decide_url(world)).content.decode()
    assert waiting(world.actor(world.berk.coordinator)) == []
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    django_mail.outbox = []
    delivery.deliver()
    (message,) = [m for m in django_mail.outbox if m.to == [world.noord.contacts[0].email]]
    assert "Ja, bij zijn oom." in message.body


def test_the_student_answers_what_is_put_to_the_student(world, client):
    ask(world, client, put_to="student")
    question = the_question()
    assert [m.person_id for m in mails("question_asked")] == [world.berk.students[1].pk]
    assert waiting(world.actor(world.berk.coordinator)) == []
    # The school reads along, and leaves the answer to the student.
    overview = reverse("placements:application_overview", args=[world.berk.students[1].public_id])
    karin = client_of(world.berk.coordinator)
    assert ASK in karin.get(overview).content.decode()
    assert karin.post(answer_url(question), {"answer": "Ik."}).status_code == 403
    student = client_of(world.berk.logins[1])
    assert ASK in student.get(reverse("placements:application_list")).content.decode()
    assert student.post(answer_url(question), {"answer": " "}).status_code == 422
    assert student.post(answer_url(question), {"answer": "Ja, thuis."}).status_code == 302
    assert the_question().answered_by_name == "Bram"
    # Once is enough.
    student.post(answer_url(question), {"answer": "Nee."})
    assert the_question().answer == "Ja, thuis."


def test_another_student_or_school_cannot_see_it(world, client):
    ask(world, client, put_to="student")
    for login in (world.berk.logins[2], world.els.coordinator, world.els.logins[1]):
        assert client_of(login).get(answer_url(the_question())).status_code == 404


@pytest.mark.parametrize(
    ("put_to", "words"),
    [("school", "Kan de leerling langskomen"), ("student", "Kun je langskomen")],
)
def test_one_press_puts_the_words_of_a_first_meeting_in_the_box(world, client, put_to, words):
    answer = client.post(decide_url(world), {"answer": "meet", "put_to": put_to})
    assert answer.status_code == 200
    assert f"{words} om kennis te maken?" in answer.content.decode()
    with use(SYSTEM):
        assert not ApplicationQuestion.objects.exists()


def test_a_few_may_be_open_at_once(world, client):
    for n in range(MOST_QUESTIONS):
        assert ask(world, client, text=f"Vraag {n}").status_code == 302
    refused = ask(world, client, text="Nog een")
    assert refused.status_code == 422
    assert "Er staan al vijf vragen open." in refused.content.decode()


@pytest.mark.parametrize("state", ["accepted", "parked", "declined", "expired"])
def test_only_what_waits_can_be_asked_about(world, client, state):
    with use(SYSTEM):
        Application.objects.filter(pk=world.berk.applications[1].pk).update(state=state)
    assert "Eerst een vraag" not in client.get(decide_url(world)).content.decode()
    assert ask(world, client).status_code == 422
    with use(SYSTEM):
        assert not ApplicationQuestion.objects.exists()


def test_a_question_closes_with_its_application(world, client):
    ask(world, client)
    with use(SYSTEM):
        Application.objects.filter(pk=world.berk.applications[1].pk).update(state="withdrawn")
    assert waiting(world.actor(world.berk.coordinator)) == []
    karin = client_of(world.berk.coordinator)
    karin.post(answer_url(the_question()), {"answer": "Ja."})
    assert the_question().answered_at is None


def test_another_company_cannot_ask(world):
    assert ask(world, client_of_contact(world.noord.contacts[1])).status_code == 404


def test_after_a_yes_the_page_says_whom_to_call(world, client):
    with use(SYSTEM):
        SchoolSettings.objects.filter(school=world.berk.school).update(telephone="038-1234567")
    assert "Vraag naar" not in client.get(decide_url(world)).content.decode()
    page = client.post(decide_url(world), {"answer": "yes"}, follow=True).content.decode()
    assert "Dank u. De plek is bewaard." in page
    assert 'href="tel:0381234567"' in page
    assert f"Vraag naar {world.berk.coordinator.name}, stagecoördinator" in " ".join(page.split())
    assert "Lees hoe het werkt" in page
