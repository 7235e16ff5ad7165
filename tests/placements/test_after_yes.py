"""A yes parks or closes the student's other applications, and one that falls through brings them
back: what each company, the student and the school then see and hear."""

from datetime import date, timedelta

import pytest
from django.core import mail as django_mail
from django.urls import reverse
from django.utils import timezone

from companies.models import Place
from companies.services.offers import withdraw_place
from placements import queries, services, tasks
from placements.enums import UNANSWERED_DAYS, ApplicationState
from placements.models import Application, Placement, PlacementSettings
from stage.core.enums import PersonKind
from stage.core.mail import delivery
from stage.core.models import OutboxMail, School
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.who.actors import job_at
from stage.core.who.policies import Conflict
from stage.schools.models import Period
from tests.clients import client_of, client_of_contact
from tests.placements.helpers import apply_to, card_exists, mails, state_of
from tests.placements.test_application_services import as_student, decide, second_place, send
from tests.placements.test_matching_services import match, unmatch


def sets(world, after: str) -> None:
    with use(SYSTEM):
        PlacementSettings.objects.filter(school=world.berk.school).update(after_yes=after)


def garage_answers(world, verb, **more):
    decide(world, world.garage, verb, contact=world.noord.contacts[1], **more)


def withdraw(world, wish):
    actor, _student = as_student(world, 1)
    with use(actor.scope):
        return services.withdraw_application(Application.objects.get(pk=wish.pk), actor=actor)


def row(wish) -> Application:
    with use(SYSTEM):
        return Application.objects.get(pk=wish.pk)


def test_a_yes_parks_the_others_and_each_hears_it_once(two):
    decide(two, two.bakery, "accept")
    assert state_of(two.garage) == ApplicationState.PARKED
    assert [m.person_id for m in mails("application_parked")] == [two.noord.contacts[1].pk]
    assert [m.person_id for m in mails("application_answered")] == [two.berk.students[1].pk]
    with use(SYSTEM):
        assert queries.used_places([two.garage.place_id]) == {}
    # It may be asked again: it keeps what it was shown.
    assert card_exists(two.berk.students[1], two.noord.companies[1])


def test_whoever_was_not_mailed_yet_is_not_mailed_at_all(world):
    first, second = send(world, world.berk.places[0]), send(world, second_place(world))
    decide(world, first, "accept")
    assert state_of(second) == ApplicationState.PARKED
    with use(SYSTEM):
        asked = OutboxMail.objects.filter(
            person_kind=PersonKind.CONTACT, person_id=world.noord.contacts[1].pk
        )
        assert [mail.state for mail in asked.order_by("created_at")] == ["cancelled"]


@pytest.mark.parametrize(
    ("after", "expected", "draft", "event"),
    [
        ("park", ApplicationState.PARKED, ApplicationState.DRAFT, "application_parked"),
        ("close", ApplicationState.CLOSED, ApplicationState.CLOSED, "application_closed"),
        ("leave", ApplicationState.WITH_COMPANY, ApplicationState.DRAFT, ""),
    ],
)
def test_the_school_says_what_a_yes_does(two, after, expected, draft, event):
    sets(two, after)
    with use(SYSTEM):
        third = Place.objects.get(pk=second_place(two).pk)
        own = apply_to(third, two.berk.students[1], ApplicationState.DRAFT)
    decide(two, two.bakery, "accept")
    assert (state_of(two.garage), state_of(own)) == (expected, draft)
    told = {m.event for m in mails("application_parked") + mails("application_closed")}
    assert told == ({event} if event else set())
    closed = after == "close"
    assert card_exists(two.berk.students[1], two.noord.companies[1]) is not closed


def test_a_second_yes_stays_and_the_others_of_another_student_too(two):
    with use(SYSTEM):
        Application.objects.filter(pk=two.garage.pk).update(state="accepted")
        other = apply_to(Place.objects.get(pk=two.garage.place_id), two.berk.students[2])
    decide(two, two.bakery, "accept")
    assert state_of(two.garage) == ApplicationState.ACCEPTED
    assert state_of(other) == ApplicationState.WITH_COMPANY
    # One of the two yeses falls through: the other stands.
    decide(two, two.bakery, "decline", reason="Toch niet.")
    assert state_of(two.garage) == ApplicationState.ACCEPTED


def test_what_is_parked_cannot_be_answered_and_does_not_expire(two):
    decide(two, two.bakery, "accept")
    for verb, more in (("accept", {}), ("decline", {"reason": "Nee."})):
        with pytest.raises(Conflict, match="wacht op een ander bedrijf"):
            garage_answers(two, verb, **more)
    later = timezone.now() + timedelta(days=UNANSWERED_DAYS + 20)
    with use(SYSTEM):
        school = School.objects.get(pk=two.berk.school.pk)
    with use(school_scope(school)):
        services.expire_applications(now=later, actor=job_at(school))
    assert state_of(two.garage) == ApplicationState.PARKED


@pytest.mark.parametrize("after", ["park", "close"])
def test_a_yes_that_is_taken_back_brings_the_others_back_with_a_new_clock(two, settings, after):
    sets(two, after)
    settings.UNDO_SECONDS = 0
    decide(two, two.bakery, "accept")
    deliver(settings)  # the others have heard that they rest
    decide(two, two.bakery, "decline", reason="Toch niet.")
    back = row(two.garage)
    assert back.state == ApplicationState.WITH_COMPANY
    assert back.submitted_at.date() == date(2026, 12, 1)
    assert back.decided_at is None
    assert [m.person_id for m in mails("application_back")] == [two.noord.contacts[1].pk]
    assert card_exists(two.berk.students[1], two.noord.companies[1])
    garage_answers(two, "accept")
    assert state_of(two.garage) == ApplicationState.ACCEPTED


def test_withdrawing_the_accepted_one_brings_the_others_back(two):
    decide(two, two.bakery, "accept")
    back = withdraw(two, two.bakery)
    assert [a.pk for a in back.running] == [two.garage.pk]
    assert state_of(two.garage) == ApplicationState.WITH_COMPANY


def test_one_that_waits_may_be_withdrawn_and_stays_so(two):
    decide(two, two.bakery, "accept")
    withdraw(two, two.garage)
    decide(two, two.bakery, "decline", reason="Toch niet.")
    assert state_of(two.garage) == ApplicationState.WITHDRAWN


def full(world):
    apply_to(Place.objects.get(pk=world.garage.place_id), world.berk.students[2], "accepted")


def place_gone(world):
    Place.objects.filter(pk=world.garage.place_id).update(state="withdrawn")


def period_over(world):
    Period.objects.filter(pk=world.berk.period.pk).update(
        starts=date(2026, 11, 1), ends=date(2026, 11, 20)
    )


@pytest.mark.parametrize(
    ("happened", "reason"),
    [
        (full, "De plek is intussen vergeven."),
        (place_gone, "Het bedrijf heeft in deze periode toch geen plek."),
        (period_over, "De periode is voorbij."),
    ],
)
def test_what_cannot_come_back_is_answered_in_the_same_one_mail(two, happened, reason):
    decide(two, two.bakery, "accept")
    with use(SYSTEM):
        happened(two)
    decide(two, two.bakery, "decline", reason="Toch niet.")
    gone = row(two.garage)
    assert (gone.state, gone.reason) == (ApplicationState.DECLINED, reason)
    assert mails("application_back") == []
    # One for the yes, one for the no: none more for the garage.
    assert len(mails("application_answered")) == 2


def test_a_place_taken_back_answers_who_is_parked_there(two):
    decide(two, two.bakery, "accept")
    actor = two.company_actor(two.noord.contacts[1])
    with use(actor.scope):
        withdraw_place(Place.objects.get(pk=two.garage.place_id), actor=actor)
    assert state_of(two.garage) == ApplicationState.DECLINED


def test_beside_a_yes_nothing_new_is_sent(world):
    first = send(world, world.berk.places[0])
    decide(world, first, "accept")
    other = second_place(world)
    with pytest.raises(Conflict, match="zei al ja"):
        send(world, other)
    sets(world, "leave")
    assert state_of(send(world, other)) == ApplicationState.WITH_COMPANY


def test_what_is_parked_counts_for_the_limit(two):
    with use(SYSTEM):
        PlacementSettings.objects.filter(school=two.berk.school).update(max_applications=2)
    decide(two, two.bakery, "accept")
    sets(two, "leave")
    with pytest.raises(Conflict, match="meer mag niet"):
        send(two, second_place(two), n=1)


def test_a_match_closes_what_was_parked_and_its_company_hears_that(two):
    decide(two, two.bakery, "accept")
    match(two)
    assert state_of(two.garage) == ApplicationState.CLOSED
    assert [m.person_id for m in mails("application_closed")] == [two.noord.contacts[1].pk]
    assert not card_exists(two.berk.students[1], two.noord.companies[1])


def test_the_school_may_match_on_a_parked_one(two):
    decide(two, two.bakery, "accept")
    with use(SYSTEM):
        place = Place.objects.get(pk=two.garage.place_id)
    match(two, 1, place)
    assert state_of(two.garage) == ApplicationState.ACCEPTED
    assert state_of(two.bakery) == ApplicationState.CLOSED
    assert len(mails("application_off")) == 1


@pytest.mark.parametrize(
    ("after", "free", "expected"),
    [
        ("park", False, ApplicationState.PARKED),
        ("close", False, ApplicationState.CLOSED),
        ("leave", False, ApplicationState.WITH_COMPANY),
        ("park", True, ApplicationState.WITH_COMPANY),
        ("close", True, ApplicationState.WITH_COMPANY),
        ("leave", True, ApplicationState.WITH_COMPANY),
    ],
)
def test_an_undone_match_leaves_the_others_as_its_yes_does(two, settings, after, free, expected):
    settings.UNDO_SECONDS = 0
    sets(two, after)
    decide(two, two.bakery, "accept")
    unmatch(two, match(two), free=free)
    assert state_of(two.garage) == expected
    bakery = ApplicationState.WITHDRAWN if free else ApplicationState.ACCEPTED
    assert state_of(two.bakery) == bakery
    assert [m.person_id for m in mails("placement_undone")] == [two.berk.students[1].pk]
    assert len(mails("application_off")) == int(free)


def test_the_school_may_match_on_what_was_closed_and_never_sends_a_draft(two):
    sets(two, "close")
    with use(SYSTEM):
        draft = apply_to(second_place(two), two.berk.students[1], ApplicationState.DRAFT)
        places = {w.pk: Place.objects.get(pk=w.place_id) for w in (two.garage, draft)}
    decide(two, two.bakery, "accept")
    unmatch(two, match(two, 1, places[draft.pk]))
    assert state_of(draft) == ApplicationState.DRAFT
    match(two, 1, places[two.garage.pk])
    assert state_of(two.garage) == ApplicationState.ACCEPTED


def test_a_freed_student_is_out_of_all_yeses(two):
    decide(two, two.bakery, "accept")
    client = client_of(two.berk.coordinator)
    board = reverse("placements:match_accepted", args=[two.berk.group.public_id])
    for choice, shown in (("houdt", True), ("vrij", False)):
        placement = match(two)
        address = reverse("placements:unmatch", args=[placement.public_id])
        assert "Houdt de plek vrij voor deze leerling" in client.get(address).content.decode()
        client.post(address, {"plek": choice}, follow=True)
        text = client.get(board).content.decode().split("<main", 1)[1]
        assert ("Bram" in text) is shown
        if choice == "vrij":
            with use(SYSTEM):
                assert queries.used_places([two.berk.places[0].pk])[two.berk.places[0].pk] == 1


def test_the_job_brings_back_whoever_waits_for_nothing(two):
    decide(two, two.bakery, "accept")
    assert tasks.bring_back_parked() == 0
    with use(SYSTEM):
        Application.objects.filter(pk=two.bakery.pk).update(state="closed", submitted_at=None)
        assert not Placement.objects.filter(student=two.berk.students[1]).exists()
    tasks.bring_back_parked()
    assert state_of(two.garage) == ApplicationState.WITH_COMPANY


def deliver(settings) -> dict[str, list[str]]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    django_mail.outbox = []
    delivery.deliver()
    found: dict[str, list[str]] = {}
    for message in django_mail.outbox:
        text = f"{message.subject} {message.body} {message.alternatives[0][0]}"
        found.setdefault(message.to[0], []).append(text)
    return found


def test_the_mails_say_what_happened_and_never_where_else(two, settings):
    settings.UNDO_SECONDS = 0
    decide(two, two.bakery, "accept")
    sent = deliver(settings)
    (student,) = sent[two.berk.students[1].email]
    assert "Deze sollicitaties staan nu even stil: Garage Noord." in student
    (garage,) = sent[two.noord.contacts[1].email]
    assert "wacht nu op een ander bedrijf" in garage
    assert "Bakkerij" not in garage
    assert "Bram" not in garage
    decide(two, two.bakery, "decline", reason="Toch niet.")
    sent = deliver(settings)
    (student,) = sent[two.berk.students[1].email]
    assert "Hier loopt je sollicitatie weer: Garage Noord." in student
    (garage,) = sent[two.noord.contacts[1].email]
    assert "Nu loopt die weer" in garage
    assert "Bakkerij" not in garage


def test_everybody_sees_that_it_rests(two):
    decide(two, two.bakery, "accept")
    garage = client_of_contact(two.noord.contacts[1])
    inbox = garage.get(reverse("placements:company_inbox")).content.decode()
    assert "Deze leerlingen wachten op een ander bedrijf." in inbox
    assert "Beantwoord" not in garage.get(reverse("web:home")).content.decode()
    address = reverse("placements:application_decide", args=[two.garage.public_id])
    page = garage.get(address).content.decode()
    assert "U hoeft nu niets te doen" in page
    assert 'value="yes"' not in page
    assert 'value="no"' not in page
    assert garage.post(address, {"answer": "yes"}).status_code == 422
    student = client_of(two.berk.logins[1])
    assert "Staat even stil" in student.get(reverse("placements:application_list")).content.decode()
    board = client_of(two.berk.coordinator).get(
        reverse("placements:board"), {"groep": two.berk.group.public_id}
    )
    assert "Geparkeerd" in board.content.decode()
