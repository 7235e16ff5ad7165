"""The web's own log-in: what it may become, and what it may ask before it knows for whom."""

from contextlib import closing

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import RequestFactory
from django.urls import reverse

from stage.core.tenants.tenancy import NOBODY, SYSTEM, for_web, use
from stage.core.tenants.walls import peepholes
from stage.core.who.middleware import WebMiddleware
from tests.clients import client_of

pytestmark = pytest.mark.django_db

# Every function that sees through a wall, who may ask it, and what it takes: one exact value that
# its owner knows, or a moment to count from.
DOORS = {
    "contact_is_known": (("school", "company", "bureau"), "number bigint"),
    "contact_named_at": (("app",), "mailbox text"),
    "guardians_at": (("app",), "address text"),
    "location_of_poster": (("student",), "code text"),
    "offers_of_company": (("company",), "number bigint, first date, last date"),
    "placements_guided": (("app",), "people bigint[], today date"),
    "platform_counts": (("app",), "unsealed_before timestamp with time zone"),
    "pool_asks": (("school", "bureau"), "since timestamp with time zone"),
    "role_numbered": (("app",), "number bigint"),
    "roles_of_user": (("app",), "number bigint"),
    "school_of_card": (("app",), "card text"),
    "shared_of_offer": (("school",), "number bigint, but_school bigint"),
    "schools_vouching": (("bureau",), "companies bigint[]"),
    "schools_of_move": (("app",), "number bigint, mailbox text"),
    "screen_of_key": (("app",), "digest text, moment timestamp with time zone"),
    "screen_showing": (("student",), "number bigint, step bigint"),
    "screen_to_pair": (("app",), "digest text, made_after timestamp with time zone"),
    "student_numbered": (
        ("app",),
        "card_number text, called text, born_day integer, born_month integer",
    ),
    "trusts_at": (("app",), "mailbox text"),
    "wait_for_seal": (("owner",), ""),
}


def as_app():
    """A connection of the web's log-in, beside the tests' own."""
    at = connection.settings_dict
    return closing(psycopg.connect(host=at["HOST"], dbname=at["NAME"], user="stage_app"))


@pytest.mark.parametrize(
    "statement",
    ["SET ROLE stage_system", "SELECT set_config('role', 'stage_system', true)"]
    + ["SET ROLE stage_owner", "SET ROLE stage_worker", "SET SESSION AUTHORIZATION stage_worker"],
)
def test_the_webs_log_in_can_never_see_everything(statement):
    with as_app() as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement)


@pytest.mark.parametrize("audience", ["school", "student", "company", "bureau", "operator"])
def test_nor_can_it_once_it_became_an_audience(audience):
    with as_app() as app:
        app.execute(f"SET ROLE stage_{audience}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SELECT set_config('role', 'stage_system', true)")


def test_it_reads_no_tenants_row_by_itself():
    for table in ("core_membership", "schools_guardian", "companies_trust", "schools_logincode"):
        with as_app() as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(f"SELECT count(*) FROM {table}")  # noqa: S608


def test_a_job_logs_in_as_somebody_who_may():
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, pg_has_role(session_user, 'stage_system', 'SET')")
        assert cursor.fetchone() == ("stage_worker", True)


def test_the_doors_are_these_and_no_other_function_opens_a_wall():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, r.rolname, pg_get_function_identity_arguments(p.oid),"
            " array(SELECT g.rolname::text FROM aclexplode(p.proacl) a"
            "  JOIN pg_roles g ON g.oid = a.grantee WHERE g.rolname <> 'stage_system'),"
            " p.proconfig, EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0)"
            " FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner"
            " WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace"
        )
        found = {name: rest for name, *rest in cursor.fetchall()}
    assert set(found) == set(DOORS) == {p.name for p in peepholes()}
    for name, (owner, arguments, roles, config, is_public) in found.items():
        assert owner == "stage_system"
        assert set(roles) == {f"stage_{role}" for role in DOORS[name][0]}, name
        assert arguments == DOORS[name][1]
        assert config == ["search_path=public, pg_temp"]
        assert not is_public


def test_a_door_gives_what_belongs_to_the_value_and_nothing_else(world):
    berk, boss = world.berk, world.noord.contacts[0]
    asked = {
        ("roles_of_user", berk.coordinator.user_id): {berk.coordinator.pk},
        ("roles_of_user", 0): set(),
        ("role_numbered", berk.teacher.pk): {berk.teacher.pk},
        ("guardians_at", berk.guardians[0].email.upper()): {berk.guardians[0].pk},
        ("guardians_at", "%"): set(),
        ("contact_named_at", boss.email): {boss.pk},
        ("contact_named_at", "%"): set(),
        ("trusts_at", ""): set(),
        ("trusts_at", boss.email): {berk.school.pk, world.els.school.pk},
        ("school_of_card", ""): set(),
    }
    with use(NOBODY), connection.cursor() as cursor:
        for (name, value), wanted in asked.items():
            cursor.execute(f"SELECT * FROM {name}(%s)", [value])  # noqa: S608
            assert {row[0] for row in cursor.fetchall()} == wanted, (name, value)


def test_no_audience_asks_what_only_the_log_in_may(world):
    for scope in (world.actor(world.berk.logins[0]).scope, world.actor(world.noord.bureau).scope):
        with use(scope), pytest.raises(ProgrammingError, match="denied"), transaction.atomic():
            connection.cursor().execute("SELECT * FROM guardians_at('x')")


def test_a_request_that_would_see_everything_fails_in_every_test():
    def view(request):
        with use(SYSTEM):
            return

    with pytest.raises(RuntimeError, match="no request sees everything"):
        WebMiddleware(view)(RequestFactory().get("/"))
    with for_web(), pytest.raises(RuntimeError), use(SYSTEM):
        pass
    with use(SYSTEM):  # outside it opens again
        pass


def test_finding_out_who_asks_costs_one_read(world, django_assert_max_num_queries):
    client = client_of(world.berk.coordinator)
    client.get(reverse("web:home"))
    with django_assert_max_num_queries(200) as counted:
        client.get(reverse("web:home"))
    reads = [q["sql"] for q in counted.captured_queries if "roles_of_user" in q["sql"]]
    assert len(reads) == 1


@pytest.mark.parametrize("nothing", [None, "system", object()])
def test_what_is_no_scope_opens_nothing(nothing):
    with pytest.raises(TypeError, match="takes a Scope"), use(nothing):
        pytest.fail("opened")
