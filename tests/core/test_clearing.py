"""What is over goes by itself: a test per kind, and nothing that still serves somebody."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.utils import timezone

from stage.core import tasks
from stage.core.dutch.calendar import school_today
from stage.core.models import (
    Device,
    Link,
    MailedCode,
    Membership,
    NoticeSettings,
    PushSubscription,
)
from stage.core.tenants.retention import term_on
from stage.core.tenants.tenancy import NOBODY, SYSTEM, use
from stage.core.work import clearing
from stage.schools.models import LoginCode

DAY = timedelta(days=1)
PERSON = {"person_kind": "contact", "person_id": 1}


def a_link(world, n: int, expires_at):
    return Link.objects.create(
        **PERSON, purpose="week", target=f"{n}", region=world.noord.region, expires_at=expires_at
    )


def a_code(world, n: int, expires_at):
    return MailedCode.objects.create(
        **PERSON, purpose="login", browser="b", digest=f"{n}", expires_at=expires_at
    )


def a_device(world, n: int, expires_at):
    return Device.objects.create(
        **PERSON, digest=f"{n}", email="x@voorbeeld.test", expires_at=expires_at
    )


def a_card(world, n: int, expires_at):
    with use(SYSTEM):
        return LoginCode.objects.create(
            school=world.berk.school,
            student=world.berk.students[n % 3],
            digest=f"{n}",
            expires_at=expires_at,
            stopped_at=timezone.now(),
        )


KINDS = {
    Link: (a_link, "login_log"),
    MailedCode: (a_code, "code"),
    Device: (a_device, "login_log"),
    LoginCode: (a_card, "login_log"),
}


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model.__name__)
def test_a_way_in_goes_when_its_term_is_over_and_not_a_day_sooner(world, model):
    make, term = KINDS[model]
    last = term_on(school_today(), term).last_over(school_today())
    ago = timedelta(days=(school_today() - last).days)
    now = timezone.now()
    with use(NOBODY):
        make(world, 1, now - ago - DAY)
        kept = {make(world, 2, now - ago + 2 * DAY).pk, make(world, 3, now + DAY).pk}
    assert tasks.clear_expired()[model._meta.label] == 1
    with use(SYSTEM):
        assert set(model.objects.order_by("pk").values_list("pk", flat=True)) == kept


@pytest.mark.parametrize(
    ("model", "term"), [(NoticeSettings, "staff"), (PushSubscription, "at_once")]
)
def test_what_somebody_chose_goes_when_the_role_is_over_long_enough(world, model, term):
    last = term_on(school_today(), term).last_over(school_today())
    ago = timedelta(days=(school_today() - last).days)
    over, waits, works = world.berk.teacher, world.berk.colleague, world.berk.coordinator
    with use(SYSTEM):
        for member in (over, waits, works):
            more = {"digest_at": "07:00"} if model is NoticeSettings else {"endpoint": member.pk}
            model.objects.create(school=world.berk.school, member=member, **more)
        for member, ended in ((over, ago + DAY), (waits, ago - 2 * DAY)):
            Membership.objects.filter(pk=member.pk).update(ended_at=timezone.now() - ended)
    assert tasks.clear_expired()[model._meta.label] == 1
    with use(SYSTEM):
        kept = model.objects.order_by("pk").values_list("member", flat=True)
        assert list(kept) == [waits.pk, works.pk]


def test_a_session_goes_with_what_the_library_keeps_of_it(world):
    now = timezone.now()
    with use(NOBODY):
        for key, ends in (("over", now - DAY), ("on", now + DAY)):
            Session.objects.create(session_key=key, session_data="", expire_date=ends)
            UserSession.objects.create(
                user=world.berk.coordinator.user, ip="::1", user_agent="x", session_key=key
            )
        assert tasks.clear_expired()["sessions"] == 1
        assert [s.session_key for s in Session.objects.order_by("pk")] == ["on"]
        assert [s.session_key for s in UserSession.objects.order_by("pk")] == ["on"]


def test_what_the_cache_holds_no_longer_is_no_row_any_more(db):
    cache.clear()
    cache.set("over", 1, -5)
    cache.set("on", 1, 60)
    assert tasks.clear_expired()["cache"] == 1
    assert cache.get("on") == 1


def test_it_goes_on_in_batches(world, monkeypatch):
    monkeypatch.setattr(clearing, "BATCH", 2)
    with use(NOBODY):
        for n in range(5):
            a_code(world, n, timezone.now() - 10 * DAY)
    assert tasks.clear_expired()[MailedCode._meta.label] == 5


def test_terms_are_counted_back_as_they_are_counted_on():
    today = school_today()
    for key in ("login_log", "code", "motivation", "student_file"):
        term = term_on(today, key)
        last = term.last_over(today)
        assert term.over_on(last) <= today < term.over_on(last + DAY)
