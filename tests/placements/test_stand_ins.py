"""Somebody stands in for a colleague: sees, does and is mailed what the colleague is, a while."""

from datetime import date

import pytest
from django.core import mail as django_mail
from django.urls import reverse

from assessments.queries import missing_marks
from attendance import services as attendance
from placements import policies
from placements.models import Placement
from placements.teachers import answers_to, guide_of, mailed
from stage.core.enums import MailState
from stage.core.models import Membership, OutboxMail
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.who.policies import Conflict
from stage.schools.models import Guides, StandIn, Student
from stage.schools.services import people, stand_ins, students
from tests.attendance.helpers import another_placement, at
from tests.clients import client_of, client_of_contact, client_of_guardian
from tests.notices import deliver_all
from tests.placements.changes import change, in_state
from tests.placements.taking_back import sent
from tests.races import at_once

TUESDAY, FRIDAY, SATURDAY = date(2027, 1, 12), date(2027, 1, 15), date(2027, 1, 16)


@pytest.fixture(autouse=True)
def on_tuesday(before_the_period):
    with at(TUESDAY, "10:00"):
        yield


@pytest.fixture
def ill(world):
    """The teacher is away from Tuesday until Friday; the colleague stands in for all students."""
    return begin(world)


def begin(world, absent=None, to=None, *, starts=TUESDAY, until=FRIDAY, chosen=None) -> StandIn:
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        rows = None if chosen is None else list(Student.objects.filter(pk__in=chosen))
        return stand_ins.begin(
            Membership.objects.get(pk=(absent or world.berk.teacher).pk),
            to=Membership.objects.get(pk=(to or world.berk.colleague).pk),
            starts=starts,
            until=until,
            students=rows,
            actor=actor,
        )


def as_coordinator(world, act):
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        return act(actor)


def of(row, world):
    with use(SYSTEM):
        return StandIn.objects.select_related("absent", "stand_in").get(pk=row.pk)


def may(world, membership, placement=None) -> tuple[bool, bool]:
    """Whether this member of staff finds the placement, and leads it."""
    placement = placement or world.berk.placement
    actor = world.actor(membership)
    with use(actor.scope):
        found = Placement.objects.visible_to(actor).filter(pk=placement.pk).first()
        row = Placement.objects.get(pk=placement.pk)
        return found is not None, bool(policies.leads(actor, row))


def mailed_now(world, placement=None) -> list[int]:
    with use(school_scope(world.berk.school)):
        row = Placement.objects.select_related("teacher").get(
            pk=(placement or world.berk.placement).pk
        )
        return [m.pk for m in mailed(row)]


def test_who_stands_in_does_what_the_teacher_does_until_the_last_day_at_midnight(world):
    colleague = world.berk.colleague
    assert may(world, colleague) == (False, False)
    begin(world, starts=date(2027, 1, 13))
    assert may(world, colleague) == (False, False)
    for day, clock, expected in (
        (date(2027, 1, 13), "00:00", True),
        (FRIDAY, "23:59", True),
        (SATURDAY, "00:00", False),
    ):
        with at(day, clock):
            assert may(world, colleague) == (expected, expected), day
            assert (colleague.pk in mailed_now(world)) is expected
    assert may(world, world.berk.teacher) == (True, True)


def test_marks_and_work_of_the_teacher_wait_for_who_stands_in(world, ill):
    with use(SYSTEM):
        placement = in_state(world.berk.placement, "finished")
        Placement.objects.filter(pk=placement.pk).update(ends=date(2027, 1, 11))
    actor = world.actor(world.berk.colleague)
    with use(actor.scope):
        assert list(missing_marks(actor)) == [placement]
    with at(SATURDAY, "10:00"), use(actor.scope):
        assert list(missing_marks(world.actor(world.berk.colleague))) == []


def test_a_mentor_who_is_replaced_gives_no_mark_on_another_teachers_placement(world):
    """The part is the absent one's, no more: who stands in for a mentor reads along."""
    with use(SYSTEM):
        Student.objects.filter(pk=world.berk.students[0].pk).update(mentor=world.berk.coordinator)
    begin(world, absent=world.berk.coordinator)
    assert may(world, world.berk.colleague) == (True, False)


def test_the_news_that_somebody_is_ill_reaches_both(world, ill):
    actor = world.company_actor(world.noord.supervisors[0])
    with use(actor.scope):
        placement = Placement.objects.get(pk=world.berk.placement.pk)
        attendance.report_absence(placement, actor=actor, kind="ill", day=TUESDAY)
    with use(SYSTEM):
        rows = OutboxMail.objects.filter(event="absence_reported", person_kind="membership")
        told = set(rows.values_list("person_id", flat=True))
    assert told == {world.berk.teacher.pk, world.berk.colleague.pk}


def test_a_change_is_told_to_both_and_answered_to_who_is_there(world, ill, settings):
    running = in_state(world.berk.placement, "running")
    change(world, running, "pause", from_on=date(2027, 1, 18), until_on=date(2027, 1, 18))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    django_mail.outbox = []
    with at(TUESDAY, "10:05"):
        deliver_all()
    by = {m.to[0]: m for m in django_mail.outbox}
    assert {world.berk.teacher.email, world.berk.colleague.email} <= set(by)
    assert by[world.noord.contacts[0].email].reply_to == [world.berk.colleague.email]
    with at(SATURDAY, "10:00"), use(school_scope(world.berk.school)):
        row = Placement.objects.select_related("teacher").get(pk=running.pk)
        assert answers_to(row) == world.berk.teacher.email


def test_pages_of_student_family_and_company_name_who_to_call(world, ill):
    with use(SYSTEM):
        Membership.objects.filter(pk=world.berk.colleague.pk).update(telephone="06 87654321")
    url = reverse("placements:placement_show", args=[world.berk.placement.public_id])
    clients = (
        client_of(world.berk.logins[0]),
        client_of_guardian(world.berk.guardians[0]),
        client_of_contact(world.noord.supervisors[0]),
    )
    for client in clients:
        page = client.get(url).content.decode()
        assert f"{world.berk.teacher.name} is er niet t/m vr 15 januari" in page
        assert "Bel Collega, 06 87654321" in page
        assert 'href="tel:0687654321"' in page
    with at(SATURDAY, "09:00"):
        page = client_of(world.berk.logins[0]).get(url).content.decode()
        assert "is er niet t/m" not in page


def test_the_home_of_who_stands_in_shows_the_students(world, ill):
    page = client_of(world.berk.colleague).get(reverse("web:home")).content.decode()
    assert f"Je vervangt {world.berk.teacher.name} t/m vr 15 januari" in page
    assert "Aya Berk" in page
    with at(SATURDAY, "09:00"):
        page = client_of(world.berk.colleague).get(reverse("web:home")).content.decode()
        assert "Je vervangt" not in page
        assert "Aya Berk" not in page


def test_only_the_chosen_students_go_along(world):
    first, second = world.berk.students[:2]
    other = another_placement(world.berk, world.noord, 1)
    begin(world, chosen=[second.pk])
    assert may(world, world.berk.colleague) == (False, False)
    assert may(world, world.berk.colleague, other) == (True, True)
    with use(SYSTEM):
        rows = Guides.objects.filter(kind="stand_in").values_list("student_id", flat=True)
        assert set(rows) == {second.pk} != {first.pk}


def test_who_comes_later_goes_along_too(world):
    with use(SYSTEM):
        Student.objects.filter(school=world.berk.school).update(mentor=None)
    begin(world)
    new = another_placement(world.berk, world.noord, 2)
    assert may(world, world.berk.colleague, new) == (True, True)
    with use(SYSTEM):
        student = Student.objects.get(pk=world.berk.students[1].pk)
    as_coordinator(
        world,
        lambda actor: students.change_student(
            student, values={"mentor": world.berk.teacher}, actor=actor
        ),
    )
    actor = world.actor(world.berk.colleague)
    with use(actor.scope):
        assert Student.objects.visible_to(actor).filter(pk=student.pk).exists()


def test_who_stands_in_falls_ill_and_the_next_takes_both_parts(world):
    begin(world)
    begin(world, absent=world.berk.colleague, to=world.berk.coordinator, until=date(2027, 1, 13))
    with use(SYSTEM):
        rows = Guides.objects.filter(kind="stand_in", who=world.berk.coordinator)
        found = {(r.student_id, r.instead_of_id, r.until) for r in rows}
    assert found == {(s.pk, world.berk.teacher.pk, date(2027, 1, 13)) for s in world.berk.students}
    assert world.berk.coordinator.pk in mailed_now(world)
    with use(SYSTEM):
        placement = Placement.objects.select_related("teacher").get(pk=world.berk.placement.pk)
        assert guide_of(placement).instead_of == world.berk.teacher.name


def test_it_is_prolonged_and_told_again_with_the_new_day(world, ill, settings):
    with at(TUESDAY, "10:05"):
        as_coordinator(
            world,
            lambda actor: stand_ins.prolong(of(ill, world), until=date(2027, 1, 22), actor=actor),
        )
        mails = sent(settings)
    # The first one waited and never left: one mail to each, with the right day.
    told = [world.berk.colleague.email, world.berk.students[0].email]
    assert sorted(to for to, _text in mails) == sorted(told)
    assert all("22 januari" in text for _to, text in mails)
    with at(date(2027, 1, 22), "12:00"):
        assert may(world, world.berk.colleague) == (True, True)


def test_back_earlier_ends_it_at_once(world, ill, settings):
    sent(settings)
    client = client_of(world.berk.coordinator)
    page = client.get(reverse("schools:staff_edit", args=[world.berk.teacher.public_id]))
    url = reverse("schools:stand_in_end", args=[ill.public_id])
    assert url in page.content.decode()
    with at(TUESDAY, "10:10"):
        done = client.post(url, follow=True).content.decode()
        assert "begeleidt weer zelf" in done
        assert may(world, world.berk.colleague) == (False, False)
        told = [world.berk.colleague.email, world.berk.students[0].email]
        assert sorted(to for to, _text in sent(settings)) == sorted(told)
        assert "was al voorbij" in client.post(url, follow=True).content.decode()


def test_pressed_by_mistake_nobody_is_mailed(world, settings):
    client = client_of(world.berk.coordinator)
    data = {
        "to": world.berk.colleague.public_id,
        "starts": TUESDAY,
        "until": FRIDAY,
        "whom": "all",
    }
    url = reverse("schools:stand_in_begin", args=[world.berk.teacher.public_id])
    assert client.get(url).status_code == 200
    page = client.post(url, data, follow=True).content.decode()
    with use(SYSTEM):
        row = StandIn.objects.get()
    undo = reverse("schools:stand_in_end", args=[row.public_id])
    assert f'action="{undo}"' in page
    assert "heeft geen bericht gekregen" in client.post(undo, follow=True).content.decode()
    assert sent(settings) == []
    assert may(world, world.berk.colleague) == (False, False)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"to": ""}, "Kies een collega."),
        ({"until": "2027-01-11"}, "De laatste dag ligt voor de eerste."),
        ({"starts": "2027-01-11"}, "Kies vandaag of een dag die nog komt."),
        ({"until": "2029-01-11"}, "ten hoogste een jaar"),
        ({"whom": "new"}, "Kies minstens een leerling."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(world, changed, words):
    client = client_of(world.berk.coordinator)
    data = {
        "to": world.berk.colleague.public_id,
        "starts": "2027-01-12",
        "until": "2027-01-15",
        "whom": "all",
        **changed,
    }
    url = reverse("schools:stand_in_begin", args=[world.berk.teacher.public_id])
    page = client.post(url, data)
    assert page.status_code == 422
    assert words in page.content.decode()
    with use(SYSTEM):
        assert not StandIn.objects.exists()


def test_who_is_away_stands_in_for_nobody_and_none_is_replaced_twice(world, ill):
    with pytest.raises(Conflict, match="zelf niet op school"):
        begin(world, absent=world.berk.coordinator, to=world.berk.teacher)
    with pytest.raises(Conflict, match="vervangt al"):
        begin(world, to=world.berk.coordinator, starts=FRIDAY, until=date(2027, 1, 20))
    begin(world, to=world.berk.coordinator, starts=SATURDAY, until=date(2027, 1, 20))


def test_a_colleague_of_another_school_is_nobody_here(world):
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope), pytest.raises(Conflict, match="op school werkt"):
        stand_ins.begin(
            world.berk.teacher, to=world.els.teacher, starts=TUESDAY, until=FRIDAY, actor=actor
        )


def test_who_leaves_hands_the_part_over_and_the_page_says_so(world, ill, settings):
    sent(settings)
    client = client_of(world.berk.coordinator)
    url = reverse("schools:staff_end", args=[world.berk.colleague.public_id])
    page = client.get(url).content.decode()
    assert f"Vervangt {world.berk.teacher.name} tot en met vr 15 januari" in page
    as_coordinator(
        world,
        lambda actor: people.end_staff(
            Membership.objects.get(pk=world.berk.colleague.pk),
            to=Membership.objects.get(pk=world.berk.coordinator.pk),
            actor=actor,
        ),
    )
    assert world.berk.coordinator.pk in mailed_now(world)
    told = [world.berk.coordinator.email, world.berk.students[0].email]
    assert sorted(to for to, _text in sent(settings)) == sorted(told)


def test_who_is_replaced_leaves_for_good_and_nobody_stands_in_any_more(world, ill):
    as_coordinator(
        world,
        lambda actor: people.end_staff(
            Membership.objects.get(pk=world.berk.teacher.pk),
            to=Membership.objects.get(pk=world.berk.coordinator.pk),
            actor=actor,
        ),
    )
    assert may(world, world.berk.colleague) == (False, False)
    with use(SYSTEM):
        assert not Guides.objects.filter(kind="stand_in").exists()
        assert StandIn.objects.get().ended_at is not None
        waiting = OutboxMail.objects.filter(state=MailState.QUEUED, event="stand_in_began")
        assert waiting.count() == 1  # its letter finds that it is not needed


def test_a_teacher_lets_nobody_be_replaced(world, ill):
    client = client_of(world.berk.colleague)
    for name, code in (
        ("stand_in_begin", world.berk.teacher.public_id),
        ("stand_in_end", ill.public_id),
        ("stand_in_change", ill.public_id),
    ):
        assert client.post(reverse(f"schools:{name}", args=[code])).status_code == 403


def test_another_school_finds_it_not(world, ill):
    client = client_of(world.els.coordinator)
    url = reverse("schools:stand_in_change", args=[ill.public_id])
    assert client.get(url).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_who_choose_at_once_make_one(committed_world):
    world = committed_world
    boss = world.actor(world.berk.coordinator)

    def choose(to):
        def do(actor):
            stand_ins.begin(
                Membership.objects.get(pk=world.berk.teacher.pk),
                to=Membership.objects.get(pk=to.pk),
                starts=TUESDAY,
                until=FRIDAY,
                actor=actor,
            )

        return do

    both = ((boss, choose(world.berk.colleague)), (boss, choose(world.berk.coordinator)))
    assert sorted(at_once(*both, rows=[world.berk.teacher])) == ["conflict", "ok"]
    with use(SYSTEM):
        assert StandIn.objects.count() == 1
        rows = Guides.objects.filter(kind="stand_in")
        assert rows.count() == len(world.berk.students)


def test_one_for_all_fills_what_was_left_and_keeps_what_was_chosen(world):
    other = another_placement(world.berk, world.noord, 1)
    first = world.berk.placement
    client = client_of(world.berk.coordinator)
    data = {"row": [first.public_id, other.public_id]}
    page = client.get(reverse("placements:assign"), data).content.decode()
    assert "Stagebegeleider voor allemaal" in page
    supervisor = first.supervisor_id
    done = client.post(
        reverse("placements:assign"),
        {
            **data,
            "save": "1",
            "all_teacher": world.berk.colleague.pk,
            f"{first.public_id}-teacher": world.berk.teacher.pk,  # as it came
            f"{first.public_id}-supervisor": supervisor,
            f"{other.public_id}-teacher": world.berk.coordinator.pk,  # chosen for this one
            f"{other.public_id}-supervisor": supervisor,
        },
    )
    assert done.status_code == 302
    with use(SYSTEM):
        found = dict(Placement.objects.values_list("pk", "teacher_id"))
    assert found[first.pk] == world.berk.colleague.pk
    assert found[other.pk] == world.berk.coordinator.pk
