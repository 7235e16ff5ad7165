"""The walls in the database, alone: raw queries as the log-in role, without any filter in code."""

import threading

import pytest
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction
from django.db.utils import Error as DatabaseError

from companies.models import Company, Contact, Place
from placements.models import Application, Placement, StudentCard
from stage.core.models import AuditEntry, Membership, OutboxMail
from stage.core.tenants.tenancy import NOBODY, SYSTEM, school_scope, use
from stage.core.tenants.walls import ROLES, TENANT_COLUMNS, composite_keys, table_of_walls
from stage.schools.models import Guardian, Student

# The whole list of tables without forced row-level security, each with what it holds.
UNFORCED = {
    "core_region": "a name",
    "core_school": "a name and a public BRIN",
    "core_user": "log-in precedes scope; granted to the log-in role only",
    "schools_profile": "a national list",
    "core_heartbeat": "names of jobs",
    "core_trycount": "digests and numbers; granted to the log-in role only",
}


def student_scope(world, sw, n=0):
    return world.actor(sw.logins[n]).scope


def test_login_role_bypasses_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT session_user, rolsuper OR rolbypassrls FROM pg_roles"
            " WHERE rolname = session_user"
        )
        assert cursor.fetchone() == ("stage_worker", False)
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE tableowner IN ('stage_app', 'stage_worker')"
        )
        assert cursor.fetchone() == (0,)


def test_every_tenant_table_is_forced(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c"
            " JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
            " AND a.attname = ANY (%s)",
            [[f"{name}_id" for name in TENANT_COLUMNS]],
        )
        rows = dict(cursor.fetchall())
    assert len(rows) > 40
    assert {name for name, forced in rows.items() if not forced} == {"core_school"}


def test_unforced_tables_are_the_list_above():
    assert {m._meta.db_table for m, w in table_of_walls().items() if not w.forced} == set(UNFORCED)


def test_grants_are_exactly_what_the_table_says(db):
    wanted = set()
    for model, wall in table_of_walls().items():
        for role in (*ROLES, "app"):
            for verb in wall.verbs(role):
                name = {"r": "SELECT", "i": "INSERT", "u": "UPDATE", "d": "DELETE"}[verb]
                for column in wall.columns.get(f"{role}.{verb}", ("*",)):
                    wanted.add((model._meta.db_table, column, f"stage_{role}", name))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, '*', r.rolname, p.privilege_type FROM pg_class c"
            " CROSS JOIN LATERAL aclexplode(c.relacl) p JOIN pg_roles r ON r.oid = p.grantee"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
            " AND r.rolname <> 'stage_owner'"
            " UNION ALL SELECT c.relname, a.attname, r.rolname, p.privilege_type FROM pg_class c"
            " JOIN pg_attribute a ON a.attrelid = c.oid"
            " CROSS JOIN LATERAL aclexplode(a.attacl) p JOIN pg_roles r ON r.oid = p.grantee"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
        )
        given = set(cursor.fetchall())
    ours = {m._meta.db_table for m in table_of_walls()}
    assert {g for g in given if g[0] in ours} == wanted
    logins = ("account_", "mfa_", "django_session")
    assert {g[2] for g in given if g[0].startswith(logins)} == {"stage_app", "stage_system"}
    assert {g[2] for g in given if g[0] == "django_cache"} == {"stage_app"}


def test_nobody_sees_no_tenant_row(world):
    for model, wall in table_of_walls().items():
        if wall.app or not wall.forced:
            continue
        with use(NOBODY), pytest.raises(ProgrammingError), transaction.atomic():
            model.objects.count()


@pytest.mark.parametrize("name", ["berk", "els", "iep"])
def test_a_school_sees_its_own_rows_only(world, name):
    sw = getattr(world, name)
    with use(SYSTEM):
        assert Student.objects.count() == 9
    with use(school_scope(sw.school)):
        for model in (Student, Guardian, StudentCard, Application, Placement, Place):
            schools = set(model.objects.values_list("school_id", flat=True))
            assert schools == {sw.school.pk}, model
        assert set(Company.objects.values_list("region_id", flat=True)) == {sw.school.region_id}


def test_a_student_sees_only_itself(world):
    with use(student_scope(world, world.berk, 1)):
        assert [s.pk for s in Student.objects.all()] == [world.berk.students[1].pk]
        assert set(Application.objects.values_list("student_id", flat=True)) == {
            world.berk.students[1].pk
        }
        assert Placement.objects.count() == 0
        assert Contact.objects.count() == 0
        assert Company.objects.count() == 2
        assert set(Membership.objects.values_list("role", flat=True)) <= {
            "coordinator",
            "teacher",
            "student",
        }
        assert Membership.objects.filter(student_id__isnull=False).count() == 1


def test_a_student_sees_the_supervisor_of_its_own_placement(world):
    with use(student_scope(world, world.berk, 0)):
        assert [c.pk for c in Contact.objects.all()] == [world.noord.supervisors[0].pk]


def test_a_company_sees_its_own_rows_of_any_school(world):
    with use(world.company_actor(world.noord.contacts[0]).scope):
        assert set(Placement.objects.values_list("school_id", flat=True)) == {
            world.berk.school.pk,
            world.els.school.pk,
        }
        assert Company.objects.count() == 1
        assert StudentCard.objects.count() == 4
        for model in (Student, Guardian):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                model.objects.count()


def test_a_revoked_card_is_gone_for_the_company(world):
    scope = world.company_actor(world.noord.contacts[0]).scope
    with use(SYSTEM):
        StudentCard.objects.filter(student=world.berk.students[0]).update(
            revoked_at="2027-01-01T00:00:00Z"
        )
    with use(scope):
        assert StudentCard.objects.count() == 3


def test_the_bureau_sees_the_pool_and_no_student(world):
    with use(world.actor(world.noord.bureau).scope):
        assert Company.objects.count() == 2
        assert Contact.objects.count() == 4
        assert Student.objects.count() == 0
        for model in (Guardian, Application, Placement):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                model.objects.count()


def test_no_audience_reads_the_outbox_or_links_it_should_not(world):
    for scope in (
        student_scope(world, world.berk),
        world.company_actor(world.noord.contacts[0]).scope,
    ):
        for table in (
            "core_outboxmail",
            "core_link",
            "core_mailedcode",
            "core_device",
            "core_user",
        ):
            with (
                use(scope),
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(f"SELECT count(*) FROM {table}")
    assert OutboxMail._meta.db_table == "core_outboxmail"


def test_writing_into_another_school_is_refused(world):
    with use(school_scope(world.berk.school)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Placement.objects.filter(pk=world.berk.placement.pk).update(
                school_id=world.els.school.pk
            )
        assert Placement.objects.filter(school_id=world.els.school.pk).update(tasks="x") == 0


def test_a_tenant_column_cannot_change(world):
    with use(SYSTEM), pytest.raises(DatabaseError, match="cannot change"), transaction.atomic():
        Application.objects.filter(pk=world.berk.applications[0].pk).update(
            student_id=world.berk.students[2].pk
        )


def test_pointing_at_another_school_is_refused_by_the_composite_key(world):
    with (
        use(school_scope(world.berk.school)),
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        Application.objects.create(
            school=world.berk.school,
            student_id=world.iep.students[0].pk,
            company=world.noord.companies[0],
            place=world.berk.places[0],
            period=world.berk.period,
        )
        connection.check_constraints()


def test_every_reference_between_tenant_tables_carries_the_tenant(db):
    keys = list(composite_keys(table_of_walls()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f'")
        present = {name for (name,) in cursor.fetchall()}
    assert len(keys) > 60
    assert {k.name for k in keys} <= present


def test_the_audit_trail_takes_no_changes(world):
    with use(SYSTEM), pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.bulk_create([AuditEntry(verb="x", actor_kind="job", actor_role="job")])
        with connection.cursor() as cursor:
            cursor.execute("UPDATE core_auditentry SET verb = 'y'")


def test_scope_falls_back_after_a_savepoint_is_rolled_back(world):
    with use(school_scope(world.berk.school)):
        assert Student.objects.count() == 3
        with pytest.raises(RuntimeError), transaction.atomic(), use(SYSTEM):
            assert Student.objects.count() == 9
            raise RuntimeError
        assert Student.objects.count() == 3


def test_use_refuses_what_is_not_a_scope():
    with pytest.raises(TypeError), use(None):
        pass


def test_autocommit_leaves_nothing_behind(committed_world):
    with use(school_scope(committed_world.berk.school)):
        assert Student.objects.count() == 3
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user = session_user, coalesce(current_setting('app.school', true), '')"
        )
        assert cursor.fetchone() == (True, "")


def test_many_threads_never_mix_schools(committed_world):
    schools = [w.school for w in (committed_world.berk, committed_world.els, committed_world.iep)]
    wrong = []

    def work(n):
        school = schools[n % 3]
        try:
            for _ in range(10):
                with use(school_scope(school)):
                    got = set(Placement.objects.values_list("school_id", flat=True))
                if got != {school.pk}:
                    wrong.append((school.pk, got))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(24)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert wrong == []
