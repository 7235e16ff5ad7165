"""What grows with the country does not grow on anybody's page: the same people, the same rows.

Every page and job below is asked twice, among three schools and among sixty, and reads as many rows
the second time: each statement is EXPLAINed in its own scope (`tests/growth.py`).
"""

from __future__ import annotations

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
from tests.clients import client_of, client_of_contact, client_of_guardian
from tests.growth import add_schools, analyse, as_if_large, counted, rows_of

pytestmark = pytest.mark.sweep

MORE = 57  # schools beside the three of the world
SLACK = 45  # rows of a statement: less than one for each school that was added

PAGES = {
    "nobody": ["web:health", "web:login"],
    "student": [
        "web:home",
        "web:agenda",
        "placements:place_browse",
        "attendance:week",
        "attendance:report_list",
    ],
    "guardian": ["web:home"],
    "teacher": ["web:home", "attendance:today", "attendance:reports_read"],
    "coordinator": [
        *("web:home", "schools:student_list", "schools:staff_list", "web:group_list"),
        *("web:audit_list", "companies:company_list", "companies:campaign_list"),
        *("placements:placement_list", "placements:board", "attendance:today", "attendance:flags"),
        *("agreements:agreement_list", "assessments:mark_list", "api:student_list"),
        *("api:placement_list", "schools:period_list"),
    ],
    "contact": ["web:home", "placements:trainee_list", "attendance:company_today"],
    "supervisor": ["web:home", "attendance:company_today"],
    "bureau": ["web:home"],
}
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
MAY_GROW: dict[str, str] = {}


def asked(world, clients) -> dict:
    """Name -> what to do, of everything that is compared."""
    everything = {
        f"{who} {name}": (lambda who=who, name=name: page(clients[who], name))
        for who, names in PAGES.items()
        for name in names
    }
    everything |= {job.name.rpartition(".")[2]: job for job in JOBS}
    everything["health"] = health.measure
    everything["ask a link"] = lambda: Client().post(
        reverse("web:link_ask"), {"email": world.berk.guardians[0].email.upper()}
    )
    return everything


def page(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 200, (name, response.status_code)


def measured(world) -> dict:
    berk = world.berk
    clients = {
        "nobody": Client(),
        "student": client_of(berk.logins[0]),
        "guardian": client_of_guardian(berk.guardians[0]),
        "teacher": client_of(berk.teacher),
        "coordinator": client_of(berk.coordinator),
        "contact": client_of_contact(world.noord.contacts[0]),
        "supervisor": client_of_contact(world.noord.supervisors[0]),
        "bureau": client_of(world.noord.bureau),
    }
    found = {}
    for name, do in asked(world, clients).items():
        health.forget()
        with counted() as read, transaction.atomic():
            do()
            transaction.set_rollback(True)
        found[name] = read
    return found


def test_no_page_or_job_reads_more_rows_among_sixty_schools(committed_world):
    world = committed_world
    with at(FRIDAY, "14:30"), as_if_large():
        analyse()
        health.measure()  # the walls are looked at every five minutes
        small = measured(world)
        with use(SYSTEM), transaction.atomic():
            add_schools(MORE)
        analyse()
        large = measured(world)
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
