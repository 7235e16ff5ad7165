"""The broker is away: nothing breaks, the work stands in its table until beat finds it."""

import pytest
from celery import Celery
from django.conf import settings
from django.db import transaction

from stage.core import mail
from stage.core.enums import MailState
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.work import wake


def away() -> Celery:
    """An application whose Redis does not answer, set up like ours."""
    app = Celery("away", broker="redis://127.0.0.1:1/0", set_as_current=False)
    app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    return app


def test_a_task_is_given_up_without_an_error(monkeypatch):
    monkeypatch.setattr(wake, "current_app", away())
    assert wake.wake("stage.core.tasks.deliver_outbox") is False


def test_mail_that_was_queued_meanwhile_is_kept(committed_world, monkeypatch):
    monkeypatch.setattr(wake, "current_app", away())
    school = committed_world.berk.school
    with use(school_scope(school)), transaction.atomic():
        mail.queue(
            "code",
            person_kind="guardian",
            person_id=committed_world.berk.guardians[0].pk,
            key="while the broker was away",
            region_id=school.region_id,
            school_id=school.pk,
        )
    with use(SYSTEM):
        assert OutboxMail.objects.get(key="while the broker was away").state == MailState.QUEUED


def test_within_once_each_task_is_sent_once_and_at_the_end(monkeypatch):
    sent = []
    monkeypatch.setattr(
        wake.current_app, "send_task", lambda task, args, **how: sent.append((task, *args))
    )
    with wake.once():
        for _n in range(3):
            assert wake.wake("deliver") is True
        wake.wake("note", 4)
        assert sent == []
    assert sent == [("deliver",), ("note", 4)]
    wake.wake("deliver")
    assert sent[2:] == [("deliver",)]


def test_what_failed_within_once_wakes_nobody(monkeypatch):
    sent = []
    monkeypatch.setattr(wake.current_app, "send_task", lambda task, **how: sent.append(task))
    with pytest.raises(ZeroDivisionError), wake.once():
        wake.wake("deliver")
        raise ZeroDivisionError
    assert sent == []
