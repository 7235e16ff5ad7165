"""Every answer comes back in writing, once, with what was filled in and the way to change it."""

import pytest
from django.core import mail

from companies.models import Invitation, LetterStop
from stage.core.mail import delivery
from stage.core.tenants.tenancy import SYSTEM, use
from tests.companies.conftest import invitation_of, path_of, sent_campaign, yes
from tests.companies.test_answer import seen_of

NO = {"answer": "no", "no_reason": "full", "reason": "Al drie stagiairs"}


@pytest.fixture
def asked(world) -> Invitation:
    """The garage, asked by Berk; the letters have gone."""
    asked = invitation_of(sent_campaign(world, world.berk), world.noord.companies[1])
    delivery.deliver()
    mail.outbox.clear()
    return asked


@pytest.fixture
def path(world, asked) -> str:
    return path_of(asked, world.noord.contacts[1])


def copies() -> list[tuple[str, str, str]]:
    """To whom, subject and text of what goes out now."""
    mail.outbox.clear()
    delivery.deliver()
    return [(m.to[0], m.subject, " ".join(m.body.split())) for m in mail.outbox]


def called(client, asked, answer: dict) -> None:
    url = f"/bedrijven/uitnodigingen/{asked.public_id}/gebeld/"
    assert client.post(url, {**answer, "via": "phone"}).status_code == 302


def test_a_yes_is_repeated_whole(world, anonymous, path):
    anonymous.post(
        path,
        yes(
            supervisor=str(world.noord.supervisors[1].pk),
            not_on=["2027-02-16"],
            day_from="06:00",
            day_to="14:00",
        ),
    )
    ((to, subject, text),) = copies()
    assert (to, subject) == ("contact@garage-noord.test", "Bedankt, u doet mee met Berk")
    for part in (
        "Plekken: 2 Dagen: maandag, dinsdag Werktijden: 06:00 – 14:00",
        "Dan kan het niet: di 16 februari 2027",
        "Praktijkopleider: Supervisor Garage Noord",
        "Werk: Brood bakken",
    ):
        assert part in text


def test_a_no_comes_back_in_writing_and_the_link_in_it_changes_it(anonymous, path, asked):
    anonymous.post(path, NO)
    ((to, subject, text),) = copies()
    assert (to, subject) == ("contact@garage-noord.test", "Uw antwoord aan Berk")
    assert "U doet niet mee. U krijgt over deze periode geen mail meer." in text
    assert "Reden: Wij hebben al stagiairs U schreef erbij: Al drie stagiairs" in text
    link = next(word for word in text.split() if word.startswith("http"))
    assert anonymous.get("/" + link.split("/", 3)[3] + "?opnieuw=1").status_code == 200
    anonymous.post(path, {**NO, "no_reason": "stopped", "seen": seen_of(asked)})
    ((_to, _subject, text),) = copies()
    assert "U doet niet mee. Berk vraagt u niet meer." in text


def test_a_later_promises_its_month(anonymous, path):
    month, words = (
        anonymous.get(path + "?antwoord=later").context["form"].fields["month"].choices[3]
    )
    anonymous.post(path, {"answer": "later", "month": month})
    ((_to, _subject, text),) = copies()
    assert f"Wij vragen het u weer vanaf {words}." in text


def test_each_answer_is_mailed_once_and_one_that_was_changed_meanwhile_not_at_all(
    anonymous, path, asked
):
    anonymous.post(path, NO)
    anonymous.post(path, {**NO, "reason": "Toch vier", "seen": seen_of(asked)})
    ((_to, _subject, text),) = copies()
    assert "Toch vier" in text
    assert copies() == []
    anonymous.post(path, {**NO, "seen": "ergens anders"})  # refused: nothing new was answered
    assert copies() == []


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_what_was_said_by_telephone_is_written_to_the_company(world, coordinator, asked, answer):
    given = yes(supervisor=str(world.noord.supervisors[1].pk)) if answer == "yes" else NO
    coordinator.post(
        f"/bedrijven/uitnodigingen/{asked.public_id}/gebeld/", {**given, "via": "phone"}
    )
    ((to, _subject, text),) = copies()
    assert to == "contact@garage-noord.test"
    assert f"Dit zei u aan de telefoon. {world.berk.coordinator.name} schreef het op." in text


def test_what_staff_entered_is_not_written_to_who_wants_no_letters(world, coordinator, asked):
    """As with a company that has no address at all, there is nobody to write to."""
    with use(SYSTEM):
        for person in (world.noord.contacts[1], world.noord.supervisors[1]):
            LetterStop.objects.create(
                school=world.berk.school, company_id=person.company_id, address=person.email
            )
    called(coordinator, asked, NO)
    assert copies() == []
