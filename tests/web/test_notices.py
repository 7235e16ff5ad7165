"""The page on which somebody chooses how mail comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from stage.core.enums import PersonKind
from stage.core.mail import choosing
from stage.core.mail.notices import usual_paces
from stage.core.models import AuditEntry, NoticeSettings, NoticesOff, OutboxMail, PushSubscription
from stage.core.tenants.tenancy import NOBODY, SYSTEM, school_scope, use
from stage.core.who.policies import NotAllowed
from stage.web.forms.notices import HINTS
from stage.web.views.notices import device_words
from tests.clients import client_of, client_of_contact, client_of_guardian
from tests.core.test_web_push import BROWSER_POINT

URL = reverse("web:notices")
STAFF = {
    "company": "daily",
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
        *("attendance", "application", "placement", "agreement", "assessment", "guidance"),
        "company",
    ]
    assert 'value="16:00"' in page.content.decode()


def test_every_kind_on_the_page_says_what_it_is_about(world):
    for person in (world.berk.teacher, world.berk.logins[0]):
        form = client_of(person).get(URL).context["form"]
        assert all(kind.help_text for kind in form.kinds)
    assert {len(hints) for hints in HINTS.values()} == {5, 7}


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
    assert f'href="{URL}"' in bureau.get(reverse("web:me")).content.decode()
    outside = (client_of_guardian(world.berk.guardians[0]), client_of_contact(signs(world)))
    for client in outside:
        assert f'href="{URL}"' in client.get(reverse("web:home")).content.decode()


def signs(world):
    return world.noord.contacts[0]


def test_the_bureau_reads_what_it_is_mailed_and_chooses_nothing(world):
    page = client_of(world.noord.bureau).get(URL).content.decode()
    assert "Een nieuw account" in page
    assert 'method="post" novalidate' not in page


def off() -> list[tuple[str, int, list[str]]]:
    with use(NOBODY):
        rows = NoticesOff.objects.order_by("person_kind", "person_id")
        return list(rows.values_list("person_kind", "person_id", "kinds"))


@pytest.mark.parametrize("who", ["guardian", "contact"])
def test_who_comes_by_a_link_turns_off_what_need_not_come(world, who):
    person = world.berk.guardians[0] if who == "guardian" else signs(world)
    client = client_of_guardian(person) if who == "guardian" else client_of_contact(person)
    form = client.get(URL).context["form"]
    kinds = [kind.name for kind in form.kinds]
    assert kinds == list(usual_paces(PersonKind(who)))
    assert all(kind.initial for kind in form.kinds)
    wanted = {kind: "on" for kind in kinds if kind != "agreement"}
    page = client.post(URL, wanted, follow=True)
    assert "wat altijd komt" in page.content.decode()
    assert {kind.name: kind.initial for kind in page.context["form"].kinds} == {
        kind: kind != "agreement" for kind in kinds
    }
    assert off() == [(who, person.pk, ["agreement"])]
    client.post(URL, dict.fromkeys(kinds, "on"))
    assert off() == [(who, person.pk, [])]
    with use(SYSTEM):
        assert AuditEntry.objects.filter(verb="notices_chosen", actor_kind=who).count() == 2


def test_what_has_to_come_cannot_be_turned_off(world):
    guardian = world.guardian_actor(world.berk.guardians[0], world.noord.region)
    with use(guardian.scope):
        with pytest.raises(ValueError, match="not to be refused"):
            choosing.refuse({"placement"}, actor=guardian)
        by_link = replace(guardian, proven=False)
        with pytest.raises(NotAllowed):
            choosing.refuse({"agreement"}, actor=by_link)
    teacher = world.actor(world.berk.teacher)
    with use(teacher.scope), pytest.raises(NotAllowed):
        choosing.refuse({"agreement"}, actor=teacher)
    assert off() == []


def test_no_number_of_another_kind_opens_somebodys_choices(world):
    """A guardian and a log-in may have the same number."""
    teacher = world.actor(world.berk.teacher)
    client_of(world.berk.teacher).post(URL, STAFF)
    guardian = world.guardian_actor(world.berk.guardians[0], world.noord.region)
    same = replace(guardian, id=teacher.id)
    with use(teacher.scope):
        assert NoticeSettings.objects.visible_to(teacher).count() == 1
        assert list(NoticeSettings.objects.visible_to(same)) == []


@pytest.fixture
def push(settings):
    """What a browser gives when it was switched on."""
    settings.VAPID_PRIVATE_KEY = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
    return {
        "endpoint": "https://fcm.googleapis.com/fcm/send/abc",
        "p256dh": BROWSER_POINT,
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    }


ON = reverse("web:push_on")
AGENT = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"


def phones() -> list[PushSubscription]:
    with use(SYSTEM):
        return list(PushSubscription.objects.order_by("pk"))


@pytest.mark.parametrize("who", ["teacher", "student"])
def test_a_phone_is_switched_on_shown_and_switched_off(world, push, who):
    person = world.berk.teacher if who == "teacher" else world.berk.logins[0]
    client = client_of(person)
    assert "data-push=" in client.get(URL).content.decode()
    answer = client.post(ON, push, headers={"user-agent": AGENT})
    assert answer["Location"] == URL
    (phone,) = phones()
    assert (phone.member_id, phone.device) == (person.pk, "Chrome, Android")
    html = client.get(URL).content.decode()
    assert "Chrome, Android" in html
    assert "Dit apparaat" in html
    client.post(reverse("web:push_off", args=[phone.public_id]))
    assert phones() == []
    with use(SYSTEM):
        verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"push_switched_on", "push_switched_off"} <= verbs


def test_without_a_key_of_the_installation_no_page_offers_it(world):
    assert "data-push=" not in client_of(world.berk.teacher).get(URL).content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {"endpoint": "https://127.0.0.1/x"},
        {"endpoint": "https://fcm.googleapis.com/" + "x" * 500},
        {"p256dh": "abc"},
        {"auth": "abc"},
        {"auth": "é"},
    ],
)
def test_what_is_no_browser_is_refused(world, push, typed):
    client_of(world.berk.teacher).post(ON, {**push, **typed})
    assert phones() == []


def test_an_eleventh_phone_is_refused(world, push):
    client = client_of(world.berk.teacher)
    for n in range(11):
        client.post(ON, {**push, "endpoint": f"{push['endpoint']}{n}"})
    assert len(phones()) == 10


@pytest.mark.parametrize("leaves_by", ["web:log_out", "account_logout"])
def test_who_logs_out_leaves_no_notices_on_that_device(world, push, leaves_by):
    client, at_home = client_of(world.berk.logins[0]), client_of(world.berk.logins[0])
    client.post(ON, push)
    at_home.post(ON, {**push, "endpoint": f"{push['endpoint']}2"})
    client.post(reverse(leaves_by))
    assert [phone.endpoint[-4:] for phone in phones()] == ["abc2"]


def test_nobody_switches_off_or_sees_the_phone_of_another(world, push):
    client_of(world.berk.teacher).post(ON, push)
    (phone,) = phones()
    off = reverse("web:push_off", args=[phone.public_id])
    for other in (world.berk.coordinator, world.berk.logins[0], world.berk.colleague):
        assert client_of(other).post(off).status_code == 404
        assert phone.device not in client_of(other).get(URL).content.decode() or not phone.device
    assert len(phones()) == 1
    student = world.actor(world.berk.logins[0])
    with use(student.scope):
        assert list(PushSubscription.objects.all()) == []


def test_a_device_is_called_what_its_owner_calls_it():
    assert device_words(AGENT) == "Chrome, Android"
    assert device_words("Mozilla/5.0 (iPhone; CPU) Version/19.0 Safari/604.1") == "Safari, iPhone"
    assert device_words("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140") == (
        "Edge, Windows"
    )
    assert device_words("Mozilla/5.0 (Macintosh) Gecko Firefox/140.0") == "Firefox, Mac"
    assert device_words("") == ""


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
