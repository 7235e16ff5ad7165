"""Every column, JSON and file in which a person's name comes to stand says that it does."""

import json
import re
from datetime import date

from django.apps import apps
from django.db import connection, models

from assessments.models import Mark
from companies.models import Contact
from companies.services.contacts import add_contact
from placements.models import Application, StudentCard
from stage.core.files.store import Owner, store_bytes
from stage.core.mail import Person
from stage.core.models import StoredFile
from stage.core.tenants.retention import table_of_retention
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who import links
from stage.core.work import long_jobs
from stage.schools.enums import FileKind
from tests import bait
from tests.attendance.helpers import TUESDAY, at
from tests.core.import_lists import begin
from tests.placements import agreements

STUDENT = {
    "number": "770077",
    "first_name": "Quirijntje",
    "last_name": "Zwaluwenberg",
    "school_class": "3QX",
    "birth_date": date(2010, 11, 23),
    "street": "Zwaluwpad 77",
    "postcode": "7707 QX",
    "city": "Zwaluwoord",
    "telephone": "0677007700",
    "email": "quirijntje@zwaluw.test",
}
GUARDIAN = {"name": "Wilhelmina Oudekerk", "email": "mina@oudekerk.test", "telephone": "0677117711"}
CONTACT = {"name": "Xanthippe Bakkers", "email": "xanthippe@bakkers.test"}
WORDS = {
    *("770077", "quirijntje", "zwaluw", "2010-11-23", "23 november 2010", "0677007700"),
    *("wilhelmina", "oudekerk", "0677117711", "xanthippe", "bakkers"),
}
SHEET = (
    "Stamnr.;Roepnaam;Achternaam;Klas;Geb. datum;E-mail;Ouder 1 naam;Ouder 1 e-mail\r\n"
    "770077;Quirijntje;Zwaluwenberg;3QX;23-11-2010;quirijntje@zwaluw.test;"
    "Wilhelmina Oudekerk;mina@oudekerk.test\r\n"
    "770078;Xanthippe;Zwaluwenberg;3QX;Zwaluwendag;;;\r\n"
)


def test_no_column_names_a_person_without_saying_so(world, tmp_path, settings):
    """One student, guardian and contact, led through the product; then every column is read."""
    settings.FILES_ROOT = str(tmp_path)
    with use(SYSTEM):
        _rename(world)
    _lead_through(world)
    found = columns_with(names_somebody)
    undeclared = {where for where in found if not is_declared(*where)}
    assert undeclared == set()
    # The ways through the product did leave names where they are hard to see.
    assert {f"{model.__name__}.{path[0]}" for model, path in found} >= {
        *("Student.search_name", "Guardian.email", "StudentCard.first_name", "Device.email"),
        *("Agreement.document", "AgreementAnswer.fields", "AgreementAnswer.checked_by"),
        *("Signature.name", "ImportJob.result", "Application.motivation", "StoredFile.name"),
        *("CompanyChange.after", "CompanyChange.by_name", "Trust.address"),
    }


def _rename(world) -> None:
    sw, home = world.berk, world.noord
    for row, values in (
        (sw.students[0], STUDENT),
        (sw.guardians[0], GUARDIAN),
        (home.contacts[0], CONTACT),
    ):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
    home.contacts[0].trusts.update(address=CONTACT["email"])
    names = {name: STUDENT[name] for name in ("first_name", "last_name", "school_class")}
    StudentCard.objects.filter(student=sw.students[0]).update(**names)
    Application.objects.filter(student=sw.students[0]).update(motivation="Ik ben Quirijntje.")


def _lead_through(world) -> None:
    """Sign, import, name a colleague, remember a browser, keep a file: by the services."""
    sw, home = world.berk, world.noord
    agreements.signed_by_all(world)
    begin(world, SHEET.encode())
    long_jobs.run_waiting()
    who = world.company_actor(home.contacts[0])
    colleague = Contact(
        region=home.region, company=home.companies[0], name="Bram Bakkers", email="b@bakkers.test"
    )
    with use(who.scope):
        add_contact(colleague, actor=who)
    guardian = sw.guardians[0]
    links.remember_device(Person("guardian", guardian.pk, guardian.name, guardian.email), long=True)
    with use(SYSTEM):
        store_bytes(
            b"%PDF van Quirijntje",
            name="Brief Zwaluwenberg.pdf",
            content_type="application/pdf",
            kind=FileKind.LOGO,
            owner=Owner(home.region.pk, sw.school.pk, sw.students[0].pk),
            actor=None,
        )


def test_every_file_that_names_a_person_is_known_to_a_row_whose_bytes_go(world, tmp_path, settings):
    settings.FILES_ROOT = str(tmp_path)
    with use(SYSTEM):
        _rename(world)
    _lead_through(world)
    naming = {
        str(path.relative_to(tmp_path))
        for path in tmp_path.rglob("*")
        if path.is_file() and names_somebody(path.read_bytes().decode(errors="replace"))
    }
    assert len(naming) >= 2  # the letter and the sheet
    assert set(table_of_retention()[StoredFile].files) == {"path", "thumbnail_path"}
    with use(SYSTEM):
        assert naming <= set(StoredFile.objects.values_list("path", flat=True))


def test_every_text_about_a_student_is_declared_to_name_people(world, tmp_path, settings):
    """By the bait: a word typed in any text of a row about a student can be a name."""
    settings.FILES_ROOT = str(tmp_path)
    with use(SYSTEM), at(TUESDAY, "12:00"):
        bait.lay(world)
    about_a_student = re.compile(r"zq[bei0][nz0][abcd0][1-9]-\d\dzq", re.IGNORECASE)
    found = columns_with(about_a_student.search)
    assert len({model for model, _path in found}) > 15
    assert (Mark, ("remark",)) in found
    assert {where for where in found if not is_declared(*where)} == set()


def test_the_only_tables_without_a_model_hold_no_rows_of_people(db, settings):
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    known = {f._meta.db_table for f in apps.get_models(include_auto_created=True)}
    # Limits of the log-in library, by digests; they end with their window.
    assert tables - known == {"django_migrations", settings.CACHES["default"]["LOCATION"]}


def names_somebody(text: str) -> bool:
    return any(word in text.lower() for word in WORDS)


def columns_with(found) -> set[tuple[type[models.Model], tuple[str, ...]]]:
    """Every column, and key inside JSON, of which some row holds a text that is looked for."""
    hits = set()
    unread = set()
    with use(SYSTEM), connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table])
            if cursor.fetchone() == (False,):
                unread.add(model._meta.label)
                continue
            columns = {f.column: f.name for f in model._meta.concrete_fields}
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} t")
            for (row,) in cursor.fetchall():
                for column, value in (json.loads(row) if isinstance(row, str) else row).items():
                    hits |= {
                        (model, (columns[column], *keys))
                        for keys, text in leaves(value)
                        if found(text)
                    }
    assert unread == {"core.TryCount", "auth.Permission", "auth.Group", "contenttypes.ContentType"}
    return hits


def leaves(value, keys=()):
    """Every text inside a value with the keys that lead to it; the keys of an object are texts."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield keys, str(key)
            yield from leaves(inner, (*keys, str(key)))
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, keys)
    else:
        yield keys, str(value)


def is_declared(model, path: tuple[str, ...]) -> bool:
    """Whether the field is declared to name people: whole, or by a key on the way."""
    names = table_of_retention()[model].names
    return any(".".join(path[: n + 1]) in names for n in range(len(path)))
