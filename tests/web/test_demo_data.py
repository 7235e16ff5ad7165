"""The demo: built once through the services, every state in it, the same people each time."""

from collections import Counter
from datetime import date, timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from assessments.enums import AssessmentState, HandInState
from assessments.models import Assessment, HandIn, Mark
from attendance.enums import AbsenceKind, Flag
from attendance.models import Absence, CheckIn, ConfirmedDay, DayReport, WeekConfirmation
from companies.enums import CampaignState, InvitationState
from companies.models import Campaign, Company, Contact, Invitation, Location, Place
from placements.agreements.enums import AgreementState
from placements.agreements.models import Agreement, Signature
from placements.enums import ApplicationState, PlacementState
from placements.models import Application, Placement, PlannedDay, StudentCard
from stage.core.enums import MailState, Role
from stage.core.models import Membership, OutboxMail, Region, School
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.actors import actor_of_membership
from stage.devtools import showing as demo
from stage.devtools.demo import build, clock
from stage.devtools.demo.companies import OTHER_REGION
from stage.devtools.demo.names import COORDINATORS
from stage.schools.enums import PeriodKind
from stage.schools.models import Group, Guardian, KeptFilter, Profile, Student

# The story is the same each time, whatever the day.
FIRST_STUDENTS = ["Ole Pinas", "Willemijn Peters"]
OWNER = ("Gerard Groot", "gerard@bakkerijvandiepen.voorbeeld")

pytestmark = pytest.mark.django_db


def last_working_day() -> date:
    """The newest one of which eleven o'clock is past: somebody is late then, somebody missing."""
    return clock.workday(timezone.localdate(timezone.now() - timedelta(hours=11)))


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    """The small demo, for all tests of this module; rolled back afterwards."""
    from django.db import transaction
    from django.test import override_settings

    files = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), override_settings(FILES_ROOT=files), transaction.atomic():
        with clock.at(clock.on(last_working_day(), "11:00")):
            build.build(size="small")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def everything(built, db):
    with use(SYSTEM):
        yield


def states(model) -> set[str]:
    return states_of(model.objects.all())


def states_of(rows) -> set[str]:
    return set(rows.order_by().values_list("state", flat=True).distinct())


def test_it_has_a_region_of_three_schools_and_sixty_companies_of_all_profiles(everything):
    first = Region.objects.earliest("pk")
    assert School.objects.filter(region=first).count() == 3
    here = Company.objects.filter(region=first)
    assert here.count() == 60 + 1  # one is known by its telephone only
    profiles = {p for row in here.values_list("profiles", flat=True) for p in row}
    assert profiles == set(Profile.objects.values_list("code", flat=True))
    # Of a company that a school brought in for one student, the town is all that is known.
    assert not Location.objects.filter(latitude=None).exclude(street="").exists()
    assert not Student.objects.filter(pk__in=_without_guardian()).exists()


def test_another_region_stands_beside_it_and_sees_nothing_of_it(everything):
    other = Region.objects.get(name=OTHER_REGION)
    school = School.objects.get(region=other)
    assert Student.objects.filter(school=school).count() == 8
    assert Group.objects.get(school=school).companies.count() == 3
    for role in ("bureau", "coordinator"):
        member = Membership.objects.select_related("school").get(region=other, role=role)
        actor = actor_of_membership(member)
        with use(actor.scope):
            assert set(Company.objects.values_list("region", flat=True)) == {other.pk}
            assert set(Student.objects.values_list("school", flat=True)) <= {school.pk}


def test_some_students_are_ready_for_a_snuffelstage_without_an_agreement(everything):
    placements = Placement.objects.filter(period__kind=PeriodKind.TASTER)
    assert placements.count() >= 3
    assert states_of(placements) == {PlacementState.SIGNED}
    assert all((p.ends - p.starts).days == 1 for p in placements)
    assert not Agreement.objects.filter(placement__in=placements).exists()
    # Of the same class some have no place yet.
    group = Group.objects.get(period__kind=PeriodKind.TASTER)
    assert group.members.count() > placements.count()


def test_the_first_coordinator_keeps_filters_of_two_lists(everything):
    kept = KeptFilter.objects.select_related("member").order_by("pk")
    assert [row.page for row in kept] == [page for page, _name, _query in build.KEPT]
    assert {row.member.name for row in kept} == {COORDINATORS[0]}


def _without_guardian():
    known = Guardian.objects.values("student_id")
    return Student.objects.exclude(pk__in=known).values("pk")


def test_every_state_that_can_be_reached_occurs(everything):
    assert states(Application) == set(ApplicationState)
    assert states(Placement) == set(PlacementState)
    assert states(Agreement) == set(AgreementState)
    assert states(Invitation) == set(InvitationState)
    assert states(HandIn) == set(HandInState)
    assert states(Assessment) == set(AssessmentState)
    assert {CampaignState.DRAFT, CampaignState.SENT} <= states(Campaign)


def test_agreements_carry_the_hash_of_their_text_and_all_signatures(everything):
    complete = Agreement.objects.filter(state=AgreementState.COMPLETE)
    assert complete.count() >= 8
    for agreement in complete:
        assert agreement.is_intact
        parties = Counter(agreement.signatures.values_list("party", flat=True))
        assert set(parties) >= {"student", "company", "school"}
        assert set(parties.values()) == {1}
    assert Signature.objects.filter(method="paper").exists()


def test_a_period_includes_today_and_has_odd_days(everything):
    today = last_working_day()
    running = Placement.objects.filter(state=PlacementState.RUNNING)
    assert running.count() >= 8
    assert all(p.starts <= today <= p.ends for p in running)
    assert CheckIn.objects.filter(flags__contains=[Flag.LATE]).exists()
    assert DayReport.objects.exclude(photo=None).exists()
    assert WeekConfirmation.objects.exists()
    assert ConfirmedDay.objects.filter(minutes__gt=0).exists()
    assert Mark.objects.filter(locked_at=None).exists()
    assert Mark.objects.exclude(locked_at=None).exists()


def test_today_somebody_is_there_late_ill_or_missing(everything):
    planned = PlannedDay.objects.filter(date=last_working_day())
    arrived = CheckIn.objects.filter(date=last_working_day())
    ill = Absence.objects.filter(starts=last_working_day(), kind=AbsenceKind.ILL)
    assert arrived.filter(flags__contains=[Flag.LATE]).exists()
    assert ill.exists()
    assert arrived.count() + ill.count() < planned.count()


def test_nothing_lies_in_the_future(everything):
    now = timezone.now()
    assert not CheckIn.objects.filter(at__gt=now).exists()
    assert not Signature.objects.filter(at__gt=now).exists()
    assert not Application.objects.filter(submitted_at__gt=now).exists()
    assert not Invitation.objects.filter(answered_at__gt=now).exists()


@pytest.mark.parametrize(
    ("model", "path"),
    [
        (Application, "student__school_id"),
        (Application, "place__school_id"),
        (Application, "period__school_id"),
        (Placement, "student__school_id"),
        (Placement, "teacher__school_id"),
        (Placement, "place__school_id"),
        (PlannedDay, "placement__school_id"),
        (Agreement, "placement__school_id"),
        (Invitation, "campaign__school_id"),
        (Place, "invitation__school_id"),
        (StudentCard, "student__school_id"),
        (CheckIn, "placement__school_id"),
        (HandIn, "assignment__school_id"),
        (Student, "mentor__school_id"),
    ],
)
def test_no_row_points_into_another_school(everything, model, path):
    strangers = model.objects.exclude(**{path: None}).exclude(**{path: F("school_id")})
    assert strangers.count() == 0


def test_companies_of_rows_fit_their_parts(everything):
    assert not Placement.objects.exclude(place__company_id=F("company_id")).exists()
    assert not Placement.objects.exclude(supervisor__company_id=F("company_id")).exists()
    assert not Contact.objects.exclude(company__region_id=F("region_id")).exists()


def test_letters_of_the_past_are_not_sent_again(everything):
    waiting = OutboxMail.objects.filter(state=MailState.QUEUED)
    # A weekend may lie between the moment of building and now.
    old = timezone.now() - build.FRESH - timedelta(days=3)
    assert not waiting.filter(created_at__lt=old).exists()
    assert not waiting.filter(event="staff_invited").exists()
    assert waiting.count() < 400


def test_every_role_can_log_in_with_what_the_console_says(everything, settings):
    logins = demo.logins()
    assert {login.role for login in logins} == {
        Role(r).label for r in ("coordinator", "teacher", "bureau", "operator")
    }
    for login in logins:
        needs_code = login.role != Role.TEACHER.label
        assert bool(login.code) == needs_code
    first = next(login for login in logins if login.role == Role.COORDINATOR.label)
    assert (first.name, first.email) == (COORDINATORS[0], "petra@stadscollege.voorbeeld")
    out = StringIO()
    call_command("logins", stdout=out)
    assert first.email in out.getvalue()
    assert settings.DEMO_PASSWORD in out.getvalue()


def test_the_password_of_the_demo_opens_an_account(everything, settings):
    password = settings.DEMO_PASSWORD
    email = "petra@stadscollege.voorbeeld"
    member = Membership.objects.select_related("user").get(email=email)
    assert member.user.check_password(password)
    assert authenticate(request=None, email=email, password="x") is None


def test_addresses_lead_nowhere(everything):
    for model in (Student, Guardian, Contact, Company, Membership):
        rows = model.objects.exclude(email="").exclude(email__endswith=".voorbeeld")
        assert not rows.exists(), model


def test_it_is_not_built_twice(everything):
    students = Student.objects.count()
    call_command("demo", if_empty=True)
    assert Student.objects.count() == students
    with pytest.raises(CommandError):
        call_command("demo")


def test_the_same_people_each_time(everything):
    students = Student.objects.filter(school__name="Stadscollege Arnhem").order_by("pk")
    assert [s.full_name for s in students[:2]] == FIRST_STUDENTS
    bakery = Company.objects.get(name="Bakkerij Van Diepen")
    owner = Contact.objects.filter(company=bakery).with_role("signatory").get()
    assert (owner.name, owner.email) == OWNER


def test_the_clock_stands_still_and_goes_on():
    moment = clock.on(timezone.now().date() - timedelta(days=9), "10:15")
    with clock.at(moment):
        assert timezone.now() == moment
        assert timezone.localdate() == moment.date()
        assert OutboxMail._meta.get_field("not_before").get_default() == moment
        # Templates decide by it what is a moment.
        assert timezone.template_localtime(moment, use_tz=True) == moment
    assert timezone.now() > moment
