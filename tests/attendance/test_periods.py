"""Away for some days: by whom, which days, no overlap, changed and taken back; and who hears it."""

from datetime import date, timedelta

import pytest
from django.core import mail as sent_mail
from django.urls import reverse

from attendance import services
from attendance.models import Absence, AttendanceSettings
from attendance.queries.folder import days_of
from stage.core.mail import delivery
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict
from tests.attendance.helpers import FRIDAY, MONDAY, TUESDAY, at, everything, ill
from tests.clients import client_of, client_of_contact, client_of_guardian
from tests.races import behind

WEDNESDAY, THURSDAY = date(2027, 1, 13), date(2027, 1, 14)
NEXT_MONDAY = date(2027, 1, 18)
REPORT = reverse("attendance:absence_report")


def sent(first=WEDNESDAY, last=THURSDAY, **values) -> dict:
    days = {"from_day": f"{first}", "until_day": f"{last}" if last else ""}
    return {"kind": "other", "when": "period", "note": "Bruiloft", **days, **values}


def spans() -> list[tuple[date, date]]:
    return [(a.starts, a.ends) for a in everything(Absence) if a.withdrawn_at is None]


def report(world, first, last, kind="other"):
    actor = world.actor(world.berk.logins[0])
    with use(actor.scope):
        return services.report_absence(
            world.berk.placement, actor=actor, kind=kind, day=first, until=last
        )


def recipients() -> list[str]:
    delivery.deliver()
    found = sorted(to for message in sent_mail.outbox for to in message.to)
    sent_mail.outbox.clear()
    return found


def test_a_student_is_away_for_days_to_come_and_every_screen_knows(world):
    with at(MONDAY, "10:00"):
        client = client_of(world.berk.logins[0])
        assert client.post(REPORT, sent()).status_code == 302
        assert "Gemeld voor later" in client.get(REPORT).content.decode()
        actor = world.actor(world.berk.teacher)
        with use(actor.scope):
            days = days_of(actor, [world.berk.placement], TUESDAY, FRIDAY)
        states = [d.state for d in days[world.berk.placement.pk]]
    assert spans() == [(WEDNESDAY, THURSDAY)]
    assert states == ["planned", "absent", "absent", "planned"]


def test_guardian_company_and_teacher_report_too(world):
    p = world.berk.placement
    family = reverse("attendance:guardian_absence")
    company = reverse("attendance:company_absence", args=[p.public_id])
    school = reverse("attendance:staff_absence", args=[p.public_id])
    with at(MONDAY, "10:00"):
        client_of_guardian(world.berk.guardians[0]).post(family, sent(TUESDAY, TUESDAY))
        client_of_contact(world.noord.supervisors[0]).post(company, sent(WEDNESDAY, WEDNESDAY))
        client_of(world.berk.teacher).post(school, sent(THURSDAY, NEXT_MONDAY))
    who = {a.starts: a.reported_kind for a in everything(Absence)}
    assert who == {TUESDAY: "guardian", WEDNESDAY: "company", THURSDAY: "teacher"}
    assert (THURSDAY, NEXT_MONDAY) in spans()  # a weekend in between does not matter


@pytest.mark.parametrize(
    ("first", "last"),
    [(WEDNESDAY, WEDNESDAY), (TUESDAY, WEDNESDAY), (THURSDAY, FRIDAY), (TUESDAY, FRIDAY)],
)
def test_two_periods_do_not_overlap(world, first, last):
    with at(MONDAY, "10:00"):
        report(world, WEDNESDAY, THURSDAY)
        with pytest.raises(Conflict, match="al iets gemeld"):
            report(world, first, last, "appointment")
        report(world, TUESDAY, TUESDAY)
        report(world, FRIDAY, NEXT_MONDAY)
    assert len(spans()) == 3


def test_days_that_are_over_after_the_placement_or_the_wrong_way_round(world):
    ends = world.berk.placement.ends
    with at(TUESDAY, "10:00"):
        client = client_of(world.berk.logins[0])
        for wrong in (
            sent(MONDAY, WEDNESDAY),
            sent(THURSDAY, WEDNESDAY),
            sent(WEDNESDAY, ends + timedelta(days=1)),
            sent(WEDNESDAY, THURSDAY, kind="ill"),
            sent(WEDNESDAY, THURSDAY, kind="late", at_time="10:00"),
        ):
            assert client.post(REPORT, wrong).status_code == 422, wrong
        assert everything(Absence) == []
        report(world, TUESDAY, ends)
    assert spans() == [(TUESDAY, ends)]


def test_other_days_are_told_once_and_taken_back_is_told(world):
    with at(MONDAY, "10:00"):
        absence = report(world, WEDNESDAY, THURSDAY)
        page = reverse("attendance:absence_change", args=[absence.public_id])
    with at(MONDAY, "10:01"):
        client = client_of(world.berk.logins[0])
        other = {"action": "change", "from_day": f"{TUESDAY}", "until_day": f"{FRIDAY}"}
        client.post(page, other)
        assert recipients() == []
    assert spans() == [(TUESDAY, FRIDAY)]
    with at(MONDAY, "10:04"):
        told = recipients()
        assert len(told) == len(set(told))
        assert world.berk.teacher.email in told
        client = client_of(world.berk.logins[0])
        client.post(page, other | {"until_day": f"{THURSDAY}"})
        client.post(page, {"action": "withdraw"})  # within two minutes, but the first was told
    with at(MONDAY, "10:08"):
        assert recipients() == told
    assert spans() == []


def test_what_began_keeps_its_first_day_and_can_end_sooner(world):
    with at(MONDAY, "10:00"):
        absence = report(world, TUESDAY, FRIDAY)
        page = reverse("attendance:absence_change", args=[absence.public_id])
    with at(WEDNESDAY, "10:00"):
        client = client_of(world.berk.logins[0])
        client.post(page, {"action": "change", "from_day": "", "until_day": f"{WEDNESDAY}"})
    assert spans() == [(TUESDAY, WEDNESDAY)]


def test_nobody_changes_what_somebody_else_said_but_the_school(world):
    with at(MONDAY, "10:00"):
        absence = report(world, WEDNESDAY, THURSDAY)
        page = reverse("attendance:absence_change", args=[absence.public_id])
        other = {"action": "change", "from_day": f"{TUESDAY}", "until_day": f"{FRIDAY}"}
        client_of_contact(world.noord.supervisors[0]).post(page, other)
        assert spans() == [(WEDNESDAY, THURSDAY)]
        assert client_of(world.els.logins[0]).get(page).status_code == 404
        client_of(world.berk.teacher).post(page, other)
    assert spans() == [(TUESDAY, FRIDAY)]


def test_two_at_once_are_one_period(committed_world):
    world = committed_world
    student, teacher = world.actor(world.berk.logins[0]), world.actor(world.berk.teacher)

    def away(kind):
        return lambda actor: services.report_absence(
            world.berk.placement, actor=actor, kind=kind, day=WEDNESDAY, until=FRIDAY
        )

    with at(MONDAY, "10:00"):
        assert behind((student, away("other")), (teacher, away("appointment"))) == "conflict"
    assert len(spans()) == 1


@pytest.mark.parametrize("wants", [True, False])
def test_the_guardian_hears_it_where_the_school_wants(world, wants):
    with use(SYSTEM):
        AttendanceSettings.objects.filter(school=world.berk.school).update(guardians_hear=wants)
    guardian = world.berk.guardians[0].email
    with at(MONDAY, "10:00"):
        report(world, MONDAY, None, "ill")
        assert recipients() == []
    with at(MONDAY, "10:03"):
        assert recipients().count(guardian) == int(wants)


def test_who_reported_it_hears_nothing_of_it(world):
    with use(SYSTEM):
        AttendanceSettings.objects.filter(school=world.berk.school).update(guardians_hear=True)
    with at(MONDAY, "10:00"):
        page = reverse("attendance:guardian_absence")
        client_of_guardian(world.berk.guardians[0]).post(page, {"kind": "ill", "when": "today"})
    with at(MONDAY, "10:03"):
        assert world.berk.guardians[0].email not in recipients()


def test_ill_in_a_week_off_is_ill(world):
    with at(MONDAY, "10:00"):
        report(world, MONDAY, FRIDAY)
    ill(world.berk.placement, TUESDAY, ends=TUESDAY)
    with at(TUESDAY, "10:00"):
        actor = world.actor(world.berk.teacher)
        with use(actor.scope):
            days = days_of(actor, [world.berk.placement], TUESDAY, WEDNESDAY)
    assert [d.state for d in days[world.berk.placement.pk]] == ["ill", "absent"]
