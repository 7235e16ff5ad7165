"""Brakes on guessing count exactly, however many come at once, and hold nobody up."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stage.core import tasks
from stage.core.models import TryCount, User
from stage.core.tenants.tenancy import NOBODY, SYSTEM, school_scope, use
from stage.core.who import accounts
from stage.core.who.limits import Limit, give_back_all, take_all
from stage.web.views import entrance
from tests.world import PASSWORD

THREE = Limit("three", amount=3, seconds=600)


def test_a_limit_ends_at_its_amount_and_counts_no_further(db):
    assert [THREE.take("a") for _ in range(5)] == [True, True, True, False, False]
    assert list(TryCount.objects.values_list("used", flat=True)) == [3]
    assert THREE.reached("A")  # capitals are no other person
    assert THREE.take("b")
    assert not Limit("other", amount=3, seconds=600).reached("a")


def test_a_right_try_is_given_back(db):
    for _ in range(9):
        assert THREE.take("a")
        THREE.give_back("a")
    assert [THREE.take("a") for _ in range(4)] == [True, True, True, False]
    THREE.clear("a")
    assert THREE.take("a")


def test_where_one_limit_is_used_up_the_other_is_not_touched(db):
    one = Limit("one", amount=1, seconds=600)
    assert take_all((THREE, "a"), (one, "x"))
    assert not take_all((THREE, "a"), (one, "x"))
    assert not take_all((one, "x"), (THREE, "a"))
    give_back_all((THREE, "a"), (one, "x"))
    assert sorted(TryCount.objects.values_list("used", flat=True)) == [0, 0]


def test_a_window_ends_and_its_count_is_cleared_away(db):
    with time_machine.travel(timezone.now() - timedelta(seconds=1200), tick=False):
        assert [THREE.take("a") for _ in range(4)] == [True, True, True, False]
    assert THREE.take("a")
    assert TryCount.objects.count() == 2
    assert tasks.forget_tries() == 1
    assert TryCount.objects.get().used == 1


def test_a_try_costs_one_statement(db):
    with CaptureQueriesContext(connection) as found:
        THREE.take("a")
    assert len(found) == 1


def test_no_audience_sees_or_changes_a_count(world):
    scope = school_scope(world.berk.school)
    with use(scope):
        assert THREE.take("a")  # whatever scope the request is in
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            TryCount.objects.count()
    with use(SYSTEM), pytest.raises(DatabaseError), transaction.atomic():
        TryCount.objects.update(used=0)


def in_threads(n: int, work) -> None:
    start = threading.Barrier(n)

    def run(at: int) -> None:
        try:
            start.wait()
            work(at)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_eight_at_once_get_exactly_the_amount(transactional_db):
    limit, won = Limit("ten", amount=10, seconds=600), []
    in_threads(8, lambda _at: won.extend(limit.take("a") for _ in range(6)))
    assert (len(won), sum(won)) == (48, 10)


def with_username(world, n: int, name: str) -> None:
    with use(NOBODY):
        user = User.objects.get(pk=world.berk.logins[n].user_id)
        user.username = name
        user.set_password(PASSWORD)
        user.save()


def test_forty_eight_wrong_passwords_at_once_are_looked_at_ten_times(committed_world, monkeypatch):
    with_username(committed_world, 0, "aya.2011")
    looked, answers = [], []
    look = accounts.student_with_password

    def counted(name, password):
        looked.append(name)
        return look(name, password)

    monkeypatch.setattr(accounts, "student_with_password", counted)
    data = {"username": "aya.2011", "password": "fout"}

    def work(_at):
        client = Client()
        for _ in range(6):
            answers.append(client.post(reverse("web:student_login"), data).status_code)

    in_threads(8, work)
    assert len(looked) == 10
    assert sorted(answers) == [422] * 10 + [429] * 38


def test_a_class_at_one_address_does_not_wait_for_each_other(committed_world, monkeypatch):
    """All three stand at the password at the same time: nobody holds the address's count."""
    names = ["aya.2011", "bram.2011", "cem.2011"]
    for n, name in enumerate(names):
        with_username(committed_world, n, name)
    together = threading.Barrier(3, timeout=10)
    look = accounts.student_with_password

    def slow(name, password):
        together.wait()
        return look(name, password)

    monkeypatch.setattr(accounts, "student_with_password", slow)
    answers = []

    def work(at):
        data = {"username": names[at], "password": PASSWORD}
        answers.append(Client().post(reverse("web:student_login"), data).status_code)

    in_threads(3, work)
    assert answers == [302] * 3
    assert sum(TryCount.objects.values_list("used", flat=True)) == 0
    assert not entrance.WRONG_PER_ADDRESS.reached("127.0.0.1")
