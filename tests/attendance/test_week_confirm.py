"""The supervisor's week: all trainees, one button, again and again the same."""

import threading
from datetime import date

import pytest
from django.core import mail as sent_mail
from django.db import connections
from django.urls import reverse

from attendance import services, tasks
from attendance.days import parse_week
from attendance.models import CheckIn, DayReport, WeekConfirmation
from attendance.queries.letters import to_ask
from attendance.queries.weeks import company_week
from companies.models import Company, Contact
from stage.core.mail import delivery
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.ui.dates import day_words
from stage.core.who.actors import job_at
from stage.core.who.policies import Conflict, NotAllowed
from tests.attendance.helpers import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    WEEK,
    another_placement,
    at,
    checked_in,
    everything,
    ill,
    reported,
    said,
)
from tests.clients import client_of_contact
from tests.world import trust

PAGE = reverse("attendance:week_confirm", args=[WEEK])
DAYS = [date(2027, 1, n) for n in range(11, 16)]


def ticks(placement, days, *, hours="6,5", seen="0", remark="") -> dict:
    pid = placement.public_id
    return {
        f"seen-{pid}": seen,
        f"remark-{pid}": remark,
        **{f"hours-{pid}-{d}": hours for d in DAYS},
        **{f"there-{pid}-{d}": "on" for d in days},
    }


def test_shows_days_hours_and_reports_of_own_trainees(world):
    checked_in(world.berk.placement, MONDAY, "08:02")
    ill(world.berk.placement, TUESDAY, ends=TUESDAY)
    reported(world.berk.placement, MONDAY, "Croissants gerold")
    with at(FRIDAY, "14:30"):
        page = client_of_contact(world.noord.supervisors[0]).get(PAGE).content.decode()
    for words in ("Aya Berk", "Aya Els", "Croissants gerold", "binnen om 08:02", 'value="6,5"'):
        assert words in page
    assert "Cem" not in page


def test_one_button_confirms_everybody(world):
    checked_in(world.berk.placement, MONDAY)
    sent = ticks(world.berk.placement, DAYS[:3], remark="Prima week") | ticks(
        world.els.placement, DAYS, hours="7"
    )
    with at(FRIDAY, "14:30"):
        page = client_of_contact(world.noord.supervisors[0]).post(PAGE, sent, follow=True)
    assert "De week is bevestigd" in page.content.decode()
    berk, els = everything(WeekConfirmation)
    assert list(said(world.berk.placement).values()) == [390, 390, 390, 0, 0]
    assert (berk.remark, els.remark) == ("Prima week", "")
    assert said(world.els.placement) == dict.fromkeys(DAYS, 420)
    assert len(everything(CheckIn)) == 1  # scanning is the student's own


def test_the_same_again_changes_nothing_and_a_correction_does(world):
    with at(FRIDAY, "14:30"):
        client = client_of_contact(world.noord.supervisors[0])
        client.post(PAGE, ticks(world.berk.placement, DAYS))
        (first,) = everything(WeekConfirmation)
    with at(date(2027, 1, 16)):
        client = client_of_contact(world.noord.supervisors[0])
        client.post(PAGE, ticks(world.berk.placement, DAYS))
        assert everything(WeekConfirmation)[0].confirmed_at == first.confirmed_at
        client.post(PAGE, ticks(world.berk.placement, DAYS[:4]))
    (row,) = everything(WeekConfirmation)
    assert said(world.berk.placement)[FRIDAY] == 0
    assert row.confirmed_at > first.confirmed_at


def test_after_two_weeks_it_is_closed(world):
    with at(FRIDAY, "14:30"):
        client_of_contact(world.noord.supervisors[0]).post(PAGE, ticks(world.berk.placement, DAYS))
    with at(date(2027, 2, 1)):
        client = client_of_contact(world.noord.supervisors[0])
        response = client.post(PAGE, ticks(world.berk.placement, []))
    assert response.status_code == 422
    assert "afgesloten" in response.content.decode()
    assert said(world.berk.placement)[MONDAY] == 390


def test_days_to_come_are_not_confirmed_and_keep_the_week_open(world):
    with at(TUESDAY, "16:00"):
        client = client_of_contact(world.noord.supervisors[0])
        client.post(PAGE, ticks(world.berk.placement, DAYS))
    assert list(said(world.berk.placement)) == [MONDAY, TUESDAY]
    with at(FRIDAY, "16:00"):
        actor = world.company_actor(world.noord.supervisors[0])
        with use(actor.scope):
            weeks = company_week(actor, WEEK)
        assert [w.is_confirmed for w in weeks] == [False, False]


def test_a_week_to_come_does_not_exist_yet(world):
    with at(date(2027, 1, 8)):
        assert client_of_contact(world.noord.supervisors[0]).get(PAGE).status_code == 404


@pytest.mark.parametrize("hours", ["", "veel", "-1", "99", "NaN", "1e9"])
def test_bad_hours_answer_422_and_stay_on_the_page(world, hours):
    with at(FRIDAY, "14:30"):
        client = client_of_contact(world.noord.supervisors[0])
        sent = ticks(world.berk.placement, DAYS, hours=hours, remark="blijft staan")
        response = client.post(PAGE, sent)
    assert response.status_code == 422
    assert "blijft staan" in response.content.decode()
    assert everything(WeekConfirmation) == []


def test_a_report_that_changed_meanwhile_is_read_first(world):
    with at(FRIDAY, "14:30"):
        client = client_of_contact(world.noord.supervisors[0])
        client.get(PAGE)
        reported(world.berk.placement, MONDAY, "Net geschreven")
        response = client.post(PAGE, ticks(world.berk.placement, DAYS, seen="0"))
    assert response.status_code == 422
    assert "net veranderd" in response.content.decode()
    assert "Net geschreven" in response.content.decode()
    assert everything(WeekConfirmation) == []


def test_confirming_while_the_student_writes_lets_one_of_them_win(committed_world):
    world = committed_world
    student, boss = (
        world.actor(world.berk.logins[0]),
        world.company_actor(world.noord.supervisors[0]),
    )
    results, barrier = [], threading.Barrier(2)

    def run(name, actor, work):
        try:
            barrier.wait()
            with use(actor.scope):
                work()
            results.append(name)
        except Conflict:
            results.append(f"{name} refused")
        finally:
            connections.close_all()

    def write():
        services.write_report(
            world.berk.placement, actor=student, day=MONDAY, text="Laat geschreven"
        )

    def confirm():
        word = services.Word(world.berk.placement, dict.fromkeys(DAYS, 390), seen="0")
        services.confirm_weeks(WEEK, [word], actor=boss)

    with at(FRIDAY, "14:30"):
        threads = [
            threading.Thread(target=run, args=("write", student, write)),
            threading.Thread(target=run, args=("confirm", boss, confirm)),
        ]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
    assert sorted(results) in (["confirm", "write refused"], ["confirm refused", "write"])
    assert len(everything(DayReport)) + len(everything(WeekConfirmation)) == 1


def test_where_the_supervisor_ticks_the_ticks_are_the_check_ins(world):
    with use(SYSTEM):
        Company.objects.filter(pk=world.noord.companies[0].pk).update(attendance_mode="supervisor")
    checked_in(world.berk.placement, MONDAY, "08:00")
    with at(FRIDAY, "14:30"):
        client = client_of_contact(world.noord.supervisors[0])
        client.post(PAGE, ticks(world.berk.placement, DAYS[:3]))
        assert [(c.date, c.method) for c in everything(CheckIn)] == [
            (DAYS[0], "poster"),
            (DAYS[1], "supervisor"),
            (DAYS[2], "supervisor"),
        ]
        why = {f"why-{world.berk.placement.public_id}-{MONDAY}": "absent"}  # who scanned that day
        client.post(PAGE, ticks(world.berk.placement, DAYS[1:2]) | why)
    assert [(c.date, c.method) for c in everything(CheckIn)] == [
        (DAYS[0], "poster"),
        (DAYS[1], "supervisor"),
    ]


def test_supervisor_ticks_today(world):
    address = reverse("attendance:company_present", args=[world.berk.placement.public_id])
    with at(MONDAY, "09:00"):
        client = client_of_contact(world.noord.supervisors[0])
        page = client.post(address, follow=True).content.decode()
        client.post(address)
    assert "Aya Berk is er." in page
    assert [(c.date, c.method) for c in everything(CheckIn)] == [(MONDAY, "supervisor")]


def test_another_supervisor_of_the_company_confirms_nothing(world):
    with use(SYSTEM):
        other = Contact.objects.create(
            region=world.noord.region,
            company=world.noord.companies[0],
            name="Ander",
            email="ander@bakkerij-noord.test",
            roles=["supervisor"],
        )
        trust(world.berk, other)
    with at(FRIDAY, "14:30"):
        client = client_of_contact(other)
        page = client.get(PAGE)
        client.post(PAGE, ticks(world.berk.placement, DAYS))
        absence = reverse("attendance:company_absence", args=[world.berk.placement.public_id])
        assert client.get(absence).status_code == 404
    assert "Aya" not in page.content.decode()
    assert everything(WeekConfirmation) == []


def test_another_company_sees_and_confirms_nothing(world):
    reported(world.berk.placement, MONDAY, "Croissants gerold")
    with at(FRIDAY, "14:30"):
        client = client_of_contact(world.noord.contacts[1])
        page = client.post(PAGE, ticks(world.berk.placement, DAYS), follow=True)
    assert "Croissants" not in page.content.decode()
    assert everything(WeekConfirmation) == []
    actor = world.company_actor(world.noord.contacts[1])
    word = services.Word(world.berk.placement, {MONDAY: 390})
    with at(FRIDAY), use(actor.scope), pytest.raises(NotAllowed):
        services.confirm_weeks(WEEK, [word], actor=actor)


def week_mails() -> list[int]:
    with use(SYSTEM):
        rows = OutboxMail.objects.filter(event="week_to_confirm")
        return sorted(rows.values_list("person_id", flat=True))


def test_friday_afternoon_asks_every_supervisor_once(world):
    with at(FRIDAY, "13:59"):
        tasks.ask_for_weeks()
        assert week_mails() == []
    with at(FRIDAY, "14:01"):
        tasks.ask_for_weeks()
        tasks.ask_for_weeks()
        north, south = world.noord.supervisors[0].pk, world.zuid.supervisors[0].pk
        assert week_mails() == sorted([north, north, south])  # two schools ask the bakery
        delivery.deliver()
        until = day_words(services.change_until(WEEK))
    letter, other = [m for m in sent_mail.outbox if m.to == ["supervisor@bakkerij-noord.test"]]
    if "Aya Els" in letter.body:
        letter, other = other, letter
    assert "Aya Els" in other.body
    assert "Aya Berk" not in other.body
    assert "Aya Berk" in letter.body
    assert "Aya Els" not in letter.body
    assert "/l/" in letter.body
    assert f"Doe dit graag uiterlijk {until}." in letter.body


def test_who_confirmed_before_is_not_asked(world):
    with at(FRIDAY, "13:00"):
        client_of_contact(world.noord.supervisors[0]).post(
            PAGE, ticks(world.berk.placement, DAYS) | ticks(world.els.placement, DAYS)
        )
    with at(FRIDAY, "14:01"):
        tasks.ask_for_weeks()
    assert week_mails() == [world.zuid.supervisors[0].pk]


def test_the_mail_says_how_many_are_left(world):
    other = another_placement(world.berk, world.noord, 1)
    with at(FRIDAY, "14:01"):
        tasks.ask_for_weeks()
        client = client_of_contact(world.noord.supervisors[0])
        client.post(PAGE, ticks(other, DAYS))
        delivery.deliver()
    letter = next(m for m in sent_mail.outbox if "Aya Berk" in m.body)
    assert "Nog 1 van 2:" in letter.body
    assert "Nog 1 van 2:" in letter.alternatives[0].content
    assert "Bram" not in letter.body
    assert "(ma 11 januari t/m zo 17 januari)" in letter.body
    whole = next(m for m in sent_mail.outbox if "Aya Els" in m.body)
    assert "van 1:" not in whole.body


def test_page_costs_the_same_for_more_trainees(world, django_assert_max_num_queries):
    with at(FRIDAY, "14:30"):
        client = client_of_contact(world.noord.supervisors[0])
        client.get(PAGE)
        with django_assert_max_num_queries(40) as few:
            client.get(PAGE)
        another_placement(world.berk, world.noord, 1)
        another_placement(world.berk, world.noord, 2)
        with django_assert_max_num_queries(len(few)):
            client.get(PAGE)


def test_a_letter_looks_at_its_readers_own_trainees_only(world):
    bakery, garage = (s.pk for s in world.noord.supervisors)
    with at(FRIDAY, "14:30"), use(school_scope(world.berk.school)):
        span, actor = parse_week(WEEK), job_at(world.berk.school)
        everybody = to_ask(actor, WEEK, span)
        assert set(everybody) >= {bakery}
        own = to_ask(actor, WEEK, span, contact=bakery)
        assert own == {bakery: everybody[bakery]}
        assert bakery not in to_ask(actor, WEEK, span, contact=garage)
