"""Dutch, or English for who chose it: on the screen, on the next device, and in the mail."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django import forms
from django.core import mail as django_mail
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format, localize
from django.utils.translation import override

from assessments.forms import MarkForm
from assessments.words import mark_words
from attendance.days import hours_text
from placements import mails
from placements.agreements import documents
from placements.models import Application
from stage.core.mail import delivery
from stage.core.models import LanguageChoice
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from tests.bait import text_of
from tests.clients import client_of, client_of_contact, client_of_guardian
from tests.markup import tight
from tests.placements.agreements import frozen
from tests.world import PASSWORD

LANGUAGE = "/taal/"


def lines(client: Client, name: str) -> str:
    return " ".join(client.get(reverse(name)).content.decode().split())


@pytest.mark.django_db
def test_a_choice_is_kept_in_the_browser():
    client = Client()
    response = client.post(
        LANGUAGE, {"language": "en"}, headers={"referer": "http://testserver/inloggen/?next=/rol/"}
    )
    assert response["Location"] == "/inloggen/?next=/rol/"
    assert client.cookies["django_language"]["max-age"] > 300 * 24 * 3600
    page = lines(client, "web:login")
    assert '<html lang="en">' in tight(page)
    assert "Who are you?" in page
    client.post(LANGUAGE, {"language": "nl"})
    assert "Wie ben je?" in lines(client, "web:login")


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", ["", "de", "en-US", "../x"])
def test_a_language_nobody_offers_changes_nothing(wanted):
    client = Client()
    response = client.post(
        LANGUAGE, {"language": wanted}, headers={"referer": "https://elders.test/"}
    )
    assert response["Location"] == "/"
    assert "django_language" not in client.cookies


@pytest.mark.django_db
def test_what_a_browser_would_like_is_not_asked():
    page = Client(headers={"accept-language": "en-GB,en"}).get("/inloggen/").content.decode()
    assert "Wie ben je?" in page


def homes(world) -> dict[str, tuple[Client, str]]:
    berk, noord = world.berk, world.noord
    return {
        "coordinator": (client_of(berk.coordinator), "What waits for you?"),
        "teacher": (client_of(berk.teacher), "What waits for you?"),
        "bureau": (client_of(noord.bureau), "What waits for you?"),
        "student": (client_of(berk.logins[0]), "Hi Aya"),
        "guardian": (client_of_guardian(berk.guardians[0]), "The placement of Aya"),
        "company": (client_of_contact(noord.contacts[0]), "What waits for you?"),
    }


@pytest.mark.parametrize("who", ["coordinator", "teacher", "bureau", "student", "guardian"])
def test_each_home_speaks_english(world, who):
    client, words = homes(world)[who]
    client.post(LANGUAGE, {"language": "en"})
    page = lines(client, "web:home")
    assert words in page
    for dutch in ("Wat wacht", "Bekijk", "Log uit", "Opdrachten", "Vandaag", " van de "):
        assert dutch not in page


def test_a_student_finds_the_choice_on_its_own_page(world):
    page = lines(client_of(world.berk.logins[0]), "web:me")
    assert f'action="{LANGUAGE}"' in page


def test_the_next_device_speaks_it_from_the_log_in_on(world):
    with use(SYSTEM):
        login = world.berk.logins[0]
        login.user.username = "aya.2011"
        login.user.set_password(PASSWORD)
        login.user.save()
    client_of(login).post(LANGUAGE, {"language": "en"})
    other = Client()
    other.post(reverse("web:student_login"), {"username": "aya.2011", "password": PASSWORD})
    assert other.cookies["django_language"].value == "en"
    assert "Hi Aya" in lines(other, "web:home")


def test_a_device_that_chose_already_is_left_alone(world):
    with use(SYSTEM):
        login = world.berk.logins[0]
        login.user.username = "aya.2011"
        login.user.set_password(PASSWORD)
        login.user.save()
    client_of(login).post(LANGUAGE, {"language": "en"})
    other = Client()
    other.post(LANGUAGE, {"language": "nl"})
    other.post(reverse("web:student_login"), {"username": "aya.2011", "password": PASSWORD})
    assert other.cookies["django_language"].value == "nl"


def test_mail_comes_in_the_language_of_who_gets_it(world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    contact, application = world.noord.contacts[0], world.berk.applications[1]
    client_of_contact(contact).post(LANGUAGE, {"language": "en"})
    with use(school_scope(world.berk.school)):
        mails.application_sent(Application.objects.get(pk=application.pk))
    django_mail.outbox = []
    delivery.deliver()
    (message,) = django_mail.outbox
    assert message.to == [contact.email]
    assert "wants to do a placement at your company" in message.subject
    assert "Please answer within 14 days." in message.body
    assert "Read the application" in message.alternatives[0][0]
    assert "arrange work placements" in message.body


def test_a_choice_is_kept_for_every_role_of_a_person(world):
    client_of(world.berk.logins[0]).post(LANGUAGE, {"language": "en"})
    with use(SYSTEM):
        kept = LanguageChoice.objects.order_by("person_kind").values_list(
            "person_kind", "person_id"
        )
        assert list(kept) == [
            ("membership", world.berk.logins[0].pk),
            ("student", world.berk.students[0].pk),
        ]


def test_the_agreement_stays_dutch(world):
    agreement = frozen(world)
    with override("en"), use(school_scope(world.berk.school)):
        pdf = documents.agreement_pdf(agreement, only="school")

    class Answer:
        streaming, content = False, pdf

    text = text_of(Answer)
    assert "Exemplaar voor de school" in text
    assert "Werktijden" in text
    assert "Working hours" not in text
    with override("nl"):
        first_day = date_format(world.berk.placement.starts, "j F Y")
    assert first_day in text


@pytest.mark.parametrize(
    ("language", "hours", "mark", "day", "moment"),
    [
        ("nl", "6,5", "7,5", "12 september 2026", "12 september 2026 14:05"),
        ("en", "6.5", "7.5", "12 September 2026", "12 September 2026 14:05"),
    ],
)
def test_numbers_and_dates_follow_the_language(language, hours, mark, day, moment):
    with override(language):
        assert hours_text(390) == hours
        assert hours_text(1230 * 60) == "1230"
        assert mark_words(Decimal("7.5")) == mark
        assert localize(date(2026, 9, 12)) == day
        assert localize(datetime(2026, 9, 12, 14, 5)) == moment
        assert localize(time(14, 5)) == "14:05"
        # What is typed is read either way, and shown as the language writes it.
        for typed in ("7,5", "7.5"):
            form = MarkForm({"value": typed, "remark": ""})
            assert form.is_valid()
            assert form.cleaned_data["value"] == Decimal("7.5")
        assert f'value="{mark}"' in str(MarkForm(initial={"value": Decimal("7.5")})["value"])
        assert forms.DateField().clean("12-9-2026") == date(2026, 9, 12)


@pytest.mark.parametrize(
    ("referer", "goes_to"),
    [
        ("http://testserver", "/"),
        ("http://testserver/uitleg/?a=b", "/uitleg/?a=b"),
        ("http://testserver//elders.example/", "/elders.example/"),
        ("http://testserver/\\elders.example/", "/%5Celders.example/"),
        ("https://elders.example/uitleg/", "/"),
    ],
)
def test_choosing_leads_back_to_a_page_of_our_own(world, client, referer, goes_to):
    response = client.post("/taal/", {"language": "en"}, headers={"referer": referer})
    assert response.status_code == 302
    assert response["Location"] == goes_to
