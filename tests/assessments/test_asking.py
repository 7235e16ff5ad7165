"""Asking supervisors: when, whom, how often, and what the mail says."""

from datetime import timedelta

import pytest

from assessments import notifications
from assessments.services.asking import ask_for_assessments, step_on
from companies.models import Trust
from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from tests.assessments import things


def ask(world, today=None):
    with use(school_scope(world.berk.school)):
        return ask_for_assessments(world.berk.school, today or school_today())


def mails():
    with use(SYSTEM):
        return list(OutboxMail.objects.order_by("created_at"))


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (-3, "ask"),
        (0, "ask"),
        (2, "ask"),
        (3, "first"),
        (9, "first"),
        (10, "second"),
        (15, "second"),
    ],
)
def test_which_mail_is_due(days, step):
    today = school_today()
    assert step_on(today, today - timedelta(days=days)) == step


def test_nobody_is_asked_earlier_than_three_days_before_the_end(world):
    with use(SYSTEM):
        things.started(world.berk.placement, ends_in=4)
    assert ask(world) == 0
    with use(SYSTEM):
        things.started(world.berk.placement, ends_in=3)
    assert ask(world) == 1


def test_one_mail_for_all_trainees_and_not_again_for_the_same_reason(world):
    with use(SYSTEM):
        things.started(world.berk.placement, ends_in=2)
        things.another_placement(world.berk, 1, world.noord.companies[0])
    assert ask(world) == 1
    assert ask(world) == 0
    today = school_today()
    assert ask(world, today + timedelta(days=1)) == 0
    assert ask(world, today + timedelta(days=5)) == 1
    assert ask(world, today + timedelta(days=6)) == 0
    assert ask(world, today + timedelta(days=12)) == 1
    assert ask(world, today + timedelta(days=30)) == 0
    [first, second, third] = mails()
    assert {m.person_id for m in (first, second, third)} == {world.noord.supervisors[0].pk}
    assert len(first.details["asked"]) == 2


def test_a_second_school_asks_the_same_supervisor_too(world):
    with use(SYSTEM):
        things.started(world.berk.placement, ends_in=2)
        things.started(world.els.placement, ends_in=2)
    for sw in (world.berk, world.els):
        with use(school_scope(sw.school)):
            assert ask_for_assessments(sw.school, school_today()) == 1
            assert ask_for_assessments(sw.school, school_today()) == 0
    assert {(m.school_id, m.person_id) for m in mails()} == {
        (world.berk.school.pk, world.noord.supervisors[0].pk),
        (world.els.school.pk, world.noord.supervisors[0].pk),
    }


def test_who_gave_it_is_not_asked(world):
    with use(SYSTEM):
        things.started(world.berk.placement, ends_in=2)
        things.given(world.berk, world.noord.supervisors[0])
    assert ask(world) == 0


def test_where_the_supervisor_is_not_known_the_contact_is_asked(world):
    with use(SYSTEM):
        things.started(world.berk.placement, ends_in=2)
        Trust.objects.filter(contact=world.noord.supervisors[0]).delete()
    ask(world)
    assert [m.person_id for m in mails()] == [world.noord.contacts[0].pk]


def test_the_mail_names_the_students_and_leads_to_the_form(world):
    with use(SYSTEM):
        things.started(world.berk.placement, ends_in=2)
    ask(world)
    [row] = mails()
    person = mail.Person("contact", row.person_id, "Jo", "jo@bakkerij.test")
    with use(school_scope(world.berk.school)):
        letter = notifications.assessment_asked(row)
        message = mail.letters.write(letter, person, "<x@y>", mail.letters.Sender("Berk"))
    assert "Berk vraagt uw beoordeling" in message.subject
    assert "Aya" in message.body
    assert "/l/" in message.body
    assert message.reply_to == [world.berk.teacher.email]
    with use(SYSTEM):
        things.given(world.berk, world.noord.supervisors[0])
    with use(school_scope(world.berk.school)):
        assert notifications.assessment_asked(row) is None


def test_the_student_s_mail_leads_to_the_assessment(world):
    with use(SYSTEM):
        row = things.given(world.berk, world.noord.supervisors[0])
    about = OutboxMail(event="assessment_given", about_id=row.pk)
    person = mail.Person("student", 1, "Aya", "aya@berk.test")
    with use(school_scope(world.berk.school)):
        letter = notifications.assessment_given(about)
        message = mail.letters.write(letter, person, "<x@y>", mail.letters.Sender("Berk"))
    assert row.public_id in message.body
    assert "Bakkerij Noord" in message.body
