"""A company reads, answers, and sees who comes; never more than its cards."""

import pytest
from django.urls import reverse

from placements.enums import ApplicationState
from placements.models import Application, StudentCard
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from tests.clients import client_of_contact
from tests.placements.helpers import apply_to, state_of
from tests.placements.test_application_services import roomy, second_place


@pytest.fixture
def client(world):
    return client_of_contact(world.noord.contacts[0])


def page(response) -> str:
    return response.content.decode()


def decide_url(application):
    return reverse("placements:application_decide", args=[application.public_id])


def test_the_inbox_holds_all_schools(world, client):
    text = page(client.get(reverse("placements:company_inbox")))
    assert text.count("Bram wil bij u stage lopen") == 2
    assert "Berk" in text
    assert "Els" in text
    assert "Iep" not in text


def test_the_inbox_costs_the_same_for_one_and_more(world, client, django_assert_max_num_queries):
    url = reverse("placements:company_inbox")
    with use(SYSTEM):
        Application.objects.filter(pk=world.els.applications[1].pk).update(state="withdrawn")
    with django_assert_max_num_queries(60) as one:
        client.get(url)
    with use(SYSTEM):
        Application.objects.filter(pk=world.els.applications[1].pk).update(state="with_company")
    with django_assert_max_num_queries(60) as two:
        client.get(url)
    assert len(one) == len(two)


def test_an_applicant_shows_first_name_class_and_words_only(world, client):
    text = page(client.get(decide_url(world.berk.applications[1])))
    assert "Ik ben Bram en ik wil graag bakken." in text
    assert "3B" in text
    student = world.berk.students[1]
    for secret in (student.number, student.email, "15", "2011", "Ouder van"):
        assert secret not in text.replace("14-15", "").split("<main", 1)[1].split("</main", 1)[0]


def test_other_companies_applications_are_not_there(world, client):
    with use(SYSTEM):
        other = apply_to(second_place(world), world.berk.students[1])
    assert client.get(decide_url(other)).status_code == 404
    assert "Garage" not in page(client.get(decide_url(world.berk.applications[1])))
    assert "Garage" not in page(client.get(reverse("placements:company_inbox")))


@pytest.mark.parametrize("state", ["withdrawn", "closed"])
def test_a_mail_about_what_is_over_leads_to_the_list_and_names_nobody(world, client, state):
    with use(SYSTEM):
        Application.objects.filter(pk=world.berk.applications[1].pk).update(state=state)
        Application.objects.filter(pk=world.els.applications[1].pk).update(state=state)
    answer = client.get(decide_url(world.berk.applications[1]), follow=True)
    assert answer.redirect_chain == [(reverse("placements:company_inbox"), 302)]
    assert "Deze sollicitatie loopt niet meer." in page(answer)
    assert "Bram" not in page(answer)


def test_a_draft_is_not_there_for_the_company(world, client):
    with use(SYSTEM):
        Application.objects.filter(pk=world.berk.applications[1].pk).update(state="draft")
    assert client.get(decide_url(world.berk.applications[1])).status_code == 404


def test_without_a_card_the_application_is_gone(world, client):
    with use(SYSTEM):
        StudentCard.objects.filter(
            student=world.berk.students[1], company=world.noord.companies[0]
        ).update(revoked_at="2026-11-01T10:00:00Z")
        StudentCard.objects.filter(
            student=world.els.students[1], company=world.noord.companies[0]
        ).update(revoked_at="2026-11-01T10:00:00Z")
    answer = client.get(decide_url(world.berk.applications[1]), follow=True)
    assert answer.redirect_chain == [(reverse("placements:company_inbox"), 302)]
    assert "Bram" not in page(answer)


def test_yes_then_no(world, client):
    url = decide_url(world.berk.applications[1])
    response = client.post(url, {"answer": "yes"}, follow=True)
    assert "De plek is bewaard" in page(response)
    assert state_of(world.berk.applications[1]) == ApplicationState.ACCEPTED
    client.post(url, {"answer": "no", "why": "days", "text": "Veel succes!"})
    with use(SYSTEM):
        row = Application.objects.get(pk=world.berk.applications[1].pk)
    assert (row.state, row.reason) == (
        ApplicationState.DECLINED,
        "De dagen of tijden passen niet. Veel succes!",
    )


def test_yes_without_a_free_place_says_why(world, client):
    roomy(world, 1)
    response = client.post(decide_url(world.berk.applications[1]), {"answer": "yes"})
    assert response.status_code == 422
    assert "Alle plekken in deze periode zijn al vergeven." in page(response)
    assert state_of(world.berk.applications[1]) == ApplicationState.WITH_COMPANY


@pytest.mark.parametrize("data", [{"answer": "no"}, {"answer": "no", "why": "other", "text": " "}])
def test_no_needs_a_reason(world, client, data):
    response = client.post(decide_url(world.berk.applications[1]), data)
    assert response.status_code == 422
    assert state_of(world.berk.applications[1]) == ApplicationState.WITH_COMPANY


def test_what_may_stay_empty_says_so_once(world, client):
    text = page(client.get(decide_url(world.berk.applications[1])))
    field = text.split("Een zin voor de leerling")[1].split("<textarea")[0]
    assert field.count("mag leeg blijven") == 1


def test_an_answer_that_is_neither_is_refused(world, client):
    response = client.post(decide_url(world.berk.applications[1]), {"answer": "misschien"})
    assert response.status_code == 422
    assert state_of(world.berk.applications[1]) == ApplicationState.WITH_COMPANY


def test_trainees_of_all_schools(world, client):
    text = page(client.get(reverse("placements:trainee_list")))
    assert "Aya Berk" in text
    assert "Aya Els" in text
    assert "stagebegeleider Docent Berk" in text
    assert "Iep" not in text


def test_todos_are_the_oldest_first_with_their_days(world):
    with use(SYSTEM):
        for sw, day in ((world.berk, "2026-11-20"), (world.els, "2026-11-29")):
            Application.objects.filter(pk=sw.applications[1].pk).update(
                submitted_at=f"{day}T10:00:00Z"
            )
    actor = world.company_actor(world.noord.contacts[0])
    with use(actor.scope):
        found = [t for t in todo.for_actor(actor) if t.title.startswith("Beantwoord")]
    assert [t.text for t in found] == ["Berk, wacht 11 dagen", "Els, wacht 2 dagen"]


def test_a_full_place_has_no_button_for_a_yes_that_would_be_refused(world, client):
    url = decide_url(world.berk.applications[1])
    assert 'value="yes"' in page(client.get(url))
    roomy(world, 1)
    text = page(client.get(url))
    assert "Al uw plekken zijn vergeven" in text
    assert 'value="yes"' not in text
    assert 'value="no"' in text
