"""Real PostgreSQL as the role the product logs in with; a world of two regions to test walls in."""

import gc
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import override_settings

from stage.core.tenants.tenancy import SYSTEM, use
from tests import kept, tripwires
from tests.owner import emptied_by
from tests.world import World, build_world


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: looking through them for garbage was 6 % of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_shown_in_an_order_nobody_chose():
    """Every test is watched: see `tests/tripwires.py`."""
    with tripwires.watch():
        yield


@pytest.fixture(scope="session", autouse=True)
def _random_tokens_spell_no_word():
    """A page that must not hold "Els" or "15" does not fail because a random token does."""
    signs = "QXZ"

    def nonce(raw: bytes) -> bytes:
        return "".join(signs[byte % len(signs)] for byte in raw).encode()

    with (
        patch("django.middleware.csrf.CSRF_ALLOWED_CHARS", signs),
        patch("csp.middleware.base64", SimpleNamespace(b64encode=nonce)),
    ):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The owner made the test database; from here on everything runs as `stage_worker`.

    A world is made in the system scope, which the web's own log-in never takes: within a request
    `stage.core.who.middleware.WebMiddleware` refuses it, and `tests/core/test_doors.py` shows that
    `stage_app` could not.
    """
    owner = connection.settings_dict["USER"]
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["USER"] = "stage_worker"
    with emptied_by(owner, connection.settings_dict["PASSWORD"]):
        yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["USER"] = owner


@pytest.fixture
def world(db) -> World:
    """Two regions, three schools, people in every role, each with bait the others may not see."""
    with use(SYSTEM):
        return kept.again(build_world)


@pytest.fixture
def committed_world(transactional_db) -> World:
    """The same world in committed rows, for tests with threads or a second connection."""
    cache.clear()  # no model's table, so not emptied between transactional tests
    with use(SYSTEM):
        return kept.again(build_world)


@pytest.fixture(scope="module")
def baited(django_db_setup, django_db_blocker, tmp_path_factory):
    """The world with its bait (`tests/bait.py`), its cast, and what was laid; on a Tuesday noon."""
    from tests import bait
    from tests.attendance.helpers import TUESDAY, at
    from tests.test_permissions import cast_of

    folder = str(tmp_path_factory.mktemp("files"))
    with (
        django_db_blocker.unblock(),
        override_settings(FILES_ROOT=folder),
        at(TUESDAY, "12:00"),
        transaction.atomic(),
    ):
        with use(SYSTEM):
            world = build_world()
            laid = bait.lay(world)
        yield world, cast_of(world), laid
        transaction.set_rollback(True)
