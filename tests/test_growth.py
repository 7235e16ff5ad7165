"""What grows with the country does not grow on anybody's page: the same people, the same rows.

Every page and job below is asked twice, among three schools and among sixty, and reads as many rows
the second time: each statement is EXPLAINed in its own scope (`tests/growth.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

import assessments.tasks
import attendance.tasks
import companies.tasks
import placements.agreements.tasks
import placements.tasks
import stage.schools.tasks
from stage.core import tasks
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.work import health
from tests.attendance.helpers import FRIDAY, at
from tests.growth import Read, add_schools, analyse, as_if_large, counted, rows_of
from tests.permissions.table import TABLE
from tests.test_permissions import ask, cast_of

pytestmark = pytest.mark.sweep

MORE = 57  # schools beside the three of the world
SLACK = 45  # rows of a statement: less than one for each school that was added

# One of each kind of person whom the permission table may let in.
PEOPLE = (
    *("anonymous", "student", "guardian", "teacher", "coordinator", "contact", "supervisor"),
    *("signatory", "bureau", "operator"),
)
JOBS = [
    *(
        tasks.deliver_waiting,
        tasks.run_jobs,
        tasks.sweep_outbox,
        tasks.seal_audit,
        tasks.send_waiting_pushes,
    ),
    *(tasks.forget_tries, tasks.clear_expired),
    attendance.tasks.ask_for_weeks,
    *(companies.tasks.note_deliveries, companies.tasks.send_scheduled),
    *(companies.tasks.tell_changes, companies.tasks.forget_who_asked),
    *(companies.tasks.end_unproven, companies.tasks.send_reminders),
    companies.tasks.mail_follow_ups,
    assessments.tasks.ask_supervisors,
    placements.agreements.tasks.remind_signers,
    *(placements.tasks.expire_unanswered, placements.tasks.bring_back_parked),
    placements.tasks.follow_calendar,
    *(stage.schools.tasks.follow_leaving, stage.schools.tasks.follow_stand_ins),
]
# Page or job -> why it may read more as the country grows.
MAY_GROW: dict[str, str] = {
    "operator web:home": "counts the regions of the country",
    "operator schools:region_list": "the regions of the country, a page of them with their people",
    "operator schools:school_add": "chooses one of the regions of the country",
    "contact companies:colleague_list": "sixty schools are one page of an index",
}


def asked(world) -> dict[str, Callable]:
    """Name -> what to do, of everything that is compared: each page as everybody it is for."""
    clients = {who: client for who, client in cast_of(world).items() if who in PEOPLE}
    everything: dict[str, Callable] = {
        f"{who} {name}": partial(page, clients[who], world, name)
        for name, row in sorted(TABLE.items())
        # The demo's own pages are not shipped.
        if "GET" in row.methods and not name.startswith("devtools:")
        for who in row.may
        if who in clients
    }
    everything |= {job.name.rpartition(".")[2]: lambda job=job: counted_in(job) for job in JOBS}
    everything["health"] = lambda: counted_in(health.measure)
    everything["ask a link"] = lambda: counted_in(
        lambda: Client().post(
            reverse("web:link_ask"), {"email": world.berk.guardians[0].email.upper()}
        )
    )
    return everything


def page(client: Client, world, name: str) -> Read:
    with use(SYSTEM):
        url = reverse(name, args=TABLE[name].args(world))
    return counted_in(lambda: ask(client, "GET", url, {}), name)


def counted_in(do: Callable, name: str = "") -> Read:
    with counted() as read:
        response = do()
    assert not name or response.status_code < 500, name
    return read


def measured(everything: dict[str, Callable]) -> dict[str, Read]:
    """Everything done once, and undone."""
    found = {}
    for name, do in everything.items():
        health.forget()
        with transaction.atomic():
            found[name] = do()
            transaction.set_rollback(True)
    return found


def test_no_page_or_job_reads_more_rows_among_sixty_schools(committed_world):
    world = committed_world
    with at(FRIDAY, "14:30"), as_if_large():
        analyse()
        health.measure()  # the walls are looked at every five minutes
        everything = asked(world)
        small = measured(everything)
        with use(SYSTEM), transaction.atomic():
            add_schools(MORE)
        analyse()
        large = measured(everything)
        with use(SYSTEM), transaction.atomic():
            whole, _where = rows_of("SELECT name FROM core_region", None)
    cache.clear()
    more = {name: read.grown(small[name]) for name, read in large.items()}
    grown = {name: f"{n} rows more: {sql}" for name, (n, sql) in more.items() if n > SLACK}
    assert {n: g for n, g in grown.items() if n not in MAY_GROW} == {}, "\n\n".join(
        f"{name}: {said}" for name, said in grown.items()
    )
    assert set(MAY_GROW) <= set(grown)
    # What does read the whole country is seen.
    assert whole > SLACK
