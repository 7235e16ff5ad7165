"""What the database lets each audience write: what a service would, as oneself, and nothing else.

Raw rows in the scope of a real actor, without any service: the policies, grants and triggers alone.
"""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import ProgrammingError, connection, transaction
from django.db.utils import Error as DatabaseError
from django.utils import timezone

from assessments.models import Assessment, Evidence, HandIn
from attendance.models import Absence, CheckIn, ConfirmedDay, DayReport, WeekConfirmation
from companies.models import Company, Invitation, Location, Offer, Place, Trust
from placements.agreements.models import Agreement, AgreementArticle
from placements.models import Application, Placement
from stage.core.dutch.calendar import school_today
from stage.core.models import AuditEntry, OutboxMail, StoredFile
from stage.core.tenants.tenancy import SYSTEM, use
from tests.assessments import things
from tests.placements.agreements import frozen

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def people(world):
    """Student, guardian and company contact of the first placement of school Berk."""
    berk = world.berk
    return {
        "student": world.actor(berk.logins[0]),
        "guardian": world.guardian_actor(berk.guardians[0], world.noord.region),
        "company": world.company_actor(world.noord.contacts[0]),
    }


def about(placement: Placement, **values) -> dict:
    names = ("school_id", "student_id", "company_id")
    return {name: getattr(placement, name) for name in names} | {"placement": placement} | values


def refused(actor, write) -> bool:
    """Whether the database itself says no, or finds no row that this role may change."""
    try:
        with use(actor.scope), transaction.atomic():
            return write() == 0
    except ProgrammingError as error:
        return bool(re.search("row-level security|permission denied", str(error)))


def check_in(placement: Placement, **values):
    row = about(placement, date=school_today(), at=timezone.now(), method="poster", **values)
    return CheckIn.objects.create(**row)


def absence(placement: Placement, **values):
    row = {"kind": "ill", "starts": school_today(), "reported_kind": "student"} | values
    return Absence.objects.create(**about(placement, **row))


# --- attendance -------------------------------------------------------------------------------


def test_a_student_checks_in_today_and_as_itself_only(world, people):
    mine, student = world.berk.placement, people["student"]
    today = school_today()
    for wrong in (
        {"date": today - DAY},
        {"date": today + DAY},
        {"method": "settled"},
        {"method": "supervisor"},
        {"kind": "end"},
        {"flags_seen_at": timezone.now()},
        {"settled_by": world.berk.coordinator},
    ):
        row = about(mine, date=today, at=timezone.now(), method="poster") | wrong
        assert refused(student, lambda row=row: CheckIn.objects.create(**row)), wrong
    assert refused(student, lambda: check_in(world.els.placement))
    assert refused(people["guardian"], lambda: check_in(mine))
    assert not refused(student, lambda: check_in(mine))
    assert refused(student, lambda: CheckIn.objects.update(flags=[]))


def test_a_company_ticks_by_its_own_hand_and_never_ahead(world, people):
    mine, company = world.berk.placement, people["company"]
    row = about(mine, at=timezone.now(), method="supervisor", date=school_today())
    for wrong in ({"method": "poster"}, {"date": school_today() + DAY}):
        assert refused(company, lambda wrong=wrong: CheckIn.objects.create(**(row | wrong))), wrong
    assert not refused(company, lambda: CheckIn.objects.create(**row))


@pytest.mark.parametrize("who", ["student", "guardian", "company"])
def test_absence_is_told_for_days_to_come_in_ones_own_name(world, people, who):
    mine, today = world.berk.placement, school_today()
    own = {"reported_kind": people[who].role}
    for wrong in (
        {"starts": today - DAY},
        {"starts": today + 2 * DAY},
        {"reported_kind": "teacher"},
        {"excused": True},
        {"ends": today - DAY},
    ):
        assert refused(people[who], lambda wrong=wrong: absence(mine, **(own | wrong))), wrong
    assert not refused(people[who], lambda: absence(mine, **own, starts=today + DAY))
    later = {"starts": today + 2 * DAY, "ends": today + 30 * DAY}
    assert not refused(people[who], lambda: absence(mine, **own, **later, kind="other"))


@pytest.mark.parametrize("who", ["student", "guardian", "company"])
def test_absence_that_the_school_settled_stays_as_it_is(world, people, who):
    today = school_today()
    with use(SYSTEM):
        row = absence(world.berk.placement, kind="other", starts=today - 3 * DAY, ends=today - DAY)
    rows = Absence.objects.filter(pk=row.pk)
    assert refused(people[who], lambda: rows.update(excused=True))
    assert refused(people[who], lambda: rows.update(ends=today, back_at=timezone.now()))
    with use(SYSTEM):
        rows.update(ends=None)
    assert not refused(people[who], lambda: rows.update(ends=today, back_at=timezone.now()))


def test_a_report_is_the_students_until_the_day_is_confirmed(world, people):
    mine, student, today = world.berk.placement, people["student"], school_today()
    write = lambda day: DayReport.objects.create(**about(mine, date=day, text="Gebakken."))  # noqa: E731
    assert refused(student, lambda: write(today + DAY))
    assert refused(people["guardian"], lambda: write(today))
    assert not refused(student, lambda: write(today))
    year, week, _weekday = today.isocalendar()
    with use(SYSTEM):
        WeekConfirmation.objects.create(
            **about(mine, iso_year=year, iso_week=week, contact=world.noord.contacts[0])
        )
        ConfirmedDay.objects.create(
            **about(mine, date=today, version=1, minutes=360, by=world.noord.contacts[0])
        )
    assert refused(student, lambda: DayReport.objects.update(text="Iets anders."))
    assert not refused(student, lambda: write(today - 7 * DAY))


def test_a_week_is_confirmed_when_it_has_come_and_not_long_after(world, people):
    company, today = people["company"], school_today()
    confirm = lambda day: WeekConfirmation.objects.create(  # noqa: E731
        **about(world.berk.placement, contact=world.noord.contacts[0]),
        iso_year=day.isocalendar()[0],
        iso_week=day.isocalendar()[1],
    )
    assert refused(company, lambda: confirm(today + 7 * DAY))
    assert not refused(company, lambda: confirm(today))
    with use(SYSTEM):
        old = confirm(today - 35 * DAY)
    assert refused(
        company, lambda: WeekConfirmation.objects.filter(pk=old.pk).update(remark="Te laat.")
    )


# --- applications, work, assessments ----------------------------------------------------------


@pytest.mark.parametrize("who", ["student", "company"])
def test_the_state_of_an_application_is_moved_by_services_only(world, people, who):
    rows = Application.objects.filter(pk=world.berk.applications[0].pk)
    assert refused(people[who], lambda: rows.update(state="accepted"))
    assert refused(people[who], lambda: rows.update(motivation="Neem mij."))


def test_work_is_handed_in_by_the_student_and_done_by_the_teacher(world, people):
    student = people["student"]
    with use(SYSTEM):
        row = things.hand_in(world.berk)
        shown = things.evidence(row, world.berk)
    rows = HandIn.objects.filter(pk=row.pk)
    for wrong in ({"state": "done"}, {"feedback": "Prachtig."}, {"due": None}):
        assert refused(student, lambda wrong=wrong: rows.update(**wrong)), wrong
    assert refused(people["guardian"], lambda: rows.update(answer="Zo."))
    now = timezone.now()
    sent = {"answer": "Zo.", "state": "handed_in", "handed_in_at": now}
    assert refused(student, lambda: rows.update(**{**sent, "handed_in_at": None}))
    assert not refused(student, lambda: rows.update(**sent))
    with use(SYSTEM):
        rows.update(handed_in_at=now - timedelta(days=1))
    # What changes is handed in anew, or taken back.
    assert refused(student, lambda: rows.update(answer="Toch anders."))
    assert refused(student, lambda: Evidence.objects.filter(pk=shown.pk).delete()[0])
    assert not refused(student, lambda: rows.update(state="open", handed_in_at=None))


def test_a_student_says_one_thing_about_an_assessment_and_changes_nothing_in_it(world, people):
    with use(SYSTEM):
        row = things.given(world.berk, world.noord.contacts[0])
    rows, student, now = Assessment.objects.filter(pk=row.pk), people["student"], timezone.now()
    assert refused(student, lambda: rows.update(note="Beste stagiair ooit."))
    assert refused(student, lambda: rows.update(outcome="normal"))
    said = {"student_agrees": True, "student_comment": "Klopt.", "reacted_at": now}
    assert refused(people["guardian"], lambda: rows.update(**said))
    assert not refused(student, lambda: rows.update(**said))
    assert refused(student, lambda: rows.update(**said))
    # Nor does the company speak for the student, or write beside what was said.
    assert refused(people["company"], lambda: rows.update(note="Nog iets."))
    assert refused(people["company"], lambda: rows.update(student_comment="Alles goed."))


# --- files, the trail, mail -------------------------------------------------------------------


def test_a_student_keeps_files_of_its_own_kinds_only(world, people):
    with use(SYSTEM):
        file = things.evidence(things.hand_in(world.berk), world.berk).file
    rows = StoredFile.objects.filter(pk=file.pk)
    assert refused(people["student"], lambda: rows.update(path="bb/iets.jpg"))
    copy = {f.attname: getattr(file, f.attname) for f in StoredFile._meta.concrete_fields}
    for name in ("id", "public_id", "path"):
        copy.pop(name, None)
    store = lambda kind: StoredFile.objects.create(**copy | {"kind": kind, "path": "cc/1.jpg"})  # noqa: E731
    assert refused(people["student"], lambda: store("paper"))
    assert refused(people["guardian"], lambda: store("evidence"))
    assert not refused(people["student"], lambda: store("evidence"))


@pytest.mark.parametrize("who", ["student", "guardian", "company"])
def test_the_trail_is_written_as_oneself(world, people, who):
    actor, school = people[who], world.berk.school

    def entry(**values):
        own = {"actor_kind": actor.kind, "actor_id": actor.id, "actor_role": actor.role}
        return AuditEntry.objects.bulk_create(
            [AuditEntry(**{"verb": "saw", "school": school} | own | values)]
        )

    for wrong in ({"actor_id": actor.id + 1}, {"actor_role": "coordinator"}, {"actor_kind": "job"}):
        assert refused(actor, lambda wrong=wrong: entry(**wrong)), wrong
    assert refused(actor, lambda: entry(school=world.iep.school))
    assert not refused(actor, entry)


def test_mail_goes_out_of_schools_in_scope_to_people_who_belong_there(world, people):
    company, berk = people["company"], world.berk

    def mail(**values):
        row = {
            "region": world.noord.region,
            "school": berk.school,
            "event": "assessment_given",
            "person_kind": "student",
            "person_id": berk.placement.student_id,
            "key": f"proof:{timezone.now().timestamp()}",
        } | values
        return OutboxMail.objects.bulk_create([OutboxMail(**row)], ignore_conflicts=True)

    for wrong in (
        {"school": None},
        {"school": world.iep.school, "region": world.zuid.region},
        {"person_id": berk.students[2].pk},
        {"person_kind": "guardian", "person_id": berk.guardians[0].pk},
        {"state": "sent"},
    ):
        assert refused(company, lambda wrong=wrong: mail(**wrong)), wrong
    assert not refused(company, mail)
    assert refused(people["student"], mail)


# --- companies and their posters ----------------------------------------------------------------


@pytest.mark.parametrize("who", ["student", "guardian"])
def test_a_student_reads_no_posters_code_and_asks_where_one_hangs(world, people, who):
    place, elsewhere = world.noord.locations[0], world.zuid.locations[0]
    rows = Location.objects.all()
    assert refused(people[who], lambda: list(rows.values_list("poster_code")))
    assert refused(people[who], lambda: rows.filter(poster_code=place.poster_code).count())
    with use(people[who].scope), connection.cursor() as cursor:
        assert rows.defer("poster_code").count() == len(world.noord.locations)
        found = []
        for code in (place.poster_code, elsewhere.poster_code, ""):
            cursor.execute("SELECT location_id, company_id FROM location_of_poster(%s)", [code])
            found.append(cursor.fetchall())
        assert found == [[(place.pk, place.company_id)], [], []]
        # What follows a reference leaves the code where it is.
        assert Placement.objects.get().location in (None, place)


def test_a_company_answers_and_keeps_its_page_and_no_more(world, people):
    company = people["company"]
    mine = Company.objects.filter(pk=world.noord.contacts[0].company_id)
    for wrong in ({"name": "Anders"}, {"kvk_number": "12345678"}, {"attendance_mode": "student"}):
        assert refused(company, lambda wrong=wrong: mine.update(**wrong)), wrong
    assert not refused(company, lambda: mine.update(description="Wij bakken."))
    asked = Invitation.objects.filter(school=world.berk.school)
    for wrong in ({"state": "bounced"}, {"state": "queued"}, {"contact": None}, {"resent": 3}):
        assert refused(company, lambda wrong=wrong: asked.update(**wrong)), wrong
    assert not refused(company, lambda: asked.update(state="no", answered_at=timezone.now()))


@pytest.mark.parametrize("who", ["student", "guardian", "company"])
def test_what_is_offered_is_read_and_written_by_services_only(world, people, who):
    berk, reader = world.berk, people[who]
    offers, places = Offer.objects.order_by("pk"), Place.objects.order_by("pk")
    with use(reader.scope):
        shown = offers.get(pk=berk.places[0].offer_id), places.get(pk=berk.places[0].pk)
    for row in shown:
        rows = type(row).objects.filter(pk=row.pk)
        copy = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
        for name in ("id", "public_id", "invitation_id"):
            copy.pop(name, None)
        assert refused(reader, lambda rows=rows: rows.update(how_many=5))
        assert refused(reader, lambda rows=rows, copy=copy: rows.create(**copy))
        assert refused(reader, lambda rows=rows: rows._raw_delete("default"))


def test_a_company_vouches_in_its_own_name_and_moves_no_address(world, people):
    company, berk = people["company"], world.berk
    known = Trust.objects.filter(school=berk.school, contact=world.noord.contacts[0])
    assert refused(company, lambda: known.update(address="ander@voorbeeld.test"))
    assert refused(company, lambda: known.update(proven_at=timezone.now()))

    def vouch(**values):
        row = {
            "school": berk.school,
            "company_id": world.noord.contacts[0].company_id,
            "contact": world.noord.supervisors[0],
            "address": "nieuw@voorbeeld.test",
            "source": "named",
        } | values
        return Trust.objects.create(**row)

    with use(SYSTEM):
        Trust.objects.filter(contact=world.noord.supervisors[0]).update(until=timezone.now())
    for wrong in (
        {"source": "typed"},
        {"by": berk.coordinator},
        {"proven_at": timezone.now()},
        {"school": world.iep.school},
    ):
        assert refused(company, lambda wrong=wrong: vouch(**wrong)), wrong
    assert not refused(company, vouch)


# --- what was signed --------------------------------------------------------------------------


def test_the_text_that_people_sign_is_fixed_for_everybody(world):
    agreement = frozen(world)
    with use(SYSTEM):
        other = Agreement.objects.get(pk=agreement.pk).document | {"version": 99}
    scopes = (SYSTEM, world.actor(world.berk.coordinator).scope)
    for scope in scopes:
        for change in ({"document": other}, {"document": None}, {"whole_hash": "0" * 64}):
            with use(scope), pytest.raises(DatabaseError, match="fixed"), transaction.atomic():
                Agreement.objects.filter(pk=agreement.pk).update(**change)
        with use(scope), pytest.raises(DatabaseError, match="fixed"), transaction.atomic():
            AgreementArticle.objects.filter(agreement=agreement).update(text="Anders.")
        with use(scope):
            assert Agreement.objects.filter(pk=agreement.pk).update(objection="Toch niet.") == 1


# --- the cache --------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["student", "guardian", "company"])
def test_no_audience_writes_the_cache_and_everybody_uses_it(people, who):
    sql = "INSERT INTO django_cache VALUES ('planted', 'x', now())"

    def plant():
        with connection.cursor() as cursor:
            cursor.execute(sql)

    assert refused(people[who], plant)
    with use(people[who].scope):
        cache.set("seen", {"tries": [1, 2.5]}, 60)
        assert cache.get("seen") == {"tries": [1, 2.5]}
