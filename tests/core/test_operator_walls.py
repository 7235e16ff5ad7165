"""What the operator's own database role sees and writes: organisations and first people alone."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.utils import Error as DatabaseError

from stage.core.models import AuditEntry, Membership, OutboxMail, Region, School
from stage.core.record import audit
from stage.core.tenants.tenancy import use
from stage.core.tenants.walls import table_of_walls
from stage.schools.models import SchoolSettings

# All it reads, and of the settings and the outbox only these columns.
READS = {"Region", "School", "Membership"}
PARTLY = {
    "OutboxMail": ("id", "event", "person_kind", "person_id", "state", "created_at"),
    "SchoolSettings": ("id",),
    "RegionSettings": ("id",),
    "AttendanceSettings": ("id",),
    "PlacementSettings": ("id",),
    "AgreementSettings": ("id",),
}


@pytest.fixture
def operator(world):
    with use(world.actor(world.operator).scope):
        yield world.actor(world.operator)


def refused(statement: str, *values) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError:
        return True
    return False


def test_it_reads_these_tables_and_no_other(operator):
    for model in table_of_walls():
        table, name = model._meta.db_table, model.__name__
        if name in READS:
            assert not refused(f"SELECT * FROM {table}"), name  # noqa: S608
            continue
        assert refused(f"SELECT * FROM {table}"), name  # noqa: S608
        for field in model._meta.concrete_fields:
            may = field.column in PARTLY.get(name, ())
            asked = f"SELECT {field.column} FROM {table}"  # noqa: S608
            assert refused(asked) is not may, (name, field.column)


def test_of_people_it_sees_who_is_first_and_nobody_else(world, operator):
    seen = set(Membership.objects.values_list("role", flat=True))
    assert seen == {"coordinator", "bureau"}
    assert set(Membership.objects.visible_to(operator)) == set(Membership.objects.all())
    assert not Membership.objects.filter(student_id__isnull=False).exists()


def test_of_mails_it_sees_how_invitations_stand(world, operator):
    assert set(OutboxMail.objects.values_list("event", flat=True)) <= {"staff_invited"}
    assert refused("SELECT details FROM core_outboxmail")


def test_it_changes_names_and_whether_a_school_takes_part(world, operator):
    School.objects.filter(pk=world.berk.school.pk).update(name="Anders")
    Region.objects.filter(pk=world.noord.region.pk).update(name="Anders")
    assert refused("UPDATE core_school SET brin = '99ZZ99'")
    assert refused("UPDATE core_school SET region_id = %s", world.zuid.region.pk)
    assert refused("DELETE FROM core_school")
    assert refused("UPDATE schools_schoolsettings SET city = 'x'")
    assert refused("UPDATE core_membership SET role = 'bureau'")
    assert refused("DELETE FROM core_membership")


def test_it_makes_no_role_that_reaches_students_beyond_the_first(world, operator):
    berk = world.berk

    def member(role, user, **values):
        return Membership(user_id=user, role=role, region=world.noord.region, **values)

    for row in (
        member("teacher", berk.coordinator.user_id, school=berk.school),
        member("operator", berk.coordinator.user_id),
        # Nor itself, in any role.
        member("coordinator", operator.id, school=berk.school),
        member("bureau", operator.id),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save(force_insert=True)


def test_it_writes_its_own_trail_and_no_other(world, operator):
    audit.record(operator, "school_ended", world.berk.school)
    with pytest.raises(DatabaseError), transaction.atomic():
        audit.record(world.actor(world.berk.coordinator), "school_ended", world.berk.school)
    with pytest.raises(DatabaseError), transaction.atomic():
        audit.record(operator, "saw", world.berk.students[0])
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AuditEntry.objects.count()


def test_it_never_makes_settings_twice(world, operator):
    with pytest.raises(DatabaseError), transaction.atomic():
        SchoolSettings.objects.create(school=world.berk.school)
