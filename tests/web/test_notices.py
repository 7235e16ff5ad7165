"""The page on which somebody chooses how mail comes."""

from __future__ import annotations

from datetime import time

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from stage.core.models import AuditEntry, NoticeSettings, OutboxMail
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.web.forms.notices import HINTS
from tests.clients import client_of, client_of_guardian

URL = reverse("web:notices")
STAFF = {
    "application": "at_once",
    "placement": "daily",
    "agreement": "daily",
    "guidance": "at_once",
    "digest_at": "07:00",
    "quiet_from": "20:00",
    "quiet_until": "07:00",
}


def kept() -> list[NoticeSettings]:
    with use(SYSTEM):
        return list(NoticeSettings.objects.order_by("member_id"))


def test_the_page_shows_what_is_usual(world):
    page = client_of(world.berk.teacher).get(URL)
    form = page.context["form"]
    assert {kind.name: kind.initial for kind in form.kinds} == {
        kind: pace for kind, pace in STAFF.items() if pace in ("at_once", "daily")
    }
    html = page.content.decode()
    assert 'value="07:00"' in html
    assert "Dit komt altijd" in html


def test_a_student_chooses_about_what_a_student_is_mailed(world):
    page = client_of(world.berk.logins[0]).get(URL)
    assert [kind.name for kind in page.context["form"].kinds] == [
        *("attendance", "application", "placement", "agreement", "assessment", "guidance")
    ]
    assert 'value="16:00"' in page.content.decode()


def test_every_kind_on_the_page_says_what_it_is_about(world):
    for person in (world.berk.teacher, world.berk.logins[0]):
        form = client_of(person).get(URL).context["form"]
        assert all(kind.help_text for kind in form.kinds)
    assert {len(hints) for hints in HINTS.values()} == {4, 6}


def test_what_is_chosen_is_kept_and_shown_again(world):
    client = client_of(world.berk.teacher)
    answer = client.post(URL, {**STAFF, "agreement": "never", "digest_at": "08:15"})
    assert answer["Location"] == URL
    (row,) = kept()
    assert row.member_id == world.berk.teacher.pk
    assert row.paces == {"agreement": "never"}  # what is usual follows what is usual
    assert row.digest_at == time(8, 15)
    html = client.get(URL).content.decode()
    assert 'value="08:15"' in html
    assert "ook voor mail die al klaarstond" in html
    with use(SYSTEM):
        assert AuditEntry.objects.filter(verb="notices_chosen").count() == 1
    client.post(URL, STAFF)
    (row,) = kept()
    assert (row.paces, row.digest_at) == ({}, time(7))


def test_a_student_keeps_choices_of_its_own(world):
    page = client_of(world.berk.logins[0])
    form = page.get(URL).context["form"]
    typed = {kind.name: kind.initial for kind in form.kinds}
    typed |= {"assessment": "at_once", "digest_at": "17:00", "quiet_from": "", "quiet_until": ""}
    assert page.post(URL, typed)["Location"] == URL
    (row,) = kept()
    assert (row.member_id, row.paces) == (world.berk.logins[0].pk, {"assessment": "at_once"})
    assert (row.quiet_from, row.quiet_until) == (None, None)


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"digest_at": "21:00"}, "digest_at", "Dan zijn het stille uren"),
        ({"digest_at": ""}, "digest_at", ""),
        ({"quiet_until": ""}, "quiet_until", "Vul beide tijden in"),
        ({"quiet_from": ""}, "quiet_from", "Vul beide tijden in"),
        ({"quiet_from": "07:00"}, "quiet_until", "Kies een andere tijd"),
        ({"agreement": "always"}, "agreement", ""),
        ({"quiet_from": "25:00"}, "quiet_from", ""),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(world, typed, field, words):
    page = client_of(world.berk.teacher).post(URL, {**STAFF, "placement": "never", **typed})
    assert page.status_code == 422
    errors = page.context["form"].errors
    assert list(errors) == [field]
    assert words in errors[field][0]
    assert page.context["form"]["placement"].value() == "never"  # what was typed stays
    assert kept() == []


def test_without_quiet_hours_the_daily_mail_may_come_at_any_time(world):
    typed = {**STAFF, "quiet_from": "", "quiet_until": "", "digest_at": "23:00"}
    assert client_of(world.berk.teacher).post(URL, typed).status_code == 302


def test_the_page_hangs_where_one_looks_for_it(world):
    for person in (world.berk.teacher, world.berk.logins[0]):
        assert f'href="{URL}"' in client_of(person).get(reverse("web:me")).content.decode()
    bureau = client_of(world.noord.bureau)
    assert URL not in bureau.get(reverse("web:me")).content.decode()
    assert bureau.get(URL).status_code == 403
    assert client_of_guardian(world.berk.guardians[0]).get(URL).status_code == 403


def test_nobody_reads_or_writes_what_another_chose(world):
    """In the code for colleagues; in the database for students."""
    world_of = world.berk
    for person in (world_of.teacher, world_of.logins[0]):
        form = client_of(person).get(URL).context["form"]
        typed = {kind.name: kind.initial for kind in form.kinds}
        client_of(person).post(URL, {**STAFF, **typed})
    assert len(kept()) == 2
    colleague = world.actor(world_of.colleague)
    with use(colleague.scope):
        assert list(NoticeSettings.objects.visible_to(colleague)) == []
    classmate = world.actor(world_of.logins[1])
    with use(classmate.scope):
        assert list(NoticeSettings.objects.all()) == []
        for other in (world_of.logins[2], world_of.teacher):
            with pytest.raises(DatabaseError), transaction.atomic():
                NoticeSettings.objects.create(
                    school=world_of.school, member_id=other.pk, digest_at=time(7)
                )
    guardian = world.guardian_actor(world_of.guardians[0], world.noord.region)
    with use(guardian.scope):
        assert list(NoticeSettings.objects.all()) == []


def test_a_student_reaches_no_mail_of_another(world):
    """What waits is judged anew for who chose, and for nobody else."""
    school = world.berk.school
    with use(SYSTEM):
        for n, student in enumerate(world.berk.students):
            OutboxMail.objects.create(
                region_id=school.region_id,
                school=school,
                event="assessment_given",
                person_kind="student",
                person_id=student.pk,
                key=f"x{n}",
                not_before="2099-01-01T00:00Z",
                paced_to="2099-01-01T00:00Z",
                bundle="x",
            )
    client = client_of(world.berk.logins[0])
    typed = {kind.name: kind.initial for kind in client.get(URL).context["form"].kinds}
    client.post(URL, {**STAFF, **typed, "digest_at": "16:30"})
    with use(school_scope(school)):
        judged = OutboxMail.objects.filter(paced_to=None).values_list("person_id", flat=True)
        assert list(judged) == [world.berk.students[0].pk]
