"""The check of a list of students: what writing would do, from reads alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.work import long_jobs
from stage.schools.enums import ImportState
from stage.schools.imports import jobs as import_jobs
from stage.schools.models import GroupStudent, Guardian, ImportJob, Student

HEAD = "Leerlingnummer;Roepnaam;Achternaam;Klas;Geboortedatum;Ouder 1 naam;Ouder 1 e-mail;"
HEAD += "Ouder 1 telefoon;Ouder 2 naam;Ouder 2 e-mail\n"
AYA = "1001;Aya;Berk;3B;15-01-2011;Ouder van Aya Berk;ouder.aya@berk.test;;;\n"
AYA_NEW_PHONE = "1001;Aya;Berk;3B;15-01-2011;Ouder van Aya Berk;ouder.aya@berk.test;0612345678;;\n"
BRAM_OTHER_CLASS = "2002;Bram;Berk;4Z;15-02-2011;;;;;\n"
NEW = "501;Zed;Zee;3B;01-02-2011;Oma Zee;oma@zee.test;;Oma Zee;\n"
OUTCOME = ("new", "changed", "same", "missing", "missing_count", "unknown_mentors")


def start(world, rows):
    actor = world.actor(world.berk.coordinator)
    data = (HEAD + rows).encode()
    with use(actor.scope):
        job = import_jobs.start_import(
            data, name="x.csv", sheet="students", actor=actor, group=world.berk.group
        )
    return job, actor


def verbs_on(queries, *models):
    tables = {m._meta.db_table for m in models}
    return {
        q["sql"].split()[0] for q in queries if any(f'"{table}"' in q["sql"] for table in tables)
    }


@pytest.mark.parametrize(
    ("rows", "new", "changed", "same"),
    [
        (AYA, 0, 0, 1),
        (AYA_NEW_PHONE, 0, 1, 0),
        (BRAM_OTHER_CLASS, 0, 1, 0),
        (NEW, 1, 0, 0),
        (AYA_NEW_PHONE + BRAM_OTHER_CLASS + NEW, 1, 2, 0),
    ],
)
def test_the_check_foresees_what_writing_does_and_writes_nothing(world, rows, new, changed, same):
    job, actor = start(world, rows)
    with CaptureQueriesContext(connection) as queries:
        long_jobs.run_waiting()
    assert verbs_on(queries, Student, Guardian, GroupStudent, AuditEntry) == {"SELECT"}
    with use(actor.scope):
        job = ImportJob.objects.get(pk=job.pk)
        foreseen = {name: job.result[name] for name in OUTCOME}
        assert (foreseen["new"], foreseen["changed"], foreseen["same"]) == (new, changed, same)
        import_jobs.confirm_import(job, actor=actor)
    long_jobs.run_waiting()
    with use(actor.scope):
        job = ImportJob.objects.get(pk=job.pk)
        assert job.state == ImportState.DONE
        assert {name: job.result[name] for name in OUTCOME} == foreseen


def test_guardians_are_completed_and_never_doubled(world):
    for _ in range(2):
        job, actor = start(world, AYA_NEW_PHONE + NEW)
        long_jobs.run_waiting()
        with use(actor.scope):
            import_jobs.confirm_import(ImportJob.objects.get(pk=job.pk), actor=actor)
        long_jobs.run_waiting()
    with use(SYSTEM):
        aya = Guardian.objects.get(student=world.berk.students[0])
        assert (aya.email, aya.telephone) == ("ouder.aya@berk.test", "0612345678")
        zee = Guardian.objects.filter(student__number="501")
        assert [(g.name, g.email) for g in zee] == [("Oma Zee", "oma@zee.test")]
        entries = AuditEntry.objects.filter(
            verb__in=["guardian_added", "guardian_changed", "student_added", "student_changed"]
        )
        assert sorted((e.verb, e.school_id, e.student_number) for e in entries) == sorted(
            [
                ("guardian_changed", world.berk.school.pk, world.berk.students[0].pk),
                ("guardian_added", world.berk.school.pk, zee[0].student_id),
                ("student_added", world.berk.school.pk, zee[0].student_id),
            ]
        )


def test_what_the_database_could_not_hold_is_an_error_of_its_cell(world):
    address = "a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".nl"
    job, actor = start(world, f"501;Zed;Zee;3B;01-02-2011;Oma;{address};;;\n")
    long_jobs.run_waiting()
    with use(actor.scope):
        job = ImportJob.objects.get(pk=job.pk)
        (error,) = job.result["errors"]
    assert (job.state, error["line"]) == (ImportState.CHECKED, 2)
    assert error["message"] == "Dit is langer dan 254 tekens. Kort het in."
