"""The company says less than was planned or reported: why, who hears it, one answer."""

from datetime import timedelta

import pytest
from django.core import mail as sent_mail
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from attendance import services
from attendance.models import DisputedDay, WeekConfirmation
from stage.core.mail import delivery
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict
from tests.attendance.helpers import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    TUESDAY,
    WEEK,
    at,
    checked_in,
    everything,
    ill,
)
from tests.clients import client_of, client_of_contact, client_of_guardian
from tests.races import behind

DAYS = [MONDAY + timedelta(days=n) for n in range(5)]
FULL = dict.fromkeys(DAYS, 390)
MINE = reverse("attendance:dispute_answer", args=[MONDAY])


def say(world, minutes, why=None):
    actor = world.company_actor(world.noord.supervisors[0])
    reasons = {day: services.Why(*reason) for day, reason in (why or {}).items()}
    with use(actor.scope):
        word = services.Word(world.berk.placement, minutes, why=reasons)
        return services.confirm_weeks(WEEK, [word], actor=actor)


def days_told(world):
    return [(d.date, d.kind, d.withdrawn_at is None) for d in everything(DisputedDay)]


def mails_to_student() -> list[str]:
    delivery.deliver()
    return [m.body for m in sent_mail.outbox if m.to == ["aya@berk.test"]]


def test_who_checked_in_is_not_contradicted_without_a_reason(world):
    checked_in(world.berk.placement, MONDAY)
    with at(FRIDAY, "16:00"):
        with pytest.raises(services.WhyNeeded) as needed:
            say(world, {**FULL, MONDAY: 389})
        assert (needed.value.placement, needed.value.days) == (world.berk.placement, [MONDAY])
        say(world, {**FULL, MONDAY: 389}, {MONDAY: ("early", "Ging om drie uur weg")})
    assert days_told(world) == [(MONDAY, "early", True)]


def test_what_was_planned_is_no_dispute_and_a_day_that_was_reported_neither(world):
    checked_in(world.berk.placement, MONDAY)
    ill(world.berk.placement, TUESDAY, ends=TUESDAY)
    with at(FRIDAY, "16:00"):
        say(world, {**FULL, TUESDAY: 0})
    assert everything(DisputedDay) == []


def test_a_day_nobody_saw_needs_no_reason_but_the_student_hears_it(world):
    with at(FRIDAY, "16:00"):
        say(world, {**FULL, MONDAY: 0, TUESDAY: 240})
        assert mails_to_student() == []
    assert days_told(world) == [(MONDAY, "absent", True), (TUESDAY, "other", True)]
    with at(FRIDAY, "16:03"):
        (body,) = mails_to_student()
    assert "ma 11 januari: was er niet" in body
    assert MINE in body


def test_put_right_within_two_minutes_nobody_hears_of_it(world):
    with at(FRIDAY, "16:00"):
        say(world, {**FULL, MONDAY: 0})
    with at(FRIDAY, "16:01"):
        say(world, FULL)
    assert days_told(world) == [(MONDAY, "absent", False)]
    with at(FRIDAY, "16:05"):
        assert mails_to_student() == []


def test_said_again_within_two_minutes_is_one_mail(world):
    with at(FRIDAY, "16:00"):
        say(world, {**FULL, MONDAY: 0})
    with at(FRIDAY, "16:01"):
        say(world, {**FULL, MONDAY: 0, TUESDAY: 0})
    with at(FRIDAY, "16:05"):
        (body,) = mails_to_student()
    assert "di 12 januari" in body


def test_the_student_answers_once_and_company_reads_it(world):
    with at(FRIDAY, "16:00"):
        say(world, {**FULL, MONDAY: 0}, {MONDAY: ("absent", "Niet gezien")})
    with at(SATURDAY, "10:00"):
        student = client_of(world.berk.logins[0])
        home = student.get("/").content.decode()
        assert "Je bedrijf zegt iets anders over deze dag" in home
        assert "Niet gezien" in home
        assert f'href="{MINE}"' in home
        page = student.get(MINE).content.decode()
        assert "Niet gezien" in page
        assert student.post(MINE, {"words": "  "}).status_code == 422
        answered = student.post(MINE, {"words": "Ik was bij de oven."}, follow=True)
        assert "Ik was bij de oven." in answered.content.decode()
        assert student.post(MINE, {"words": "Nog iets"}).status_code == 422
        assert MINE not in student.get("/").content.decode()
        page = client_of_contact(world.noord.supervisors[0]).get(
            reverse("attendance:week_confirm", args=[WEEK])
        )
        assert "Ik was bij de oven." in page.content.decode()
        assert client_of(world.els.logins[0]).get(MINE).status_code == 404


def test_what_was_said_and_answered_stands_with_the_days(world):
    placement = world.berk.placement
    with at(FRIDAY, "16:00"):
        say(world, {**FULL, MONDAY: 0}, {MONDAY: ("absent", "Niet gezien")})
    folder = reverse("placements:placement_show", args=[placement.public_id])
    hours = f"{reverse('attendance:list')}?stage={placement.public_id}"
    with at(SATURDAY, "10:00"):
        teacher = client_of(world.berk.teacher)
        page = teacher.get(hours).content.decode()
        assert "Niet gezien" in page
        assert "Nog geen antwoord van de leerling." in page
        client_of(world.berk.logins[0]).post(MINE, {"words": "Ik was bij de oven."})
        for url in (hours, folder):
            page = teacher.get(url).content.decode()
            assert "Niet gezien" in page
            assert "Ik was bij de oven." in page
        company = client_of_contact(world.noord.supervisors[0])
        assert "Ik was bij de oven." in company.get(folder).content.decode()
        guardian = client_of_guardian(world.berk.guardians[0]).get(folder)
        assert guardian.status_code == 200
        assert "Ik was bij de oven." not in guardian.content.decode()


def test_the_card_stays_until_it_was_answered_or_taken_back(world):
    with at(FRIDAY, "16:00"):
        say(world, {**FULL, MONDAY: 0})
    with at(SATURDAY, "10:00"):
        student = client_of(world.berk.logins[0])
        student.get(MINE)
        assert MINE in student.get("/").content.decode()
        say(world, FULL)
        assert MINE not in student.get("/").content.decode()
        say(world, {**FULL, MONDAY: 0})
        assert MINE in student.get("/").content.decode()
        student.post(MINE, {"agrees": "1"})
        assert MINE not in student.get("/").content.decode()
        assert "Het klopt zo." in student.get(MINE).content.decode()


TODO = "Bespreek een dag waarover bedrijf en leerling verschillen"
LIST = reverse("attendance:dispute_list")


def teacher_sees(world) -> bool:
    client = client_of(world.berk.teacher)
    on_home = TODO in client.get("/").content.decode()
    assert (MONDAY.strftime("%Y-%m-%d") in client.get(LIST).content.decode()) == on_home
    return on_home


def test_the_teacher_is_led_to_the_day_until_it_is_settled(world):
    placement = world.berk.placement
    settle = reverse("attendance:dispute_settle", args=[placement.public_id, MONDAY])
    unsettle = reverse("attendance:dispute_unsettle", args=[placement.public_id, MONDAY])
    with at(FRIDAY, "16:00"):
        assert not teacher_sees(world)
        say(world, {**FULL, MONDAY: 0}, {MONDAY: ("absent", "Niet gezien")})
        assert teacher_sees(world)
        client_of(world.berk.logins[0]).post(MINE, {"words": "Ik was bij de oven."})
        teacher = client_of(world.berk.teacher)
        page = teacher.get(LIST).content.decode()
        for words in ("Aya Berk, ma 11 januari", "Niet gezien", "Ik was bij de oven."):
            assert words in page
        assert f"?stage={placement.public_id}" in page
        assert "Aya Berk" not in client_of(world.els.teacher).get(LIST).content.decode()
        done = teacher.post(settle, follow=True).content.decode()
        assert unsettle in done
        assert not teacher_sees(world)
        assert "al afgehandeld" in teacher.post(settle, follow=True).content.decode()
        teacher.post(unsettle)
        assert teacher_sees(world)
        teacher.post(settle)
    (row,) = everything(DisputedDay)
    assert row.settled_by_id == world.berk.teacher.pk


def test_who_agrees_leaves_nothing_to_the_teacher(world):
    with at(FRIDAY, "16:00"):
        say(world, {**FULL, MONDAY: 0})
        client_of(world.berk.logins[0]).post(MINE, {"agrees": "1"})
        assert not teacher_sees(world)


def test_two_answers_at_once_are_one(committed_world):
    world = committed_world
    with at(FRIDAY, "16:00"):
        say(world, {**FULL, MONDAY: 0})
        with use(SYSTEM):
            dispute = DisputedDay.objects.select_related("placement").get()
        student = world.actor(world.berk.logins[0])

        def answer(words):
            return lambda actor: services.answer_dispute(dispute, actor=actor, words=words)

        assert behind((student, answer("Eerst")), (student, answer("Dan"))) == "conflict"
    assert [d.answer for d in everything(DisputedDay)] == ["Eerst"]


def test_a_guardian_and_a_second_time_stop_at_the_wall(world):
    with at(FRIDAY, "16:00"):
        say(world, {**FULL, MONDAY: 0})
        guardian = world.guardian_actor(world.berk.guardians[0], world.noord.region)
        rows = {"answer": "Namens mijn kind", "answered_at": timezone.now()}
        with use(guardian.scope):
            assert DisputedDay.objects.update(**rows) == 0
        student = world.actor(world.berk.logins[0])
        with use(student.scope):
            assert DisputedDay.objects.update(**rows) == 1
            assert DisputedDay.objects.update(**rows) == 0
        with use(student.scope), pytest.raises(DatabaseError), transaction.atomic():
            DisputedDay.objects.update(kind="ill")


def test_an_answer_to_what_the_company_took_back_is_refused(world):
    with at(FRIDAY, "16:00"):
        say(world, {**FULL, MONDAY: 0})
        with use(SYSTEM):
            dispute = DisputedDay.objects.select_related("placement").get()
        say(world, FULL)
        actor = world.actor(world.berk.logins[0])
        with use(actor.scope), pytest.raises(Conflict):
            services.answer_dispute(dispute, actor=actor, words="Ik was er")
    assert len(everything(WeekConfirmation)) == 1


def test_who_said_it_may_be_somebody_the_student_does_not_see(world):
    with at(FRIDAY, "16:00"):
        say(world, {**FULL, MONDAY: 0}, {MONDAY: ("absent", "Niet gezien")})
    with use(SYSTEM):
        # The contact person, who answers for the supervisor; or the supervisor of last week.
        DisputedDay.objects.update(by=world.noord.contacts[0])
    with at(SATURDAY, "10:00"):
        page = client_of(world.berk.logins[0]).get(MINE)
    assert "Niet gezien" in page.content.decode()
