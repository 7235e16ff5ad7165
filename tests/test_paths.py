"""Whatever stands in the path of an address: no page breaks, and nothing is found by it."""

from __future__ import annotations

from itertools import product
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import override_settings
from django.urls import reverse

from stage.core.tenants.tenancy import SYSTEM, use
from tests.attendance.helpers import TUESDAY, at
from tests.permissions import CAST
from tests.permissions.table import TABLE
from tests.test_addresses import NUL, STRANGE
from tests.test_permissions import ask, cast_of
from tests.world import build_world

pytestmark = [pytest.mark.sweep, pytest.mark.django_db]
VALUES = (*STRANGE, NUL, "٣", "2027-W99", "..", "%2e%2e", "a/b")
REFUSED = {400, 401, 403, 404}
# What stands in the path is a secret or a name; who has none is told so, or sent away.
TOLD = REFUSED | {200, 302, 405, 410, 422}
TELLING = (
    *("web:link_", "web:code_resend", "web:card_open", "companies:invitation_answer"),
    *("attendance:code_scanned", "attendance:code_present"),  # says what to do with an old code
    "schools:exception_remove",  # a day that was not free stays so
    "placements:period_undo",  # what nobody pressed is not undone, and said
)


@pytest.fixture(scope="module")
def plain(django_db_setup, django_db_blocker, tmp_path_factory):
    """A world in which each row of the table lays what it needs, on a Tuesday noon."""
    folder = str(tmp_path_factory.mktemp("files"))
    with (
        django_db_blocker.unblock(),
        override_settings(FILES_ROOT=folder),
        at(TUESDAY, "12:00"),
        transaction.atomic(),
    ):
        with use(SYSTEM):
            world = build_world()
        yield world, cast_of(world)
        transaction.set_rollback(True)


def wrong_of(plain, name: str, value: str) -> dict[tuple[str, str], int]:
    """Part of the path and verb -> a status that is no refusal."""
    world, clients = plain
    row, found = TABLE[name], {}
    client = clients[next((who for who in CAST if who in row.may), "anonymous")]
    wanted = TOLD if name.startswith(TELLING) else REFUSED
    with transaction.atomic():
        with use(SYSTEM):
            args = row.args(world)
            address = reverse(name, args=args)
        for part, verb in product(dict.fromkeys(str(arg) for arg in args), row.methods):
            strange = address.replace(f"/{quote(part)}", f"/{quote(value, safe='')}", 1)
            status = ask(client, verb, strange, {}).status_code
            if strange != address and status not in wanted:
                found[part, verb] = status
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value[:12]))
def test_every_path_with_everything_strange(plain, value):
    found = {name: wrong for name in TABLE if (wrong := wrong_of(plain, name, value))}
    assert found == {}


def test_what_is_swept_is_there(plain):
    """The same without anything strange: or a refusal would prove nothing."""
    world, _clients = plain
    with transaction.atomic():
        with use(SYSTEM):
            with_parts = [name for name, row in TABLE.items() if row.args(world)]
        transaction.set_rollback(True)
    assert len(with_parts) > 100
