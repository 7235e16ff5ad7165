"""Login cards: once, with the birthday, five tries, and one card in two browsers at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stage.core.models import AuditEntry, Membership, User
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.who.policies import NotAllowed
from stage.schools.models import LoginCode, Student
from stage.schools.services import cards
from stage.schools.views.cards_print import card_names
from tests.world import PASSWORD

SAME_ANSWER = "Deze kaart werkt niet met deze verjaardag"


def issue(world, student=None):
    student = student or world.berk.students[0]
    actor = world.actor(world.berk.coordinator)
    with use(school_scope(world.berk.school)):
        return cards.issue_card(student, actor)


def post(client, code, *, day=15, month=1):
    return client.post(
        reverse("web:card_typed"), {"code": code, "day": str(day), "month": str(month)}
    )


def is_in(client) -> bool:
    return client.get(reverse("web:home")).status_code == 200


def test_a_card_lets_its_student_in_for_half_a_year(world):
    client, code = Client(), issue(world)
    page = client.get(reverse("web:card_open", args=[code]))
    assert code in page.content.decode()
    assert not is_in(client)
    response = post(client, code)
    assert response["Location"] == reverse("web:password_choose")
    assert is_in(client)
    assert client.session["membership"] == world.berk.logins[0].pk
    assert client.session.get_expiry_age() > timedelta(days=179).total_seconds()
    assert client.cookies["sessionid"]["max-age"] > timedelta(days=179).total_seconds()


@pytest.mark.parametrize("typed", [str.lower, lambda c: c.replace("-", " "), lambda c: f" {c} "])
def test_a_code_may_be_typed_loosely(world, typed):
    assert post(Client(), typed(issue(world))).status_code == 302


def test_the_first_card_makes_a_log_in_without_a_name(world):
    with use(SYSTEM):
        student = Student.objects.create(
            school=world.berk.school,
            number="9",
            first_name="Nieuw",
            birth_date=world.berk.students[0].birth_date,
        )
    client = Client()
    assert post(client, issue(world, student)).status_code == 302
    with use(SYSTEM):
        membership = Membership.objects.select_related("user").get(student_id=student.pk)
    assert (membership.role, membership.name, membership.user.email) == ("student", "", None)
    assert "nieuw" not in membership.user.username.lower()
    assert is_in(client)


def test_a_card_works_once(world):
    code = issue(world)
    assert post(Client(), code).status_code == 302
    second = Client()
    response = post(second, code)
    assert response.status_code == 422
    assert SAME_ANSWER in response.content.decode()
    assert not is_in(second)


def test_unknown_used_expired_and_wrong_birthday_get_the_same_answer(world):
    used, expired, right = issue(world), None, None
    post(Client(), used)
    expired = issue(world, world.berk.students[1])
    right = issue(world, world.berk.students[2])
    with use(SYSTEM):
        LoginCode.objects.filter(student=world.berk.students[1]).update(
            expires_at=timezone.now() - timedelta(seconds=1)
        )
    answers = set()
    for code, month in (("CDFG-HJKM", 1), (used, 1), (expired, 2), (right, 1)):
        response = post(Client(), code, month=month)
        page = response.content.decode().replace(code, "CODE")
        assert response.status_code == 422
        answers.add(page[page.index("error-summary") : page.index("</form>")].split("<option")[0])
    assert len({a.partition("name=")[0] for a in answers}) == 1


def test_five_wrong_birthdays_stop_a_card_also_for_the_right_one(world):
    code = issue(world)
    for day in range(1, 6):
        assert post(Client(), code, day=day).status_code == 422
    client = Client()
    assert post(client, code).status_code == 422
    assert not is_in(client)
    with use(SYSTEM):
        card = LoginCode.objects.get()
        assert (card.wrong_tries, card.stopped_at is not None, card.used_at) == (5, True, None)
        assert AuditEntry.objects.filter(verb="login_card_stopped").count() == 1


def test_a_student_who_left_gets_no_further(world):
    code = issue(world)
    with use(SYSTEM):
        Student.objects.filter(pk=world.berk.students[0].pk).update(left_on="2026-01-01")
    assert post(Client(), code).status_code == 422


def test_a_new_card_stops_the_old_one_and_ends_the_sessions(world):
    phone, other = Client(), Client()
    post(phone, issue(world))
    post(other, issue(world, world.berk.students[1]), month=2)
    old = issue(world)
    assert not is_in(phone)
    assert is_in(other)
    new = issue(world)
    assert post(Client(), old).status_code == 422
    assert post(phone, new).status_code == 302
    assert is_in(phone)


def test_only_staff_of_the_school_issue_cards(world):
    for actor in (
        world.actor(world.els.coordinator),
        world.actor(world.berk.logins[0]),
        world.company_actor(world.noord.contacts[0]),
    ):
        with use(actor.scope), pytest.raises(NotAllowed):
            cards.issue_card(world.berk.students[0], actor)


def test_cards_for_a_class_take_few_queries_per_student(world, django_assert_max_num_queries):
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope), django_assert_max_num_queries(14):
        issued = cards.issue_cards(world.berk.students, actor)
    assert [s for s, _code in issued] == world.berk.students
    assert len({code for _s, code in issued}) == 3
    with use(SYSTEM):
        kept = set(LoginCode.objects.values_list("digest", flat=True))
    assert kept.isdisjoint({code for _s, code in issued})


def test_guessing_from_one_address_is_slowed_down(world):
    client = Client()
    for _n in range(40):
        post(client, "CDFG-HJKM")
    assert post(client, "CDFG-HJKM").status_code == 429
    assert post(client, issue(world)).status_code == 429


def test_two_browsers_with_one_card_at_once(committed_world):
    code = issue(committed_world)
    start, answers = threading.Barrier(6), []

    def use_card():
        try:
            client = Client()
            start.wait()
            answers.append(post(client, code).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=use_card) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 422, 422, 422, 422, 422]


def test_logging_in_changes_the_session_key(world):
    client = Client()
    client.get(reverse("web:link_open", args=["x-y"]))
    session = client.session
    session["planted"] = 1
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    post(client, issue(world))
    assert client.session.session_key != before
    thief = Client()
    thief.cookies["sessionid"] = before
    assert not is_in(thief)


def choose(client, **data):
    return client.post(reverse("web:password_choose"), data)


def student_in(world) -> Client:
    client = Client()
    post(client, issue(world))
    return client


def test_a_student_chooses_a_password_and_logs_in_with_it(world):
    client = student_in(world)
    response = choose(client, username="Aya.2011", password="drie gekke woorden")
    assert response["Location"] == reverse("web:explanation")
    assert is_in(client)
    other = Client()
    login = reverse("web:student_login")
    wrong = other.post(login, {"username": "aya.2011", "password": "vier gekke woorden"})
    assert wrong.status_code == 422
    assert not is_in(other)
    right = other.post(login, {"username": "AYA.2011", "password": "drie gekke woorden"})
    assert right["Location"] == reverse("web:home")
    assert is_in(other)
    assert other.session.get_expiry_age() > timedelta(days=179).total_seconds()


def test_a_taken_username_and_a_short_password_are_refused(world):
    choose(student_in(world), username="aya.2011", password="drie gekke woorden")
    client = Client()
    post(client, issue(world, world.berk.students[1]), month=2)
    taken = choose(client, username="aya.2011", password="drie gekke woorden")
    assert taken.status_code == 422
    assert "al van iemand anders" in taken.content.decode()
    short = choose(client, username="bram.2011", password="kort")
    assert short.status_code == 422
    strange = choose(client, username="Bram van", password="drie gekke woorden")
    assert strange.status_code == 422
    with use(SYSTEM):
        assert not User.objects.filter(username__startswith="bram").exists()


def test_later_a_new_password_asks_the_old_one(world):
    client = student_in(world)
    choose(client, username="aya.2011", password="drie gekke woorden")
    wrong = choose(client, username="aya.2011", password="heel andere woorden", old="fout")
    assert wrong.status_code == 422
    right = choose(
        client, username="aya.2011", password="heel andere woorden", old="drie gekke woorden"
    )
    assert right["Location"] == reverse("web:home")


def test_staff_cannot_pass_their_second_factor_by_the_students_door(world):
    with use(SYSTEM):
        User.objects.filter(pk=world.berk.coordinator.user_id).update(username="coordinator")
    client = Client()
    response = client.post(
        reverse("web:student_login"), {"username": "coordinator", "password": PASSWORD}
    )
    assert response.status_code == 422
    assert not is_in(client)


def test_guessing_a_students_password_is_slowed_down(world):
    client = student_in(world)
    choose(client, username="aya.2011", password="drie gekke woorden")
    thief, login = Client(), reverse("web:student_login")
    for n in range(10):
        thief.post(login, {"username": "aya.2011", "password": f"gok nummer {n}"})
    right = thief.post(login, {"username": "aya.2011", "password": "drie gekke woorden"})
    assert right.status_code == 429
    assert not is_in(thief)


def test_namesakes_in_a_class_get_an_initial_and_others_do_not(world):
    aya, bram, cem = world.berk.students
    bram.first_name, bram.last_name = "aya", "Müller"
    cem.school_class, cem.first_name = "4A", "Aya"
    assert card_names([aya, bram, cem]) == {aya.pk: "Aya B.", bram.pk: "aya M.", cem.pk: "Aya"}
