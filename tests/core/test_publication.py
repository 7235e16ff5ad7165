"""What a school shows its region of a row about a student: a copy, which leads to nobody.

The product has no such table yet, so a made-up one stands in: what a school thinks of a company
where a student was, and what the region reads of it.
"""

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction

from companies.models import Company
from stage.core.models import AuditEntry, Region, School
from stage.core.record import publication
from stage.core.record.publication import Published, publish, withdraw
from stage.core.tenants import plan
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.tenants.walls import Wall
from stage.core.who.policies import Conflict
from stage.schools.models import Student
from tests.owner import as_owner
from tests.world import build_world

pytestmark = pytest.mark.django_db(transaction=False)
VERB = "saw"
WALL = Wall(school="riu", bureau="r", rules=publication.rules())


@pytest.fixture(scope="module")
def tables():
    """The made-up models; nothing else knows of them afterwards."""

    class Shown(Published):
        region = models.ForeignKey(Region, models.PROTECT, related_name="+")
        by_school = models.ForeignKey(School, models.PROTECT, related_name="+")
        company = models.ForeignKey(Company, models.PROTECT, related_name="+")
        text = models.TextField()

        class Meta:
            app_label = "core"

    class Opinion(models.Model):
        school = models.ForeignKey(School, models.PROTECT, related_name="+")
        student = models.ForeignKey(Student, models.PROTECT, related_name="+")
        published = models.OneToOneField(Shown, models.PROTECT, null=True, related_name="+")

        class Meta:
            app_label = "core"

    yield Opinion, Shown
    for name in ("shown", "opinion"):
        del apps.all_models["core"][name]
    apps.clear_cache()


@pytest.fixture
def shown(db, tables):
    """The tables with the copy's wall around it, on the owner's connection; and the world."""
    Opinion, Shown = tables
    with as_owner() as connection, transaction.atomic():
        with use(SYSTEM):
            world = build_world()
        with connection.schema_editor() as editor:
            editor.create_model(Shown)
            editor.create_model(Opinion)
        with connection.cursor() as cursor:
            table = Shown._meta.db_table
            cursor.execute(
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
            )
            cursor.execute(
                f"GRANT SELECT, INSERT, UPDATE ON {table}, core_opinion"
                " TO stage_school, stage_bureau, stage_system"
            )
            for _key, made in plan.policies(Shown, WALL):
                cursor.execute(";".join(made.make))
        yield world, Opinion, Shown
        transaction.set_rollback(True)


def an_opinion(world, Opinion):
    with use(SYSTEM):
        return Opinion.objects.create(school=world.berk.school, student=world.berk.students[0])


def copy_of(world, Shown, text="Goede uitleg."):
    return Shown(company=world.noord.companies[0], text=text)


def read_by(school, Shown) -> list[str]:
    with use(school_scope(school)):
        return list(Shown.objects.live().values_list("text", flat=True))


def test_the_region_reads_the_copy_and_no_other_region_does(shown):
    world, Opinion, Shown = shown
    row, actor = an_opinion(world, Opinion), world.actor(world.berk.coordinator)
    with use(actor.scope):
        copy = publish(row, copy_of(world, Shown), verb=VERB, actor=actor)
    assert copy.by_school_id == world.berk.school.pk
    assert read_by(world.els.school, Shown) == ["Goede uitleg."]
    assert read_by(world.iep.school, Shown) == []
    with use(world.actor(world.noord.bureau).scope):
        assert Shown.objects.count() == 1
    with use(SYSTEM):
        entry = AuditEntry.objects.filter(object_type="core.Opinion").get()
        assert (entry.verb, entry.fields) == (VERB, ["published"])


def test_taken_back_it_is_not_read_and_may_be_published_anew(shown):
    world, Opinion, Shown = shown
    row, actor = an_opinion(world, Opinion), world.actor(world.berk.coordinator)
    with use(actor.scope):
        publish(row, copy_of(world, Shown), verb=VERB, actor=actor)
        with pytest.raises(Conflict):
            publish(row, copy_of(world, Shown, "Nog eens."), verb=VERB, actor=actor)
        withdraw(row, verb=VERB, actor=actor)
        assert row.published.withdrawn_at is not None
        with pytest.raises(Conflict):
            withdraw(row, verb=VERB, actor=actor)
    assert read_by(world.els.school, Shown) == []
    with use(actor.scope):
        publish(row, copy_of(world, Shown, "Anders."), verb=VERB, actor=actor)
    assert read_by(world.els.school, Shown) == ["Anders."]


def test_another_school_of_the_region_cannot_change_it_nor_speak_as_this_one(shown):
    world, Opinion, Shown = shown
    row, actor = an_opinion(world, Opinion), world.actor(world.berk.coordinator)
    with use(actor.scope):
        publish(row, copy_of(world, Shown), verb=VERB, actor=actor)
    with use(school_scope(world.els.school)):
        assert Shown.objects.update(text="Slecht.") == 0
        forged = copy_of(world, Shown, "Van Berk.")
        forged.region, forged.by_school = world.noord.region, world.berk.school
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            forged.save()
    assert read_by(world.berk.school, Shown) == ["Goede uitleg."]


def test_a_copy_that_leads_to_a_student_is_refused(tables):
    Opinion, Shown = tables
    assert list(publication.faults_of(Shown, WALL)) == []
    open_wall = Wall(school="riu", bureau="r")
    assert len(list(publication.faults_of(Shown, open_wall))) == 2

    class Telling(Published):
        region = models.ForeignKey(Region, models.PROTECT, related_name="+")
        by_school = models.ForeignKey(School, models.PROTECT, related_name="+")
        opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="+")
        student_number = models.BigIntegerField()

        class Meta:
            app_label = "core"

    try:
        assert [fault.split()[0] for fault in publication.faults_of(Telling, WALL)] == [
            "opinion",
            "student_number",
        ]
    finally:
        del apps.all_models["core"]["telling"]
        apps.clear_cache()
