"""No page of the product needs more than 25 queries, whoever opens it.

Walks every page of the registry as everybody whom the permission table lets in. Savepoints are not
counted: they are the test's own transaction around that of the request. The engine's statement that
sets the scope goes along unseen, as BEGIN and COMMIT do.
"""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stage.core.tenants.tenancy import SYSTEM, use
from tests.permissions.table import TABLE
from tests.test_permissions import ask, portions, sweep  # noqa: F401 (a fixture)

pytestmark = pytest.mark.sweep

MOST = 25  # design.md: no page over 25 queries


def counted(queries) -> list[str]:
    """The statements but savepoints."""
    return [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]


def counts_of(world, clients, name) -> dict[tuple[str, str], int]:
    """Queries per page and person, for one route."""
    row, found = TABLE[name], {}
    with use(SYSTEM):
        url = reverse(name, args=row.args(world))
    if name == "web:health":
        ask(clients[row.may[0]], "GET", url, {})  # the walls are looked at every five minutes
    for who in row.may:
        with CaptureQueriesContext(connection) as queries:
            response = ask(clients[who], "GET", url, {})
        assert response.status_code < 500, (name, who)
        found[name, who] = len(counted(queries))
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("names", portions(), ids=lambda names: names[0])
def test_no_page_needs_more_than_25_queries(sweep, names):  # noqa: F811
    world, clients = sweep
    counts = {}
    for name in names:
        # The demo's own pages make log-ins and cards as they go; they are not shipped.
        if "GET" in TABLE[name].methods and not name.startswith("devtools:"):
            with transaction.atomic():
                counts |= counts_of(world, clients, name)
                transaction.set_rollback(True)
    most = {page: count for page, count in counts.items() if count > MOST}
    shown = [f"{n:3}  {page} as {who}" for (page, who), n in counts.items()]
    assert most == {}, "\n".join(["queries per page:", *shown])
