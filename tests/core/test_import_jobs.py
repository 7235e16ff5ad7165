"""Imports from upload to rows: all or nothing, once, and without the numbers we may not have."""

from datetime import date

import pytest

from stage.core.enums import Role
from stage.core.models import AuditEntry, Membership, OutboxMail, StoredFile, User
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict, NotAllowed
from stage.core.work import long_jobs
from stage.schools.enums import ImportState
from stage.schools.imports import ImportRefused
from stage.schools.imports import jobs as import_jobs
from stage.schools.models import GroupStudent, Guardian, ImportJob, ImportMapping, Student
from tests.core.import_lists import (
    MAGISTER,
    SOMTODAY,
    TEACHERS,
    begin,
    load,
    workbook,
)


@pytest.mark.parametrize(
    "data",
    [
        MAGISTER.encode("utf-8-sig"),
        MAGISTER.encode("cp1252"),
        MAGISTER.replace(";", "\t").encode("utf-16"),
        MAGISTER.replace(";", ",").encode(),
        workbook(MAGISTER, ";"),
    ],
)
def test_magister_list_in_every_form_updates_and_adds(world, data):
    job = load(world, data)
    assert job.state == ImportState.DONE
    assert {k: job.result[k] for k in ("new", "changed", "same")} == {
        "new": 1,
        "changed": 1,
        "same": 1,
    }
    assert job.result["unknown_mentors"] == ["XYZ"]
    with use(SYSTEM):
        rows = Student.objects.filter(school=world.berk.school).order_by("number")
        assert [(s.number, s.full_name, s.school_class) for s in rows] == [
            ("1001", "Aya Berk", "3B"),
            ("12034", "José de Vries", "3B"),
            ("2002", "Bram van Berk", "3C"),
            ("3003", "Cem Berk", "3B"),
        ]
        new = rows.get(number="12034")
        assert (new.leerweg, new.year, new.profile.code) == ("KB", 3, "PIE")
        assert (new.street, new.postcode, new.birth_date) == (
            "Dorpsstraat 12",
            "6711 AB",
            date(2011, 3, 5),
        )
        assert new.sort_name == "vries de jose"
        assert rows.get(number="2002").mentor == world.berk.teacher
        assert [g.email for g in Guardian.objects.filter(student=new)] == ["p@mail.test"]
        assert (
            Guardian.objects.filter(student__number="1001", school=world.berk.school).count() == 1
        )
        # The other school's student with the same number is another one.
        assert Student.objects.get(school=world.els.school, number="1001").last_name == "Els"


def test_what_is_not_in_the_file_is_named_and_stays(world):
    job = load(world, MAGISTER.encode())
    assert (job.result["missing"], job.result["missing_count"]) == ([world.berk.students[2].pk], 1)
    with use(SYSTEM):
        assert Student.objects.get(pk=world.berk.students[2].pk).left_on is None


def test_importing_twice_changes_nothing_the_second_time(world):
    load(world, SOMTODAY.encode())
    with use(SYSTEM):
        before = (Student.objects.count(), Guardian.objects.count())
    job = load(world, SOMTODAY.encode())
    assert {k: job.result[k] for k in ("new", "changed", "same")} == {
        "new": 0,
        "changed": 0,
        "same": 2,
    }
    with use(SYSTEM):
        assert (Student.objects.count(), Guardian.objects.count()) == before


def test_an_empty_cell_erases_nothing(world):
    load(world, b"Leerlingnummer;Roepnaam;Achternaam;E-mail\n1001;Aya;Berk;\n")
    with use(SYSTEM):
        assert Student.objects.get(pk=world.berk.students[0].pk).email == "aya@berk.test"


def test_students_of_a_list_come_into_the_group(world):
    load(world, SOMTODAY.encode(), group=world.berk.group)
    with use(SYSTEM):
        numbers = GroupStudent.objects.filter(group=world.berk.group).values_list(
            "student__number", flat=True
        )
        assert sorted(numbers) == ["1001", "12034", "12035", "2002", "3003"]


def test_a_bsn_is_refused_before_anything_is_kept(world):
    actor = world.actor(world.berk.coordinator)
    data = b"Leerlingnummer;Roepnaam;Code\n1;Aya;111222333\n2;Bo;123456782\n3;Cy;010464554\n"
    with use(actor.scope), pytest.raises(ImportRefused, match="burgerservicenummers"):
        import_jobs.start_import(data, name="a.csv", sheet="students", actor=actor)
    with use(SYSTEM):
        assert not ImportJob.objects.exists()
        assert not StoredFile.objects.exists()


def test_wrong_rows_are_named_by_line_and_column_and_nothing_comes_in(world):
    text = (
        "Leerlingnummer;Roepnaam;Achternaam;Geboortedatum;E-mail\n"
        "501;Aya;Aa;1-2-2011;aya@x.test\n"
        "502;Bo;Bb;31-02-2011;b@x.test\n"
        ";Cy;Cc;1-2-2011;geen adres\n"
    )
    job, actor = begin(world, text.encode())
    long_jobs.run_waiting()
    with use(actor.scope):
        job = ImportJob.objects.get(pk=job.pk)
        assert job.state == ImportState.CHECKED
        errors = [(e["line"], e["column_label"]) for e in job.result["errors"]]
        assert errors == [(3, "Geboortedatum"), (4, "Leerlingnummer"), (4, "E-mail")]
        with pytest.raises(Conflict):
            import_jobs.confirm_import(job, actor=actor)
        assert Student.objects.count() == 3


def test_a_new_student_without_birthday_is_an_error_of_its_line(world):
    job, actor = begin(world, b"Leerlingnummer;Roepnaam\n1001;Aya\n777;Zed\n")
    long_jobs.run_waiting()
    with use(actor.scope):
        (error,) = ImportJob.objects.get(pk=job.pk).result["errors"]
    assert (error["line"], error["column_label"]) == (3, "Geboortedatum")


def test_an_unknown_column_is_asked_for_once_and_remembered(world):
    data = b"Kenmerk;Roepnaam;Geboortedatum\n900;Aya;1-2-2011\n"
    job, actor = begin(world, data)
    assert job.state == ImportState.MAPPING
    with use(actor.scope):
        with pytest.raises(ValueError, match="unknown"):
            import_jobs.choose_mapping(job, found={"number": "Bestaat niet"}, actor=actor)
        import_jobs.choose_mapping(
            job,
            found={
                "number": "Kenmerk",
                "first_name": "Roepnaam",
                "birth_date": "Geboortedatum",
            },
            actor=actor,
        )
    long_jobs.run_waiting()
    with use(actor.scope):
        job = ImportJob.objects.get(pk=job.pk)
        assert (job.state, job.result["new"]) == (ImportState.CHECKED, 1)
    again, _ = begin(world, data)
    assert again.state == ImportState.UPLOADED
    # Remembered for this school only.
    other, _ = begin(world, data, who=world.els.coordinator)
    assert other.state == ImportState.MAPPING
    with use(SYSTEM):
        assert set(ImportMapping.objects.values_list("school_id", flat=True)) == {
            world.berk.school.pk
        }


def test_the_preview_shows_what_will_be_and_keeps_nothing(world):
    job, actor = begin(world, SOMTODAY.encode())
    long_jobs.run_waiting()
    with use(actor.scope):
        job = ImportJob.objects.get(pk=job.pk)
        assert job.result["preview"][0]["last_name"] == "Vries"
        assert job.result["preview"][0]["birth_date"] == "05-03-2011"
        assert (job.result["new"], job.result["same"]) == (2, 0)
        assert Student.objects.count() == 3
        assert not AuditEntry.objects.filter(verb="student_added").exists()


def test_who_may_import_what(world):
    for who, sheet in (
        (world.berk.teacher, "students"),
        (world.noord.bureau, "students"),
        (world.noord.bureau, "teachers"),
        (world.berk.teacher, "companies"),
    ):
        with pytest.raises(NotAllowed):
            begin(world, SOMTODAY.encode(), sheet, who)


def test_teachers_get_a_role_and_a_mail_only_when_asked(world):
    text = TEACHERS.format(own=world.berk.teacher.email).encode()
    job = load(world, text, "teachers")
    assert {k: job.result[k] for k in ("new", "changed", "same", "invited")} == {
        "new": 1,
        "changed": 1,
        "same": 0,
        "invited": 0,
    }
    with use(SYSTEM):
        new = Membership.objects.get(email="k.bakker@berk.test")
        assert (new.role, new.name, new.abbreviation) == (Role.TEACHER, "Karin Bakker", "BAK")
        assert not User.objects.get(pk=new.user_id).has_usable_password()
        assert not OutboxMail.objects.filter(event="staff_invited").exists()
    text = b"Naam;E-mail\nPiet Pot;piet@berk.test\n"
    assert load(world, text, "teachers", invite=True).result["invited"] == 1
    with use(SYSTEM):
        (mail,) = OutboxMail.objects.filter(event="staff_invited")
        assert mail.person_id == Membership.objects.get(email="piet@berk.test").pk


def test_a_cancelled_import_is_gone_with_its_file(world):
    job, actor = begin(world, SOMTODAY.encode())
    with use(actor.scope):
        import_jobs.cancel_import(job, actor=actor)
        with pytest.raises(Conflict):
            import_jobs.confirm_import(job, actor=actor)
    long_jobs.run_waiting()
    with use(SYSTEM):
        assert ImportJob.objects.get(pk=job.pk).state == ImportState.CANCELLED
        assert StoredFile.objects.get(pk=job.file_id).removed_at is not None
        assert Student.objects.filter(number="12034").count() == 0
