"""No table and no field that can name a person is forgotten, and rows can go in one order."""

from dataclasses import replace
from datetime import date

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core import checks as django_checks
from django.db import connection, models
from django.db.models import PROTECT
from django.test.utils import isolate_apps

from assessments.models import Assessment
from attendance.models import Absence, DayReport, WeekConfirmation
from companies.models import CompanyChange, Contact
from placements.agreements.models import Agreement
from placements.models import Placement, StudentCard
from stage.core import reference
from stage.core.checks import every_model_has_a_retention, retention_errors
from stage.core.enums import MailState
from stage.core.models import Membership, StoredFile
from stage.core.tenants import retention
from stage.core.tenants.retention import (
    Does,
    Event,
    Retention,
    Ring,
    Sooner,
    Term,
    Until,
    blank,
    delete,
    deletion_order,
    keep,
    table_of_retention,
    term_on,
)
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.tenants.walls import table_of_walls
from stage.schools.models import Profile, Student
from tests import bait
from tests.attendance.helpers import TUESDAY, at

TODAY = date(2027, 1, 12)
LEFT = Until("student__left_on", "student_file")
UNKNOWN = Until("starts", "verzuim")
NO_TERM = "no reference value retention.verzuim"
NOTE = delete(LEFT, names=("note",), plain=("public_id",))  # as Absence could declare it


def faults(table, *installed) -> list[str]:
    return [e.msg for e in retention_errors(table, installed, TODAY)]


def one_fault(model, declared: Retention) -> str:
    """The only thing that is wrong with a declaration."""
    [fault] = faults({model: declared}, model)
    return fault


def of(model) -> Retention:
    return table_of_retention()[model]


# The product


def test_every_table_of_the_product_is_declared_without_fault():
    assert every_model_has_a_retention(None) == []
    assert every_model_has_a_retention in django_checks.registry.registry.get_checks()
    assert set(table_of_retention()) == set(apps.get_models())


def test_every_event_is_a_clock_of_some_table():
    clocks = {m.clock for r in table_of_retention().values() for m in r.moments}
    assert set(Event) <= clocks


def test_every_term_is_used_and_says_how_long_and_why():
    day = date.today()
    used = {m.term for r in table_of_retention().values() for m in r.moments}
    shipped = {row.key for row in reference.values() if row.kind == retention.KIND}
    assert used == shipped
    for key in shipped:
        term = term_on(day, key)
        assert term.amount >= 0
        assert len(term.source) > 10
        # A number that no law or authority gives says so itself.
        assert "voorstel, laten nakijken" in term.source or key in ("praktijkleren", "at_once")
    assert term_on(day, "praktijkleren").amount == 60


def test_evidence_that_a_subsidy_rests_on_is_held_with_all_it_hangs_on():
    held = {m for m, r in table_of_retention().items() if r.hold}
    assert {Agreement, Placement, WeekConfirmation, Assessment, Student} <= held
    day = date.today()
    for model in held:
        own = of(model)
        last = max(term_on(day, u.term).over_on(day) for u in own.until)
        assert term_on(day, own.hold.term).over_on(day) > last


# The check


def test_a_table_without_a_declaration_is_refused():
    assert faults({}, Absence) == ["attendance.Absence has no retention"]
    assert [e.id for e in retention_errors({}, [Absence], TODAY)] == ["stage.E008"]
    assert faults({Absence: NOTE}, Absence) == []


@pytest.mark.parametrize(
    ("declared", "wrong"),
    [
        (replace(NOTE, names=()), "note stands neither in names nor in plain"),
        (replace(NOTE, plain=()), "public_id stands neither in names nor in plain"),
        (replace(NOTE, plain=("public_id", "note")), "note stands in names and in plain"),
        (replace(NOTE, names=("note", "notes")), "notes is no field of this table"),
        (replace(NOTE, plain=("public_id", "code")), "code is no field of this table"),
        (replace(NOTE, names=("note.text",)), "note.text names a key inside a field that is no"),
        (replace(NOTE, until=()), "has no clock"),
        (replace(NOTE, files=("public_id",)), "public_id is a file and stands in names"),
        (replace(NOTE, until=(Until("student__left_in", "absence"),)), "Student has no field"),
        (replace(NOTE, until=(Until("note__left_on", "absence"),)), "note is no foreign key"),
        (replace(NOTE, until=(Until("student__number", "absence"),)), "neither a date nor a time"),
        (replace(NOTE, until=(Until("placement", "absence"),)), "neither a date nor a time"),
        (replace(NOTE, until=(UNKNOWN,)), NO_TERM),
        (replace(NOTE, until=(LEFT, UNKNOWN)), NO_TERM),
        (replace(NOTE, hold=UNKNOWN), NO_TERM),
        (replace(NOTE, sooner=(Sooner(("note",), UNKNOWN),)), NO_TERM),
        (replace(NOTE, sooner=(Sooner(("text",), LEFT),)), "text is no field of this table"),
        (replace(NOTE, sooner=(Sooner(("placement",), LEFT),)), "placement cannot be emptied"),
        (replace(NOTE, loosens=("placement",)), "placement is no key that can be NULL"),
        (replace(NOTE, put={"notes": "-"}), "notes is no field of this table"),
        (keep("", plain=("note", "public_id")), "is kept without a reason"),
        (keep("x", names=("note",), plain=("public_id",)), "note names people and is kept for"),
        (keep("x", plain=("note", "public_id"), until=(LEFT,)), "is kept, and has a clock"),
    ],
)
def test_a_wrong_declaration_is_refused_with_table_and_field(declared, wrong):
    fault = one_fault(Absence, declared)
    assert fault.startswith("attendance.Absence: retention: ")
    assert wrong in fault


def test_a_number_below_must_be_there():
    declared = replace(NOTE, numbers_in=("core.Membership.absence_id",))
    assert "core.Membership.absence_id is no column of a table" in faults({Absence: declared})[0]


def test_a_field_that_is_emptied_must_be_able_to_be_empty():
    rest = ("school_class", "profile_name", "age_band")
    declared = blank(LEFT, names=("first_name", "last_name"), plain=rest)
    assert one_fault(StudentCard, declared).endswith(
        "first_name cannot be emptied: say in put what takes its place"
    )
    assert faults({StudentCard: replace(declared, put={"first_name": "Leerling"})}) == []
    # NULL, an empty word, an empty object and an empty list are all ways to be empty.
    photo = Sooner(("photo",), LEFT)
    assert faults({DayReport: delete(LEFT, names=("text",), sooner=(photo,))}) == []
    facts = blank(
        Until("at", "absence"),
        names=("before", "after"),
        plain=("public_id", "by_name", "by_address"),
    )
    assert faults({CompanyChange: facts}) == []
    roles = Sooner(("roles",), Until("named_at", "absence"))
    assert faults({Contact: replace(of(Contact), sooner=(roles,))}) == []


@isolate_apps("stage.core")
def test_two_rows_cannot_both_hold_the_empty_word_where_it_must_be_unique():
    class Badge(models.Model):
        code = models.CharField(max_length=9, blank=True, unique=True)
        made_on = models.DateField()

        class Meta:
            app_label = "core"

    declared = blank(Until("made_on", "absence"), names=("code",))
    assert "code cannot be emptied" in one_fault(Badge, declared)


def test_a_term_must_hold_today_and_be_one(monkeypatch):
    key = Until("starts", "absence")
    declared = replace(NOTE, until=(key,))
    [row] = [r for r in reference.values() if (r.kind, r.key) == ("retention", "absence")]
    for changed, wrong in [
        (replace(row, valid_from=date(2027, 1, 13)), "no reference value retention.absence"),
        (replace(row, valid_to=date(2027, 1, 11)), "no reference value retention.absence"),
        (replace(row, value="lang"), "retention.absence is no term: 'lang'"),
        (replace(row, value="2 years"), "retention.absence is no term"),
        (replace(row, value="24 months or so"), "retention.absence is no term"),
    ]:
        monkeypatch.setattr(reference, "values", lambda rows=(changed,): rows)
        assert wrong in one_fault(Absence, declared)


@isolate_apps("stage.core")
def test_every_kind_of_field_that_can_hold_a_person_is_asked_for():
    class Everything(models.Model):
        word = models.CharField(max_length=9)
        text = models.TextField()
        mail = models.EmailField()
        site = models.URLField()
        data = models.JSONField()
        words = ArrayField(models.CharField(max_length=9))
        file = models.FileField()
        raw = models.BinaryField()
        internet = models.GenericIPAddressField()
        birthday = models.DateField()
        of_birth = models.DateTimeField()
        person = models.BigIntegerField()
        # None of these can.
        day = models.DateField()
        kind = models.CharField(max_length=9, choices=MailState)
        kinds = ArrayField(models.CharField(max_length=9, choices=MailState))
        weekdays = ArrayField(models.PositiveSmallIntegerField())
        number = models.IntegerField()
        school = models.ForeignKey("core.School", PROTECT)

        class Meta:
            app_label = "core"

    able = ["word", "text", "mail", "site", "data", "words", "file", "raw", "internet"]
    able += ["birthday", "of_birth", "person"]
    missing = faults({Everything: delete(Until("day", "absence"))})
    asked = [m.split()[2] for m in missing if "stands neither" in m]
    assert asked == able
    declared = delete(Until("day", "absence"), names=tuple(able))
    assert one_fault(Everything, declared) == (
        "core.Everything: retention: file is a file whose bytes would stay: name it in files"
    )
    deep = (*("data.student.name", "data.guardian"), *(n for n in able if n != "data"))
    assert faults({Everything: replace(declared, names=deep, files=("file",))}) == []


# Terms


@pytest.mark.parametrize(
    ("amount", "unit", "day", "over"),
    [
        (24, "months", date(2026, 7, 15), date(2028, 7, 15)),
        (6, "months", date(2026, 8, 31), date(2027, 2, 28)),
        (6, "months", date(2027, 8, 31), date(2028, 2, 29)),
        (12, "months", date(2028, 2, 29), date(2029, 2, 28)),
        (1, "months", date(2026, 12, 1), date(2027, 1, 1)),
        (30, "days", date(2026, 12, 15), date(2027, 1, 14)),
        (0, "days", date(2026, 12, 15), date(2026, 12, 15)),
        (0, "school_years", date(2027, 7, 31), date(2027, 8, 1)),
        (0, "school_years", date(2027, 8, 1), date(2028, 8, 1)),
        (1, "school_years", date(2027, 7, 31), date(2028, 8, 1)),
    ],
)
def test_when_a_term_is_over(amount, unit, day, over):
    assert Term("x", amount, unit, "x").over_on(day) == over


# The order


def test_rows_go_before_what_they_refer_to():
    table = table_of_retention()
    order = deletion_order()
    assert sorted(m._meta.label for m in order) == sorted(m._meta.label for m in table)
    place = {model: n for n, model in enumerate(order)}
    held = 0
    for model in order:
        for key in model._meta.concrete_fields:
            if not key.is_relation or key.name in table[model].loosens:
                continue
            if key.remote_field.on_delete is not models.SET_NULL:
                held += 1
                assert place[model] < place[key.related_model], (model, key.name)
    assert held > 150
    assert place[Membership] < place[Student]
    assert place[StoredFile] < place[Student]


def test_a_ring_of_tables_is_refused_until_a_key_is_loosened():
    table = table_of_retention()
    loose = {f"{m.__name__}.{name}" for m, r in table.items() for name in r.loosens}
    assert loose == {
        "Student.mentor",
        "Company.merged_into",
        "Invitation.question",
        "Agreement.amends",
    }
    tied = {**table, Student: replace(table[Student], loosens=())}
    with pytest.raises(Ring, match=r"schools\.Student"):
        deletion_order(tied)
    assert [f for f in faults(tied) if "wait for each other" in f]
    deletion_order({**tied, Student: replace(table[Student], loosens=(), numbers_in=())})


def test_everything_can_be_deleted_in_that_order(world, tmp_path, settings):
    """Every table that goes by rows, with rows in it, and every key checked at each statement."""
    settings.FILES_ROOT = str(tmp_path)
    walls, table = table_of_walls(), table_of_retention()
    with use(SYSTEM), at(TUESDAY, "12:00"):
        bait.lay(world)
        gone = 0
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for model, declared in table.items():
                for name in declared.loosens:
                    model.objects.update(**{name: None})
            for model in deletion_order():
                wall = walls.get(model)
                takes_none = wall and "d" not in wall.system
                if table[model].does is Does.DELETE and not takes_none:
                    cursor.execute(f"DELETE FROM {model._meta.db_table}")
                    gone += cursor.rowcount
        assert gone > 200
        assert not Student.objects.exists()
        assert Profile.objects.exists()
