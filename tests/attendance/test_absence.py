"""Ill, later, away and back again: by student, guardian or company, told to the others."""

import pytest
from django.core import mail as sent_mail
from django.urls import reverse

from attendance import services
from attendance.models import Absence
from stage.core.mail import delivery
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict, NotAllowed
from tests.attendance.helpers import FRIDAY, MONDAY, SATURDAY, TUESDAY, at, everything, ill
from tests.clients import client_of, client_of_contact, client_of_guardian

REPORT = reverse("attendance:absence_report")
ILL = {"kind": "ill", "when": "today", "note": "buikgriep"}


def told(event="absence_reported") -> list[tuple]:
    with use(SYSTEM):
        rows = OutboxMail.objects.filter(event=event)
        return sorted(rows.values_list("person_kind", "person_id"))


def test_student_reports_ill_and_school_and_company_hear_it(world):
    with at(MONDAY, "07:30"):
        page = client_of(world.berk.logins[0]).post(REPORT, ILL, follow=True)
    (row,) = everything(Absence)
    assert (row.kind, row.starts, row.ends, row.reported_kind) == ("ill", MONDAY, None, "student")
    assert row.note == ""  # what somebody has is nobody's business
    assert "Gemeld" in page.content.decode()
    assert told() == sorted(
        [
            ("membership", world.berk.teacher.pk),
            ("contact", world.noord.contacts[0].pk),
            ("contact", world.noord.supervisors[0].pk),
        ]
    )


def test_the_mails_say_what_happened_to_each(world):
    with at(MONDAY, "07:30"):
        client_of(world.berk.logins[0]).post(
            REPORT,
            {"kind": "late", "when": "today", "at_time": "10:00", "note": "d'n dokter"},
        )
        delivery.deliver()
        assert sent_mail.outbox == []  # for two minutes it can be undone
    with at(MONDAY, "07:33"):
        delivery.deliver()
    by_address = {m.to[0]: m for m in sent_mail.outbox}
    assert set(by_address) == {
        "docent.berk@voorbeeld.test",
        "contact@bakkerij-noord.test",
        "supervisor@bakkerij-noord.test",
    }
    company = by_address["supervisor@bakkerij-noord.test"].body
    assert "Aya Berk komt ma 11 januari later op de stage: om 10:00" in company
    assert "d'n dokter" in company
    assert "3B" in by_address["docent.berk@voorbeeld.test"].body


def test_tomorrow_can_be_told_today(world):
    with at(MONDAY, "20:00"):
        sent = {"kind": "appointment", "when": "tomorrow", "note": "Tandarts"}
        client_of(world.berk.logins[0]).post(REPORT, sent)
    (row,) = everything(Absence)
    assert (row.starts, row.ends) == (TUESDAY, TUESDAY)


@pytest.mark.parametrize("sent", [{}, {"kind": "x", "when": "today"}, {"kind": "ill"}])
def test_bad_input_answers_422_and_keeps_what_was_typed(world, sent):
    with at(MONDAY):
        response = client_of(world.berk.logins[0]).post(REPORT, {**sent, "note": "blijft staan"})
    assert response.status_code == 422
    assert "blijft staan" in response.content.decode()
    assert everything(Absence) == []


def test_without_a_placement_there_is_nothing_to_report(world):
    with at(MONDAY):
        response = client_of(world.berk.logins[2]).post(REPORT, ILL)
    assert response.status_code == 422
    assert "geen stage" in response.content.decode()


def test_reporting_twice_says_so_and_mails_once(world):
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        client.post(REPORT, ILL)
        again = client.post(REPORT, ILL)
    assert "al gemeld" in again.content.decode()
    assert len(everything(Absence)) == 1
    assert len(told()) == 3


def test_better_and_ill_again_on_the_same_day(world):
    with at(MONDAY, "08:20"):
        client = client_of(world.berk.logins[0])
        client.post(REPORT, ILL)
    with at(MONDAY, "08:25"):
        client.post(reverse("attendance:absence_back"))
        assert everything(Absence)[0].ends == MONDAY
        client.post(REPORT, ILL)
    (row,) = everything(Absence)
    assert (row.ends, row.back_at) == (None, None)


def test_back_closes_with_yesterday_and_tells_everybody(world):
    ill(world.berk.placement, MONDAY)
    with at(FRIDAY, "07:00"):
        page = client_of(world.berk.logins[0]).post(reverse("attendance:absence_back"), follow=True)
    assert "weer beter" in page.content.decode()
    assert everything(Absence)[0].ends.isoformat() == "2027-01-14"
    assert len(told("absence_closed")) == 3


def test_back_without_being_ill_is_no_error(world):
    with at(MONDAY):
        page = client_of(world.berk.logins[0]).post(reverse("attendance:absence_back"), follow=True)
    assert page.status_code == 200
    assert "niet meer als ziek" in page.content.decode()


def test_guardian_reports_its_own_child(world):
    with at(MONDAY, "07:30"):
        client = client_of_guardian(world.berk.guardians[0])
        page = client.post(reverse("attendance:guardian_absence"), ILL, follow=True)
    with at(MONDAY, "07:50"):
        back = client.post(reverse("attendance:guardian_absence"), {"action": "back"})
    (row,) = everything(Absence)
    assert (row.student_id, row.reported_kind) == (world.berk.students[0].pk, "guardian")
    assert "Aya staat op ziek" in page.content.decode()
    assert back.status_code == 302
    assert row.back_at is not None


def test_company_reports_and_only_the_school_hears_it(world):
    address = reverse("attendance:company_absence", args=[world.berk.placement.public_id])
    with at(MONDAY, "09:30"):
        client = client_of_contact(world.noord.supervisors[0])
        assert "Aya Berk is er niet" in client.get(address).content.decode()
        client.post(address, {"kind": "other", "when": "today", "note": "Geen bericht"})
    (row,) = everything(Absence)
    assert (row.kind, row.reported_kind) == ("other", "company")
    assert told() == [("membership", world.berk.teacher.pk)]


def test_without_a_teacher_the_coordinator_hears_it(world):
    with use(SYSTEM):
        type(world.berk.placement).objects.filter(pk=world.berk.placement.pk).update(teacher=None)
    with at(MONDAY):
        client_of(world.berk.logins[0]).post(REPORT, ILL)
    assert ("membership", world.berk.coordinator.pk) in told()


def test_another_company_may_not_report(world):
    actor = world.company_actor(world.noord.contacts[1])
    with at(MONDAY), use(actor.scope), pytest.raises(NotAllowed):
        services.report_absence(world.berk.placement, actor=actor, kind="ill", day=MONDAY)
    assert everything(Absence) == []


def test_days_far_ahead_are_refused(world):
    actor = world.actor(world.berk.logins[0])
    with at(MONDAY), use(actor.scope), pytest.raises(Conflict):
        services.report_absence(world.berk.placement, actor=actor, kind="ill", day=SATURDAY)


def test_a_link_that_was_not_proven_reports_nothing(world):
    from dataclasses import replace

    actor = replace(world.company_actor(world.noord.contacts[0]), proven=False)
    with at(MONDAY), use(actor.scope), pytest.raises(NotAllowed):
        services.report_absence(world.berk.placement, actor=actor, kind="ill", day=MONDAY)
