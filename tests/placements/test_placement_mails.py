"""The mails as they leave: clear by themselves, one link, no student's name to a company."""

import pytest
from django.core import mail as django_mail

from placements import mails, services
from placements.models import Application, Placement
from stage.core.mail import delivery
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.schools.models import SchoolSettings


@pytest.fixture
def outbox(world, settings):
    settings.UNDO_SECONDS = 0  # what leaves is read at once
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return world


def deliver() -> list:
    django_mail.outbox = []
    delivery.deliver()
    return django_mail.outbox


def both_bodies(message) -> str:
    return f"{message.subject} {message.body} {message.alternatives[0][0]}"


def test_the_company_reads_what_is_asked_and_no_name(outbox):
    world = outbox
    with use(school_scope(world.berk.school)):
        mails.application_sent(Application.objects.get(pk=world.berk.applications[1].pk))
    (message,) = deliver()
    text = both_bodies(message)
    assert message.to == [world.noord.contacts[0].email]
    assert "Bakkerij Noord" in text
    assert "ma 11 januari 2027" in text
    assert text.count("/l/") >= 2
    assert "Bram" not in text


def test_a_withdrawn_application_is_not_mailed(outbox):
    world = outbox
    with use(school_scope(world.berk.school)):
        mails.application_sent(Application.objects.get(pk=world.berk.applications[1].pk))
    with use(SYSTEM):
        Application.objects.filter(pk=world.berk.applications[1].pk).update(state="withdrawn")
    assert deliver() == []


def test_the_student_reads_the_answer_with_its_reason(outbox):
    world = outbox
    actor = world.company_actor(world.noord.contacts[0])
    with use(actor.scope):
        services.decline_application(
            Application.objects.get(pk=world.berk.applications[1].pk),
            reason="De dagen passen niet.",
            actor=actor,
        )
    (message,) = deliver()
    assert message.to == [world.berk.students[1].email]
    assert "De dagen passen niet." in both_bodies(message)
    assert "Het bedrijf zegt nee" in message.body


def test_the_brief_tells_when_where_and_who_guides(outbox):
    world = outbox
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        placement = Placement.objects.get(pk=world.berk.placement.pk)
        services.send_briefs([placement], actor=actor)
    messages = deliver()
    assert sorted(m.to[0] for m in messages) == sorted(
        [world.noord.contacts[0].email, world.noord.supervisors[0].email]
    )
    for message in messages:
        assert "08:30 – 15:30" in message.body
        assert "Docent Berk" in message.body
        assert "Aya" not in both_bodies(message)
        assert message.reply_to == [world.berk.teacher.email]


def test_the_placed_student_and_the_company_it_lets_down(outbox):
    world = outbox
    with use(school_scope(world.berk.school)):
        mails.placement_made(Placement.objects.get(pk=world.berk.placement.pk))
        Application.objects.filter(pk=world.berk.applications[1].pk).update(state="closed")
        mails.application_off(Application.objects.get(pk=world.berk.applications[1].pk))
    messages = {m.to[0]: both_bodies(m) for m in deliver()}
    assert "Het is rond" in messages[world.berk.students[0].email]
    assert "weer vrij" in messages[world.noord.contacts[0].email]


def test_every_mail_ends_with_its_school_and_whom_to_call(outbox):
    world = outbox
    with use(SYSTEM):
        SchoolSettings.objects.filter(school=world.berk.school).update(telephone="038-1234567")
    with use(school_scope(world.berk.school)):
        mails.application_sent(Application.objects.get(pk=world.berk.applications[1].pk))
    (message,) = deliver()
    for body in (message.body, message.alternatives[0][0]):
        assert f"de website waarmee {world.berk.school.name} stages regelt" in body
        assert "Vragen? Bel 038-1234567." in body
        assert "Antwoord graag binnen 14 dagen." in body
