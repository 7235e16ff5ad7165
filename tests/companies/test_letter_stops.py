"""A line to stop mails: from the letter itself, at once, and back again."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from companies import asking, services
from companies.models import Invitation, LetterStop, Trust
from companies.people import people_of
from placements.services import send_briefs
from stage.core.mail import delivery
from stage.core.models import AuditEntry, Link
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who import links
from stage.core.who.actors import job_at
from stage.core.who.policies import NotAllowed
from tests.clients import client_of_contact
from tests.companies.conftest import (
    URL,
    draft_of,
    invitation_of,
    mails,
    path_of,
    sent_campaign,
    state_of,
)

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def campaign(world):
    return sent_campaign(world, world.berk)


@pytest.fixture
def asked(world, campaign):
    """The garage, asked by Berk; its letter waits in the outbox."""
    return invitation_of(campaign, world.noord.companies[1])


def stop_of(path: str) -> str:
    """The page that stops the letters, by the letter's own link."""
    return path.replace("/antwoord/", "/mail/") + "stop/"


@pytest.fixture
def stop(world, asked):
    return stop_of(path_of(asked, world.noord.contacts[1]))


def stops() -> list[str]:
    with use(SYSTEM):
        return list(LetterStop.objects.values_list("address", flat=True))


def candidate(world, school, company):
    draft = draft_of(school)
    actor = world.actor(school.coordinator)
    with use(actor.scope):
        return next(c for c in asking.candidates_of(draft) if c.company == company)


def test_every_letter_and_reminder_says_how_to_stop_it(world, campaign, asked, mailoutbox, stop):
    delivery.deliver()
    with use(SYSTEM):
        row = Invitation.objects.select_related("campaign").get(pk=asked.pk)
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        services.campaigns.remind([row])
    delivery.deliver()
    letters = [m for m in mailoutbox if m.to == [world.noord.contacts[1].email]]
    assert len(letters) == 2
    for letter in letters:
        headers = letter.message()
        assert headers["List-Unsubscribe"] == f"<{settings.SITE_URL}{stop}>"
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        html = letter.alternatives[0][0]
        for text in (letter.body, html):
            assert "Wilt u geen brieven meer van Berk?" in text
            assert f"{settings.SITE_URL}{stop}" in text
            assert "Niet voor u?" in text


def test_a_mail_about_a_student_has_the_way_out_and_no_stop(world, mailoutbox):
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        send_briefs([world.berk.placement], actor=actor)
    delivery.deliver()
    briefs = [m for m in mailoutbox if "bakkerij" in m.to[0]]
    assert briefs
    for brief in briefs:
        assert "List-Unsubscribe" not in brief.message()
        assert "Stop deze brieven" not in brief.body
        assert "Niet voor u?" in brief.body


def test_a_scanner_that_opens_everything_stops_nothing(anonymous, stop, asked):
    with use(SYSTEM):
        audits = AuditEntry.objects.count()
    for path in (stop, stop.removesuffix("stop/")):
        assert anonymous.get(path).status_code == 200
        assert anonymous.head(path).status_code == 200
    with use(SYSTEM):
        assert AuditEntry.objects.count() == audits
    assert stops() == []


def test_one_click_of_the_mail_program_stops_without_a_cookie(world, stop, mailoutbox):
    program = Client(enforce_csrf_checks=True)
    for _twice in range(2):
        response = program.post(stop, ONE_CLICK)
        assert response.status_code == 200  # no redirect: RFC 8058
    assert stops() == [world.noord.contacts[1].email]
    delivery.deliver()
    assert world.noord.contacts[1].email not in [m.to[0] for m in mailoutbox]


def test_the_button_stops_and_the_other_one_allows_again(world, anonymous, stop):
    page = anonymous.get(stop).content.decode()
    assert "Geen brieven meer van Berk?" in page
    assert "Mails over een leerling" in page
    assert anonymous.post(stop, {"stop": "yes"})["Location"] == stop
    assert "Toch weer brieven" in anonymous.get(stop).content.decode()
    anonymous.post(stop, {"allow": "yes"})
    assert stops() == []
    assert "Geen brieven meer van Berk?" in anonymous.get(stop).content.decode()


def test_nonsense_stops_nothing(anonymous, stop):
    assert anonymous.post(stop, {"x": "1"})["Location"] == stop
    assert stops() == []


def test_a_letter_that_waited_is_shown_as_not_mailed(anonymous, stop, asked, coordinator):
    anonymous.post(stop, {"stop": "yes"})
    assert state_of(asked) == "no_address"
    assert mails(event="invitation", state="cancelled") == 1
    page = coordinator.get(f"{URL}{asked.campaign.public_id}/?show=no_address")
    assert "Garage Noord" in page.content.decode()


def test_no_reminder_goes_to_who_said_stop(world, campaign, asked, anonymous, stop):
    delivery.deliver()
    anonymous.post(stop, {"stop": "yes"})
    actor = job_at(world.berk.school)
    with use(SYSTEM):
        sent = timezone.now() - timedelta(days=8)
        Invitation.objects.filter(campaign=campaign).update(state="sent", sent_at=sent)
        type(campaign).objects.filter(pk=campaign.pk).update(state="sent")
    with use(actor.scope):
        services.send_reminders(actor=actor)
    with use(SYSTEM):
        reminded = Invitation.objects.filter(campaign=campaign, reminders=1)
        assert [i.company.name for i in reminded] == ["Bakkerij Noord"]


def test_the_next_letter_does_not_go_there_and_says_why(world, anonymous, stop, coordinator):
    garage = world.noord.companies[1]
    assert candidate(world, world.berk, garage).contact == world.noord.contacts[1]
    anonymous.post(stop, {"stop": "yes"})
    # A colleague whom the school knows is asked in stead.
    assert candidate(world, world.berk, garage).contact == world.noord.supervisors[1]
    with use(SYSTEM):
        for other in (world.noord.supervisors[1].email, garage.email):
            LetterStop.objects.create(school=world.berk.school, company=garage, address=other)
    one = candidate(world, world.berk, garage)
    assert one.barred
    assert "wil geen brieven meer" in one.why


def test_another_school_still_writes_and_does_not_hear_of_it(world, anonymous, stop):
    anonymous.post(stop, {"stop": "yes"})
    garage = world.noord.companies[1]
    assert candidate(world, world.els, garage).contact == world.noord.contacts[1]
    actor = world.actor(world.els.coordinator)
    with use(actor.scope):
        assert not any(p.no_letters for p in people_of(garage, actor))
        assert not LetterStop.objects.exists()


def test_school_and_bureau_see_who_wants_no_letters(world, anonymous, stop, coordinator, bureau):
    garage = world.noord.companies[1]
    page = f"/bedrijven/{garage.public_id}/"
    assert "Wil geen brieven" not in coordinator.get(page).content.decode()
    anonymous.post(stop, {"stop": "yes"})
    assert "Wil geen brieven van jullie" in coordinator.get(page).content.decode()
    assert "Wil geen brieven van Berk" in bureau.get(page).content.decode()
    numbers = bureau.get("/bedrijven/regio/").content.decode()
    assert "Geen brieven meer" in numbers


def test_the_address_the_school_knows_is_the_one_that_stops(world, anonymous, stop, mailoutbox):
    """Others wrote another address in the pool; the letter goes to the known one."""
    contact = world.noord.contacts[1]
    with use(SYSTEM):
        type(contact).objects.filter(pk=contact.pk).update(email="elders@lek.test")
    anonymous.post(stop, {"stop": "yes"})
    assert stops() == [contact.email]
    delivery.deliver()
    assert contact.email not in [m.to[0] for m in mailoutbox]


def test_it_works_after_the_link_expired_and_not_for_who_is_gone(world, anonymous, stop):
    with use(SYSTEM):
        Link.objects.update(expires_at=timezone.now() - timedelta(days=90))
    assert anonymous.post(stop, ONE_CLICK).status_code == 200
    assert len(stops()) == 1
    with use(SYSTEM):
        Trust.objects.update(until=timezone.now(), ended_why="left")
    assert anonymous.get(stop).status_code == 410


def test_a_link_of_somebody_else_or_made_up_is_none(world, anonymous, stop):
    with use(SYSTEM):
        address = links.link_for(
            person_kind="guardian",
            person_id=world.berk.guardians[0].pk,
            purpose="home",
            region_id=world.noord.region.pk,
            school_id=world.berk.school.pk,
        )
    token = links.token_in(address)
    for path in (f"/bedrijven/mail/{token}/stop/", stop.replace("/stop/", "x/stop/")):
        assert anonymous.post(path, ONE_CLICK).status_code == 404
    assert stops() == []


def test_who_proved_another_mailbox_does_not_stop_this_one(world, stop, asked):
    """The services take the address of who acts, never one that is typed."""
    actor = world.company_actor(world.noord.contacts[0])
    with use(actor.scope), pytest.raises(NotAllowed):
        services.stop_letters(asked, actor=actor)


# --- never again, for the whole region -----------------------------------------------------------


def standing_page(company) -> str:
    return f"/bedrijven/{company.public_id}/vragen/"


def test_a_company_says_itself_that_nobody_asks_it_any_more(world, baker):
    company = world.noord.companies[0]
    profile = baker.get(f"/bedrijven/eigen/{company.public_id}/").content.decode()
    assert standing_page(company) in profile
    page = baker.get(standing_page(company)).content.decode()
    assert "Mogen scholen u vragen?" in page
    assert "Bestaat niet meer" not in page  # that is not the company's to say
    baker.post(standing_page(company), {"standing": "never", "why": "Te druk"})
    for school in (world.berk, world.els):
        one = candidate(world, school, company)
        assert one.barred
        assert one.why == "wil niet meer gevraagd worden"
    baker.post(standing_page(company), {"standing": "open"})
    assert not candidate(world, world.berk, company).barred


def test_who_guides_there_does_not_say_so(world):
    guide = client_of_contact(world.noord.supervisors[0])
    company = world.noord.companies[0]
    assert guide.get(standing_page(company)).status_code == 403
    assert guide.post(standing_page(company), {"standing": "never"}).status_code == 403
