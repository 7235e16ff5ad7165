"""The cache in the database: JSON, of the log-in role alone, and nothing in it is ever run."""

import base64
import os
import pickle
import time
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from stage.core.tenants import json_cache
from stage.core.tenants.tenancy import NOBODY, use

pytestmark = pytest.mark.django_db


class Trap:
    """Runs a command in whichever process unpickles it."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def plant(key: str, value: str) -> None:
    with use(NOBODY), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_cache VALUES (%s, %s, %s)",
            [cache.make_key(key), value, timezone.now() + timedelta(hours=1)],
        )


def test_a_planted_pickle_is_never_run(tmp_path):
    trap = tmp_path / "sprung"
    plant("limit", base64.b64encode(pickle.dumps(Trap(trap))).decode("latin1"))
    assert cache.get("limit", "nothing") == "nothing"
    assert "limit" not in cache
    assert not trap.exists()
    cache.set("limit", [1], 60)
    assert cache.get("limit") == [1]


def test_what_is_kept_comes_back_as_json_says():
    cache.set("a", {"n": [1, 2.5, None, "é"]}, 60)
    cache.set("b", (1, 2), None)
    assert cache.get_many(["a", "b", "c"]) == {"a": {"n": [1, 2.5, None, "é"]}, "b": [1, 2]}
    with pytest.raises(TypeError):
        cache.set("c", object())


def test_add_counts_once_until_it_has_expired():
    begin = time.time()
    with time_machine.travel(begin, tick=False) as clock:
        assert cache.add("once", 1, 30)
        assert not cache.add("once", 2, 30)
        assert cache.incr("once") == 2
        clock.shift(400)
        assert cache.get("once") is None
        assert not cache.touch("once", 30)
        assert cache.add("once", 3, 30)
    assert cache.delete("once")
    assert not cache.delete("once")


def test_a_table_that_grew_too_large_loses_what_is_over_first():
    cache = json_cache.JsonDatabaseCache("django_cache", {"OPTIONS": {"MAX_ENTRIES": 3}})
    cache.clear()
    cache.set("over", 1, -1)
    for n in range(3):
        cache.set(f"kept{n}", n, 60 + n)
    assert len(cache.get_many([f"kept{n}" for n in range(3)])) == 3
    cache.set("last", 1, 600)
    assert cache.clear_expired(10) == 2
    assert cache.get("kept0") is None
    assert cache.get("last") == 1


def test_writing_counts_no_rows(django_assert_num_queries):
    cache = json_cache.JsonDatabaseCache("django_cache", {"OPTIONS": {"MAX_ENTRIES": 1}})
    with django_assert_num_queries(200):
        for n in range(200):
            cache.set(f"one{n}", n, 60)
