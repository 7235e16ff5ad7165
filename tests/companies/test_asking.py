"""A company is asked once: what it said holds, for other letters too."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from companies import asking, services
from companies.asking import Said
from companies.enums import InvitationState, Standing
from companies.models import Invitation, LetterStop, Place
from companies.services.answers import Reply, version_of
from stage.core.mail import delivery
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.who.policies import Conflict, NotAllowed
from stage.schools.models import Group
from tests.companies.conftest import (
    address_of,
    draft_of,
    invitation_of,
    mails,
    next_group,
    path_of,
    sent_campaign,
    state_of,
    yes,
)


@pytest.fixture
def bakery(world):
    return world.noord.companies[0]


@pytest.fixture
def garage(world):
    return world.noord.companies[1]


@pytest.fixture
def first(world):
    """A letter that is out."""
    return sent_campaign(world, world.berk)


def again(first, **values):
    """A second letter about the same period, for another group with the same companies."""
    with use(SYSTEM):
        group = Group.objects.create(
            school=first.school, period=first.period, name=values.pop("name", "Andere groep")
        )
        for row in first.group.companies.all():
            group.companies.create(school=first.school, company_id=row.company_id)
    return group


def answer(world, campaign, company, kind="yes", **values):
    contact = next(c for c in world.noord.contacts if c.company_id == company.pk)
    actor = world.company_actor(contact)
    row = invitation_of(campaign, company)
    with use(actor.scope):
        fresh = Invitation.objects.select_related("question").get(pk=row.pk)
        services.answer_invitation(fresh, Reply(kind, version_of(fresh), **values), actor=actor)


def found(campaign):
    with use(school_scope(campaign.school)):
        return {one.company.name: one for one in asking.candidates_of(campaign)}


def send(world, campaign, ticked=None):
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        return services.send_campaign(campaign, ticked=ticked, actor=actor)


# --- the lists --------------------------------------------------------------------------------


def test_what_was_asked_in_the_morning_is_not_asked_in_the_afternoon(world, first, garage):
    second = draft_of(world.berk, group=again(first))
    one = found(second)[garage.name]
    assert (one.said, one.usual, one.barred) == (Said.SILENT, False, False)
    before = mails(event="invitation")
    with pytest.raises(Conflict, match="niemand om te vragen"):
        send(world, second)
    assert mails(event="invitation") == before


def test_a_yes_holds_and_the_second_group_shares_it(world, first, garage, bakery, coordinator):
    answer(world, first, garage, how_many=2, weekdays=[1])
    second = draft_of(world.berk, group=again(first))
    one = found(second)[garage.name]
    assert (one.said, one.usual) == (Said.YES, False)
    assert "2 plekken" in one.why
    send(world, second, ticked={bakery.pk})
    row = invitation_of(second, garage)
    assert row.state == InvitationState.HELD
    assert row.question_id == invitation_of(first, garage).pk
    page = coordinator.get(address_of(second)).content.decode()
    assert "Doet mee" in page
    with use(SYSTEM):
        assert Place.objects.filter(company=garage).count() == 1


def test_asked_again_by_a_tick_the_answer_page_shows_the_same_offer(
    world, first, garage, anonymous
):
    answer(world, first, garage, how_many=2, weekdays=[1])
    second = draft_of(world.berk, group=again(first))
    assert send(world, second, ticked={garage.pk}) == 1
    row = invitation_of(second, garage)
    path = path_of(row, world.noord.contacts[1])
    assert "U doet mee" in anonymous.get(path).content.decode()
    seen = version_of(invitation_of(first, garage))
    changed = yes(supervisor=str(world.noord.supervisors[1].pk), how_many="1", seen=seen)
    assert anonymous.post(path, changed).status_code == 302
    with use(SYSTEM):
        place = Place.objects.select_related("offer").get(company=garage)
    assert (place.how_many, place.offer.how_many) == (1, 1)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"kind": "later", "ask_again_on": date(2028, 3, 1)}, "vanaf maart 2028"),
        ({"kind": "no", "no_reason": "stopped"}, "geen stagiairs meer"),
    ],
)
def test_not_now_and_no_more_hold_for_every_letter_of_the_school(world, first, garage, values, why):
    answer(world, first, garage, **values)
    later = draft_of(world.berk, group=next_group(world.berk))
    one = found(later)[garage.name]
    assert (one.said, one.usual, one.barred) == (Said.NO, False, False)
    assert why in one.why


def test_a_no_for_its_own_time_does_not_hold_for_another(world, first, garage):
    answer(world, first, garage, kind="no", no_reason="bad_period")
    assert found(draft_of(world.berk, group=again(first)))[garage.name].said == Said.NO
    later = next_group(world.berk)
    with use(SYSTEM):
        later.period.starts += timedelta(days=60)
        later.period.ends += timedelta(days=60)
        later.period.save()
    one = found(draft_of(world.berk, group=later))[garage.name]
    assert (one.said, one.usual) == (Said.NEVER, True)


def test_when_the_promised_day_comes_it_is_asked_by_the_next_letter(
    world, first, garage, coordinator
):
    answer(world, first, garage, kind="later", ask_again_on=date(2026, 12, 1))
    with use(SYSTEM):
        Invitation.objects.filter(company=garage, state="later").update(
            ask_again_on=timezone.localdate()
        )
    page = coordinator.get("/bedrijven/weer-vragen/").content.decode()
    assert garage.name in page
    assert "Vraag deze bedrijven weer" in coordinator.get("/", follow=True).content.decode()
    one = found(draft_of(world.berk, group=next_group(world.berk)))[garage.name]
    assert (one.said, one.usual) == (Said.NEVER, True)
    asked = invitation_of(first, garage)
    coordinator.post("/bedrijven/weer-vragen/", {"invitation": asked.public_id})
    coordinator.get("/bedrijven/weer-vragen/")  # says once that it is done
    assert garage.name not in coordinator.get("/bedrijven/weer-vragen/").content.decode()


def test_the_silent_are_asked_again_after_two_weeks(world, first, garage):
    with use(SYSTEM):
        long_ago = timezone.now() - timedelta(days=15)
        Invitation.objects.filter(campaign=first).update(
            created_at=long_ago, sent_at=long_ago, state="sent"
        )
    second = draft_of(world.berk, group=again(first))
    one = found(second)[garage.name]
    assert (one.said, one.usual) == (Said.SILENT, True)
    send(world, second)
    row = invitation_of(second, garage)
    assert row.question_id == invitation_of(first, garage).pk


def test_an_answer_that_came_after_the_tick_counts_more_than_the_tick(world, first, garage):
    second = draft_of(world.berk, group=again(first))
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        at = timezone.now() + timedelta(days=1)
        services.schedule_campaign(second, at=at, ticked={garage.pk}, actor=actor)
    answer(world, first, garage, kind="no", no_reason="full")
    with use(SYSTEM):
        second.refresh_from_db()
    with pytest.raises(Conflict):
        send(world, second)
    assert state_of(second) == "scheduled"


# --- who may not be asked -----------------------------------------------------------------------


def test_a_company_that_wants_no_questions_cannot_be_ticked(world, first, garage):
    actor = world.company_actor(world.noord.contacts[1])
    with use(actor.scope):
        services.set_standing(garage, Standing.NEVER, why="Te klein", actor=actor)
    later = draft_of(world.berk, group=next_group(world.berk))
    one = found(later)[garage.name]
    assert (one.said, one.barred) == (Said.NO, True)
    send(world, later, ticked={garage.pk, world.noord.companies[0].pk})
    with use(SYSTEM):
        assert not Invitation.objects.filter(campaign=later, company=garage).exists()


def test_never_again_is_lifted_by_the_company_or_the_bureau_not_by_a_school(world, garage):
    bureau, school = world.actor(world.noord.bureau), world.actor(world.berk.coordinator)
    with use(bureau.scope):
        services.set_standing(garage, Standing.NEVER, actor=bureau)
    with use(school.scope), pytest.raises(NotAllowed):
        services.set_standing(garage, Standing.OPEN, actor=school)
    with use(bureau.scope):
        services.set_standing(garage, Standing.OPEN, actor=bureau)
    with use(SYSTEM):
        garage.refresh_from_db()
    assert garage.standing == Standing.OPEN


def test_a_letter_that_waits_is_not_sent_to_who_said_stop(world, first, garage):
    contact = world.noord.contacts[1]
    row = invitation_of(first, garage)
    actor = world.company_actor(contact)
    with use(actor.scope):
        services.stop_letters(row, actor=actor)
        services.stop_letters(row, actor=actor)
    with use(SYSTEM):
        assert LetterStop.objects.count() == 1
    delivery.deliver()
    assert mails(event="invitation", state="sent") == 1
    one = found(draft_of(world.berk, group=next_group(world.berk)))[garage.name]
    assert one.contact is None or one.contact.pk != contact.pk


# --- who joins later ----------------------------------------------------------------------------


def test_a_company_added_later_joins_the_letter_that_is_out(world, first, garage, coordinator):
    with use(SYSTEM):
        Invitation.objects.filter(campaign=first, company=garage).delete()
    page = coordinator.get(address_of(first)).content.decode()
    assert "1 bedrijf van de groep kreeg deze brief niet" in page
    before = mails(event="invitation")
    ticked = {"lists": "1", "company": [garage.public_id]}
    coordinator.post(address_of(first, "erbij/"), ticked)
    coordinator.post(address_of(first, "erbij/"), ticked)
    assert mails(event="invitation") == before + 1
    assert invitation_of(first, garage).state == InvitationState.QUEUED


# --- by telephone -------------------------------------------------------------------------------


def test_an_answer_by_telephone_is_entered_with_the_companys_own_form(
    world, first, garage, coordinator
):
    row = invitation_of(first, garage)
    path = f"/bedrijven/uitnodigingen/{row.public_id}/gebeld/"
    assert "Geen gehoor" in coordinator.get(path).content.decode()
    coordinator.post(path, {"answer": "no_answer", "note": "Bel na twee uur"})
    assert "Bel na twee uur" in coordinator.get(path).content.decode()
    form = coordinator.get(f"{path}?antwoord=yes").content.decode()
    assert "Het bedrijf doet mee" in form
    assert "Fijn, u doet mee" not in form  # that is for the company
    said = yes(supervisor=str(world.noord.supervisors[1].pk), via="phone")
    assert coordinator.post(path, said).status_code == 302
    page = coordinator.get(address_of(first)).content.decode()
    assert "aan de telefoon, ingevuld door" in page
    with use(SYSTEM):
        assert Place.objects.get(invitation=row).how_many == 2


def test_a_company_without_a_letter_is_asked_by_telephone_once(world, garage, coordinator):
    group = next_group(world.berk)
    path = f"/bedrijven/{garage.public_id}/gebeld/"
    for _ in range(2):
        response = coordinator.post(path, {"period": group.period_id})
        assert "/uitnodigingen/" in response["Location"]
    with use(SYSTEM):
        asked = Invitation.objects.get(company=garage, period=group.period_id)
    assert asked.campaign_id is None
    said = yes(supervisor=str(world.noord.supervisors[1].pk), via="visit")
    coordinator.post(response["Location"], said)
    one = found(draft_of(world.berk, group=group))[garage.name]
    assert one.said == Said.YES


def test_an_answer_the_company_gave_meanwhile_is_not_overwritten(world, first, garage, coordinator):
    row = invitation_of(first, garage)
    answer(world, first, garage, kind="no", no_reason="full")
    said = yes(supervisor=str(world.noord.supervisors[1].pk), via="phone")
    path = f"/bedrijven/uitnodigingen/{row.public_id}/gebeld/"
    page = coordinator.post(path, said, follow=True)
    assert "net een ander antwoord" in page.content.decode()
    assert state_of(row) == "no"


def test_the_bureau_calls_who_is_silent_and_enters_the_answer(
    world, first, garage, bakery, bureau, coordinator
):
    answer(world, first, bakery, kind="no", no_reason="full", reason="Te druk met Berk")
    page = bureau.get("/bedrijven/regio/bellen/").content.decode()
    assert garage.name in page
    assert "Berk" in page
    row, done = invitation_of(first, garage), invitation_of(first, bakery)
    assert done.public_id not in page
    path = f"/bedrijven/uitnodigingen/{row.public_id}/gebeld/"
    assert first.period.name in bureau.get(path).content.decode()
    home = "/bedrijven/regio/bellen/"
    said = yes(supervisor=str(world.noord.supervisors[1].pk), via="phone")
    response = bureau.post(f"{path}?next={home}", said)
    assert response["Location"] == home
    assert state_of(row) == "yes"
    page = coordinator.get(address_of(first)).content.decode()
    assert "aan de telefoon, ingevuld door het stagebureau" in page
    # What was answered, and why not, is between the company and the school.
    for one in (row, done):
        path = f"/bedrijven/uitnodigingen/{one.public_id}/gebeld/"
        for again_ in (bureau.get(path, follow=True), bureau.post(path, said, follow=True)):
            text = again_.content.decode()
            assert "al antwoord" in text
            assert "Te druk met Berk" not in text
    actor = world.actor(world.noord.bureau)
    with use(actor.scope), pytest.raises(Conflict):
        fresh = Invitation.objects.get(pk=done.pk)
        services.take_answer(fresh, Reply("later", version_of(fresh)), actor=actor)
    assert state_of(done) == "no"


def test_a_company_entered_by_telephone_shows_its_answer_on_its_page(world, garage, coordinator):
    group = next_group(world.berk)
    opened = coordinator.post(f"/bedrijven/{garage.public_id}/gebeld/", {"period": group.period_id})
    said = {"answer": "no", "no_reason": "full", "via": "visit", "seen": ""}
    page = coordinator.post(opened["Location"], said, follow=True)
    assert page.status_code == 200
    assert "Doet niet mee" in page.content.decode()


def test_who_is_gone_stands_in_the_list_only_when_asked_for(world, garage, bakery, coordinator):
    actor = world.actor(world.noord.bureau)
    with use(actor.scope):
        services.set_standing(garage, Standing.CLOSED, actor=actor)
        services.set_standing(bakery, Standing.NEVER, actor=actor)
    pages = {
        query: coordinator.get(f"/bedrijven/{query}").content.decode()
        for query in ("", "?status=away", "?status=unwilling", f"?q={garage.name}")
    }
    assert [garage.name in page for page in pages.values()] == [False, True, False, True]
    assert [bakery.name in page for page in pages.values()] == [True, False, True, False]
    assert "Wil niet meer gevraagd worden" in pages[""]


def test_a_letter_that_was_cut_off_goes_on_past_who_answered_meanwhile(
    world, garage, bakery, mailoutbox
):
    campaign = sent_campaign(world, world.berk)
    with use(SYSTEM):  # the worker took both letters and was killed before it sent any
        letters = OutboxMail.objects.filter(event="invitation", state="queued")
        long_ago = timezone.now() - timedelta(minutes=30)
        assert letters.update(state="claimed", changed_at=long_ago) == 2
    row = invitation_of(campaign, bakery)
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        services.take_answer(row, Reply("no", "", no_reason="full"), actor=actor)
    for _ in range(2):
        delivery.sweep()
        delivery.deliver()
    letters_sent = [m for m in mailoutbox if "zoekt stageplekken" in m.subject]
    assert [m.to for m in letters_sent] == [[world.noord.contacts[1].email]]
    with use(actor.scope):
        services.note_deliveries(actor=actor)
        services.finish_sent(actor=actor)
    assert state_of(campaign) == "sent"
    assert (state_of(row), state_of(invitation_of(campaign, garage))) == ("no", "sent")


# --- reminders ----------------------------------------------------------------------------------


def test_each_reminder_goes_once_and_they_stop_at_an_answer(world, garage):
    campaign = sent_campaign(world, world.berk, reminder_days=[3, 7])
    delivery.deliver()
    job = world.actor(world.berk.coordinator)

    def remind(days: int) -> int:
        with use(SYSTEM):
            sent = timezone.now() - timedelta(days=days)
            Invitation.objects.filter(campaign=campaign).update(sent_at=sent, state="sent")
            campaign.__class__.objects.filter(pk=campaign.pk).update(state="sent")
        with use(job.scope):
            return services.send_reminders(actor=job)

    assert [remind(n) for n in (1, 4, 4, 8, 8)] == [0, 2, 0, 2, 0]
    assert mails(event="invitation_reminder") == 4
