"""The answer page: one link, one minute, no account, no student."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from companies import capacity, services
from companies.models import Contact, Invitation, Place, PollDay
from companies.services.answers import Reply
from stage.core.models import AuditEntry, Link, OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from tests.companies.conftest import invitation_of, path_of, sent_campaign, yes
from tests.races import behind
from tests.world import let_be

SCANNER = ("GET", "HEAD")


@pytest.fixture
def asked(world):
    """The garage, asked by Berk, not answered."""
    campaign = sent_campaign(world, world.berk)
    return invitation_of(campaign, world.noord.companies[1])


@pytest.fixture
def path(world, asked):
    return path_of(asked, world.noord.contacts[1])


def reload(invitation) -> Invitation:
    with use(SYSTEM):
        return Invitation.objects.get(pk=invitation.pk)


def place_of(invitation) -> Place | None:
    rows = Place.objects.select_related("supervisor", "offer__location")
    with use(SYSTEM):
        return rows.filter(invitation=invitation).first()


def seen_of(invitation) -> str:
    return reload(invitation).answered_at.isoformat()


def test_the_page_says_who_asks_and_shows_no_student(world, anonymous, path):
    text = anonymous.get(path).content.decode()
    assert "Berk" in text
    assert "Garage Noord" in text
    assert "15 februari" in text
    for student in world.berk.students:
        assert student.first_name not in text
    assert "antwoord=yes" in text


def test_opening_changes_nothing_not_even_by_a_scanner(anonymous, path, asked):
    with use(SYSTEM):
        before = Invitation.objects.filter(pk=asked.pk).values().get()
        audits = AuditEntry.objects.count()
    for answer in ("", "?antwoord=yes", "?antwoord=no", "?antwoord=later", "?opnieuw=1"):
        assert anonymous.get(path + answer).status_code == 200
        assert anonymous.head(path + answer).status_code == 200
    with use(SYSTEM):
        assert Invitation.objects.filter(pk=asked.pk).values().get() == before
        assert AuditEntry.objects.count() == audits


def test_yes_makes_a_place_and_the_coordinator_sees_it_at_once(
    world, anonymous, coordinator, path, asked
):
    supervisor = world.noord.supervisors[1]
    answer = yes(supervisor=str(supervisor.pk), not_on=["2027-02-16"])
    response = anonymous.post(path, answer)
    assert response["Location"] == path
    place = place_of(asked)
    offer = place.offer
    assert (place.how_many, place.weekdays, offer.tasks) == (2, [1, 2], "Brood bakken")
    assert (place.supervisor, offer.location) == (supervisor, world.noord.locations[1])
    with use(SYSTEM):
        free = PollDay.objects.filter(invitation=asked, available=True)
        assert [d.date for d in free] == [date(2027, 2, d) for d in (15, 22, 23)]
        assert PollDay.objects.filter(invitation=asked).count() == 10
        entries = AuditEntry.objects.filter(verb="invitation_accepted", object_id=asked.pk)
        assert [e.actor_kind for e in entries] == ["contact"]
        assert OutboxMail.objects.filter(event="invitation_accepted").count() == 1
    done = anonymous.get(path).content.decode()
    assert "U doet mee" in done
    page = coordinator.get(f"/bedrijven/campagnes/{asked.campaign.public_id}/?show=yes")
    assert "Garage Noord" in page.content.decode()


def test_a_new_supervisor_becomes_a_contact_and_a_known_address_is_found_again(
    world, anonymous, path, asked
):
    person = {
        "supervisor": "new",
        "new_name": "Sanne Smit",
        "new_email": "Sanne@garage.test",
        "new_telephone": "0612345678",
    }
    anonymous.post(path, yes(**person))
    supervisor = place_of(asked).supervisor
    assert (supervisor.name, supervisor.email) == ("Sanne Smit", "sanne@garage.test")
    assert supervisor.roles == ["supervisor"]
    anonymous.post(path, yes(**person, seen=seen_of(asked)))
    with use(SYSTEM):
        assert Contact.objects.filter(email="sanne@garage.test").count() == 1


def test_the_day_to_answer_before_is_not_shown_once_it_is_over(anonymous, path, asked):
    for days, shown in ((7, True), (-7, False)):
        with use(SYSTEM):
            day = timezone.localdate() + timedelta(days=days)
            type(asked.campaign).objects.filter(pk=asked.campaign_id).update(answer_before=day)
        assert ("Graag antwoord voor" in anonymous.get(path).content.decode()) is shown


def test_what_is_missing_is_said_beside_the_field_and_typed_words_stay(anonymous, path, asked):
    response = anonymous.post(path, yes(supervisor="new", how_many="0", tasks="Lassen"))
    text = response.content.decode()
    assert response.status_code == 422
    assert "Lassen" in text
    assert set(response.context["form"].errors) == {"how_many", "new_name", "new_email"}
    assert "Kies een aantal van 1 tot en met 99." in text
    assert reload(asked).state == "queued"
    assert place_of(asked) is None


def test_a_contact_of_another_company_cannot_guide(world, anonymous, path):
    response = anonymous.post(path, yes(supervisor=str(world.noord.supervisors[0].pk)))
    assert set(response.context["form"].errors) == {"supervisor"}


def test_no_keeps_the_reason(anonymous, path, asked):
    anonymous.post(
        path, {"answer": "no", "seen": "", "no_reason": "full", "reason": "Al drie stagiairs"}
    )
    row = reload(asked)
    assert (row.state, row.no_reason, row.reason) == ("no", "full", "Al drie stagiairs")
    assert place_of(asked) is None


def test_no_without_a_reason_asks_for_one(anonymous, path, asked):
    response = anonymous.post(path, {"answer": "no", "seen": ""})
    assert response.status_code == 422
    assert reload(asked).state == "queued"


def test_later_is_kept_and_shown_to_the_coordinator_with_its_month(
    anonymous, coordinator, path, asked
):
    form = anonymous.get(path + "?antwoord=later").context["form"]
    month, words = form.fields["month"].choices[3]
    anonymous.post(path, {"answer": "later", "seen": "", "month": month, "reason": "Verbouwing"})
    row = reload(asked)
    assert (row.state, row.ask_again_on.isoformat()) == ("later", month)
    page = coordinator.get(f"/bedrijven/campagnes/{asked.campaign.public_id}/?show=later")
    assert words in page.content.decode()


def test_an_answer_can_be_changed_and_a_no_takes_the_places_away(world, anonymous, path, asked):
    guide = str(world.noord.supervisors[1].pk)
    anonymous.post(path, yes(supervisor=guide))
    changed = anonymous.get(path + "?antwoord=yes").context["form"]
    assert changed.initial["how_many"] == 2
    anonymous.post(path, yes(supervisor=guide, how_many="4", seen=seen_of(asked)))
    assert place_of(asked).how_many == 4
    anonymous.post(path, {"answer": "no", "no_reason": "full", "seen": seen_of(asked)})
    assert place_of(asked).state == "withdrawn"
    anonymous.post(path, yes(supervisor=guide, seen=seen_of(asked)))
    assert (place_of(asked).state, reload(asked).no_reason) == ("open", "")


def test_places_in_use_are_never_given_away(world, anonymous, path, asked, monkeypatch):
    guide = str(world.noord.supervisors[1].pk)
    anonymous.post(path, yes(supervisor=guide, how_many="3"))
    monkeypatch.setattr(capacity, "_COUNTERS", [lambda place: 2])
    seen = seen_of(asked)
    for data in (
        yes(supervisor=guide, how_many="1", seen=seen),
        {"answer": "no", "no_reason": "full", "seen": seen},
    ):
        response = anonymous.post(path, data)
        assert response.status_code == 422
        assert "rekenen al 2 leerlingen" in response.content.decode()
    assert (place_of(asked).how_many, place_of(asked).state) == (3, "open")
    anonymous.post(path, yes(supervisor=guide, how_many="2", seen=seen))
    assert place_of(asked).how_many == 2


def test_the_counter_runs_as_the_school(world, anonymous, path, asked, monkeypatch):
    from stage.core.tenants import tenancy

    seen = []
    monkeypatch.setattr(capacity, "_COUNTERS", [lambda p: seen.append(tenancy.current()) or 0])
    guide = str(world.noord.supervisors[1].pk)
    anonymous.post(path, yes(supervisor=guide))
    anonymous.post(path, yes(supervisor=guide, seen=seen_of(asked)))
    assert [(s.role, s.school) for s in seen] == [("school", world.berk.school.pk)]


def test_an_answer_that_a_colleague_gave_is_not_overwritten_unseen(world, anonymous, path, asked):
    anonymous.post(path, {"answer": "no", "seen": "", "no_reason": "full"})
    response = anonymous.post(path, yes(supervisor=str(world.noord.supervisors[1].pk)), follow=True)
    assert "gaf net ook antwoord" in response.content.decode()
    assert reload(asked).state == "no"


def test_the_answer_counts_while_the_campaign_is_paused(world, anonymous, path, asked):
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        services.pause_campaign(asked.campaign, actor=actor)
    anonymous.post(path, yes(supervisor=str(world.noord.supervisors[1].pk)))
    assert reload(asked).state == "yes"


def test_a_period_that_is_over_takes_no_answer(world, anonymous, path, asked, monkeypatch):
    monkeypatch.setattr("companies.views.answer.school_today", lambda: date(2027, 3, 1))
    monkeypatch.setattr("companies.services.answers.school_today", lambda: date(2027, 3, 1))
    assert "voorbij" in anonymous.get(path).content.decode()
    response = anonymous.post(path, {"answer": "no", "seen": "", "no_reason": "full"})
    assert response.status_code == 422
    assert reload(asked).state == "queued"


def test_an_expired_link_mails_a_new_one_when_asked(anonymous, path, asked):
    with use(SYSTEM):
        Link.objects.update(expires_at=timezone.now() - timedelta(days=1))
    page = anonymous.get(path)
    assert page.status_code == 410
    assert "verlopen" in page.content.decode()
    with use(SYSTEM):
        assert not OutboxMail.objects.filter(event="link_renewed").exists()
    refused = anonymous.post(path, yes())
    assert "onderweg" in refused.content.decode()
    anonymous.post(path)
    with use(SYSTEM):
        assert OutboxMail.objects.filter(event="link_renewed").count() == 1
    assert reload(asked).state == "queued"


def test_who_left_the_company_gets_nowhere(world, anonymous, path):
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        services.set_contact_active(world.noord.contacts[1], active=False, actor=actor)
    with use(SYSTEM):  # another school goes on with the same person
        assert Contact.objects.get(pk=world.noord.contacts[1].pk).active
    assert anonymous.get(path).status_code == 410


def test_a_page_that_was_open_when_trust_ended_answers_nothing(world, anonymous, path, asked):
    guide = str(world.noord.supervisors[1].pk)
    assert anonymous.get(path + "?antwoord=yes").status_code == 200
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        services.end_trust(world.noord.contacts[1], actor=actor)
    response = anonymous.post(path, yes(supervisor=guide))
    assert response.status_code == 410
    assert "U staat niet meer als contactpersoon" in response.content.decode()
    assert reload(asked).answered_at is None
    assert place_of(asked) is None


def test_a_link_of_another_company_or_purpose_or_a_guess_is_no_key(world, anonymous, asked):
    stranger = path_of(asked, world.noord.contacts[0])
    assert anonymous.get(stranger).status_code == 404
    assert anonymous.get(stranger[:-3] + "abc/").status_code == 404


def test_the_form_needs_its_csrf_token(world, path, asked):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.raise_request_exception = False
    strict.post(path, {"answer": "no", "seen": "", "no_reason": "full"})
    assert reload(asked).state == "queued"


def test_a_company_answers_from_its_own_home_too(world, asked):
    from tests.clients import client_of_contact

    client = client_of_contact(world.noord.contacts[1])
    url = f"/bedrijven/uitnodigingen/{asked.public_id}/"
    client.post(url, {"answer": "no", "seen": "", "no_reason": "no_work"})
    assert reload(asked).state == "no"
    other = client_of_contact(world.noord.contacts[0])
    assert other.get(url).status_code == 404


def test_last_times_answer_fills_the_form(world, anonymous):
    campaign = sent_campaign(world, world.berk)
    bakery = invitation_of(campaign, world.noord.companies[0])
    form = anonymous.get(path_of(bakery, world.noord.contacts[0]) + "?antwoord=yes").context["form"]
    assert form.initial["tasks"] == "Brood bakken"
    assert form.initial["supervisor"] == str(world.noord.supervisors[0].pk)


@pytest.mark.parametrize(
    ("without", "guide"), [((), "supervisor"), (("supervisor",), "letter"), (("both",), "new")]
)
def test_who_guides_is_filled_in_as_far_as_anybody_is_known(
    world, anonymous, path, asked, without, guide
):
    """Nobody guided here before: a supervisor, else whom the letter went to, else a new person."""
    supervisor, contact = world.noord.supervisors[1], world.noord.contacts[1]
    gone = {"supervisor": [supervisor], "both": [supervisor, contact]}
    with use(SYSTEM):
        for row in [row for word in without for row in gone[word]]:
            Contact.objects.filter(pk=row.pk).update(roles=["contact"], active=row == contact)
        if guide == "new":
            Invitation.objects.filter(pk=asked.pk).update(contact=None)
    form = anonymous.get(path + "?antwoord=yes").context["form"]
    expected = {"supervisor": str(supervisor.pk), "letter": str(contact.pk), "new": "new"}
    assert form["supervisor"].value() == expected[guide]


def test_a_plain_yes_is_sent_as_it_stands(world, anonymous, path, asked):
    """What the page fills in is a whole answer: nothing has to be typed."""
    with use(SYSTEM):
        Contact.objects.filter(pk=world.noord.supervisors[1].pk).update(active=False)
    form = anonymous.get(path + "?antwoord=yes").context["form"]
    sent = {field.name: field.value() for field in form if field.value() is not None}
    assert anonymous.post(path, {"answer": "yes", **sent}).status_code == 302
    assert place_of(asked).supervisor == world.noord.contacts[1]


@pytest.mark.parametrize("answers", [("yes", "no"), ("yes", "yes")])
def test_two_people_at_once_give_one_answer_and_one_place(committed_world, answers):
    world = committed_world
    campaign = sent_campaign(world, world.berk)
    asked = invitation_of(campaign, world.noord.companies[1])
    with use(SYSTEM):
        people = [world.noord.contacts[1], let_be(world.noord.supervisors[1], ["contact"])]

    def answering(contact, word):
        reply = Reply(word, "", how_many=1, weekdays=[1], no_reason="full" if word == "no" else "")

        def answer(actor):
            mine = Invitation.objects.get(pk=asked.pk)
            services.answer_invitation(mine, reply, actor=actor)

        return world.company_actor(contact), answer

    first, second = (answering(*pair) for pair in zip(people, answers, strict=True))
    assert behind(first, second) == "conflict"
    winner = answers[0]
    with use(SYSTEM):
        assert Invitation.objects.get(pk=asked.pk).state == winner
        assert Place.objects.filter(invitation=asked).count() == (winner == "yes")
