"""Colleagues: inviting, roles, and leaving with all students handed over in one step."""

import pytest
from django.urls import reverse

from placements.models import Placement
from stage.core.enums import Role
from stage.core.models import AuditEntry, Membership, OutboxMail, User
from stage.core.signals import staff_handed_over
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import NotAllowed
from stage.schools.models import Student
from stage.schools.services import people
from tests.clients import client_of
from tests.races import behind

INVITE = {"name": "Karin Bakker", "email": "K.Bakker@berk.test", "role": "teacher"}


def url(name, *args):
    return reverse(f"schools:{name}", args=args)


def test_an_invitation_makes_a_role_and_one_mail(world):
    client = client_of(world.berk.coordinator)
    assert client.post(url("staff_invite"), INVITE).status_code == 302
    with use(SYSTEM):
        member = Membership.objects.get(email="k.bakker@berk.test")
        (mail,) = OutboxMail.objects.filter(event="staff_invited")
        assert (member.school, member.role) == (world.berk.school, Role.TEACHER)
        assert (mail.person_kind, mail.person_id) == ("membership", member.pk)
        assert not User.objects.get(pk=member.user_id).has_usable_password()
    again = client.post(url("staff_invite"), INVITE)
    assert again.status_code == 422
    assert "heeft deze rol al" in again.content.decode()
    assert "Nog niet geopend" in client.get(url("staff_list")).content.decode()
    client.post(url("staff_resend", member.public_id))
    with use(SYSTEM):
        assert OutboxMail.objects.filter(event="staff_invited").count() == 2


def test_somebody_of_another_school_keeps_one_log_in(world):
    data = {**INVITE, "email": world.els.teacher.email}
    client_of(world.berk.coordinator).post(url("staff_invite"), data)
    with use(SYSTEM):
        users = Membership.objects.filter(email=world.els.teacher.email)
        assert set(users.values_list("user_id", flat=True)) == {world.els.teacher.user_id}
        assert users.count() == 2


def test_a_role_that_does_not_exist_is_refused(world):
    client = client_of(world.berk.coordinator)
    assert client.post(url("staff_invite"), {**INVITE, "role": "operator"}).status_code == 422
    with use(SYSTEM):
        assert not Membership.objects.filter(email="k.bakker@berk.test").exists()


def test_only_the_coordinator_of_the_school_invites(world):
    for who in (world.berk.teacher, world.els.coordinator):
        actor = world.actor(who)
        with use(actor.scope), pytest.raises(NotAllowed):
            people.invite_staff(world.berk.school, **INVITE, actor=actor)


def test_changing_a_role_keeps_a_coordinator(world):
    client = client_of(world.berk.coordinator)
    data = {"name": "Docent Berk", "abbreviation": "DOB", "role": "coordinator"}
    assert client.post(url("staff_edit", world.berk.teacher.public_id), data).status_code == 302
    back = client.post(url("staff_edit", world.berk.teacher.public_id), {**data, "role": "teacher"})
    assert back.status_code == 302
    own = client.post(
        url("staff_edit", world.berk.coordinator.public_id), {**data, "role": "teacher"}
    )
    assert own.status_code == 422
    assert "altijd een stagecoördinator" in own.content.decode()


def test_leaving_hands_over_all_students_in_one_step(world):
    told = []

    def receiver(sender, membership, to, actor, **kwargs):
        told.append((membership.pk, to.pk))
        return Placement.objects.filter(teacher=membership).update(teacher=to)

    staff_handed_over.connect(receiver)
    client = client_of(world.berk.coordinator)
    try:
        page = client.get(url("staff_end", world.berk.teacher.public_id)).content.decode()
        assert "3 leerlingen en 1 stages" in page
        nobody = client.post(url("staff_end", world.berk.teacher.public_id), {"to": ""})
        assert nobody.status_code == 422
        stranger = client.post(
            url("staff_end", world.berk.teacher.public_id), {"to": world.els.teacher.public_id}
        )
        assert stranger.status_code == 422
        done = client.post(
            url("staff_end", world.berk.teacher.public_id), {"to": world.berk.colleague.public_id}
        )
    finally:
        staff_handed_over.disconnect(receiver)
    assert done.status_code == 302
    assert told == [(world.berk.teacher.pk, world.berk.colleague.pk)]
    with use(SYSTEM):
        mentors = Student.objects.filter(school=world.berk.school).values_list("mentor", flat=True)
        assert set(mentors) == {world.berk.colleague.pk}
        assert Placement.objects.get(pk=world.berk.placement.pk).teacher == world.berk.colleague
        assert Membership.objects.get(pk=world.berk.teacher.pk).ended_at is not None
        assert AuditEntry.objects.filter(verb="mentor_changed").count() == 3
        # Els is untouched.
        assert Student.objects.filter(mentor=world.els.teacher).count() == 3
    assert client_of(world.berk.teacher).get(url("student_list")).status_code == 302


def test_two_coordinators_cannot_both_leave(committed_world):
    world = committed_world
    with use(SYSTEM):
        Membership.objects.filter(pk=world.berk.colleague.pk).update(role=Role.COORDINATOR)
    actor = world.actor(world.berk.coordinator)
    first, second = (
        (actor, lambda who, pk=pk: people.end_staff(Membership.objects.get(pk=pk), actor=who))
        for pk in (world.berk.coordinator.pk, world.berk.colleague.pk)
    )
    assert behind(first, second) == "conflict"
    with use(SYSTEM):
        left = Membership.objects.filter(
            school=world.berk.school, role=Role.COORDINATOR, ended_at=None
        )
        assert left.count() == 1
