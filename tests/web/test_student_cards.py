"""The student's home: who waits, who was refused or chosen, a mark, the first day."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from assessments.models import Mark
from companies.models import Company
from placements.enums import UNANSWERED_DAYS, ApplicationState
from placements.models import Application, Placement, PlannedDay
from stage.core.dutch.calendar import AMSTERDAM
from stage.core.models import Membership
from stage.core.tenants.tenancy import SYSTEM, use
from tests.attendance.helpers import MONDAY, at
from tests.clients import client_of
from tests.placements.helpers import apply_to
from tests.placements.test_application_services import roomy, second_place

HOME = reverse("web:home")
STAGE = reverse("web:student_stage")
LIST = reverse("placements:application_list")
SENT = date(2026, 12, 1)
LATER = SENT + timedelta(days=2)


@pytest.fixture
def cem(world):
    """Cem, who has not applied anywhere."""
    roomy(world)
    with at(LATER, "08:00"):
        return client_of(world.berk.logins[2])


def applied(world, state=ApplicationState.WITH_COMPANY, place=None, **fields):
    when = datetime(2026, 12, 1, 9, tzinfo=AMSTERDAM)
    with use(SYSTEM):
        return apply_to(
            place or world.berk.places[0],
            world.berk.students[2],
            state,
            submitted_at=None if state == ApplicationState.DRAFT else when,
            **fields,
        )


def home(who, day=LATER, clock="12:00") -> str:
    """The page of a client, or of a log-in that comes in that day."""
    with at(day, clock):
        client = who if hasattr(who, "get") else client_of(who)
        return " ".join(client.get(HOME).content.decode().split())


def test_who_waits_reads_for_whom_since_when_and_until_when(world, cem):
    applied(world)
    page = home(cem)
    assert "Je wacht op Bakkerij Noord" in page
    assert "verstuurd dinsdag 1 december 2026" in page or "verstuurd di" in page
    assert f"{(SENT + timedelta(days=UNANSWERED_DAYS)).day} december" in page
    assert "Nog 2 sollicitaties over" in page
    assert LIST in page
    assert "Je hebt nog geen stage" not in page


def test_who_waits_is_reminded_of_what_is_begun(world, cem):
    applied(world)
    assert "Maak je sollicitatie af" not in home(cem)
    applied(world, ApplicationState.DRAFT, second_place(world))
    page = home(cem)
    assert "Je wacht op Bakkerij Noord" in page
    assert "Maak je sollicitatie af" in page


def test_the_tab_leads_who_applied_to_the_applications(world, cem):
    with at(LATER):
        assert cem.get(STAGE)["Location"] == reverse("placements:place_browse")
        applied(world)
        assert cem.get(STAGE)["Location"] == LIST


def test_who_was_chosen_reads_what_comes_next(world, cem):
    applied(world, ApplicationState.ACCEPTED)
    applied(world, ApplicationState.PARKED, second_place(world))
    page = home(cem)
    assert "Het bedrijf zegt ja" in page
    assert "Je stagecoördinator beslist" in page
    assert "Je wacht op" not in page


def test_an_answer_opens_itself_and_is_gone_once_read(world, cem):
    decided = datetime(2026, 12, 2, 9, tzinfo=AMSTERDAM)
    row = applied(world, ApplicationState.DECLINED, decided_at=decided, reason="Al vol.")
    page = home(cem)
    url = reverse("placements:application_answer", args=[row.public_id])
    assert "Lees het antwoord van Bakkerij Noord" in page
    assert url in page
    with at(LATER):
        assert "Al vol." in cem.get(url).content.decode()
    page = home(cem)
    assert "Lees het antwoord" not in page
    assert "<h2>Zoek een andere plek</h2>" in page
    with use(SYSTEM):
        Application.objects.filter(pk=row.pk).update(state=ApplicationState.ACCEPTED)
    assert "Lees het antwoord" in home(cem)


def test_an_answer_is_not_for_a_classmate(world, cem):
    row = applied(world, ApplicationState.DECLINED)
    url = reverse("placements:application_answer", args=[row.public_id])
    with at(LATER):
        assert cem.get(url).status_code == 200
        assert client_of(world.berk.logins[0]).get(url).status_code == 404


def test_a_no_from_one_while_another_still_reads_is_no_reason_to_search(world, cem):
    applied(world, ApplicationState.DECLINED)
    applied(world, place=second_place(world))
    page = home(cem)
    assert "Je wacht op Garage Noord" in page
    assert "Zoek een andere plek" not in page


@pytest.fixture
def over(world):
    """Berk's first student finished; the mark is final since Monday 25 January."""
    with use(SYSTEM):
        Placement.objects.filter(pk=world.berk.placement.pk).update(state="finished")
        Mark.objects.create(
            school=world.berk.school,
            student=world.berk.students[0],
            placement=world.berk.placement,
            value="7.7",
            remark="Mooi gewerkt, Ada!",
            given_by=world.berk.teacher,
            locked_at=datetime(2027, 1, 25, 9, tzinfo=AMSTERDAM),
        )
    return world.berk.logins[0]


def test_a_final_mark_comes_first_for_a_week(world, over):
    page = home(over, date(2027, 1, 26))
    assert "Je cijfer: 7,7" in page
    assert "Mooi gewerkt, Ada!" in page
    assert (
        f"{reverse('placements:placement_show', args=[world.berk.placement.public_id])}#mark"
        in page
    )
    assert page.index("Je cijfer") < page.index("Je stage is klaar")
    later = home(over, date(2027, 2, 2))
    assert "Je cijfer" not in later
    assert "Je hebt nog geen stage" not in later
    assert "Je stage is klaar" in later


def test_a_mark_that_is_not_final_is_not_said(world, over):
    with use(SYSTEM):
        Mark.objects.update(locked_at=None)
    assert "7,7" not in home(over, date(2027, 1, 26))


def test_who_finished_last_year_looks_again(world, over):
    page = home(over, date(2027, 9, 6))
    assert "Je stage is klaar" not in page


def test_the_first_day_is_told_from_a_week_before(world):
    with use(SYSTEM):
        Company.objects.filter(pk=world.berk.placement.company_id).update(
            clothing="Dichte schoenen"
        )
        Membership.objects.filter(pk=world.berk.teacher.pk).update(telephone="0612345678")
    ada = world.berk.logins[0]
    page = home(ada, MONDAY - timedelta(days=1), "19:00")
    assert "Je eerste dag" in page
    assert "van 08:30 tot 15:30" in page
    assert "Dichte schoenen" in page
    assert f"Vraag naar {world.noord.supervisors[0].name}" in page
    assert world.berk.placement.location.address_line in page
    assert "Bel " in page
    assert "Je eerste dag" not in home(ada, MONDAY - timedelta(days=8))
    assert "Je eerste dag" not in home(ada, MONDAY)


def test_a_later_day_is_no_first_day_even_if_the_dates_were_moved(world):
    with use(SYSTEM):
        second = PlannedDay.objects.filter(placement=world.berk.placement).order_by("date")[1]
        Placement.objects.filter(pk=world.berk.placement.pk).update(starts=second.date)
        before = second.date - timedelta(days=1)
        PlannedDay.objects.filter(placement=world.berk.placement, date=before).update(
            date=before - timedelta(days=5)
        )
    page = home(world.berk.logins[0], before, "19:00")
    assert "Je volgende dag" in page
    assert "Je eerste dag" not in page


def test_the_home_of_who_hunts_needs_few_queries(world, cem, django_assert_max_num_queries):
    applied(world)
    applied(world, ApplicationState.DRAFT, second_place(world))
    with at(LATER), django_assert_max_num_queries(40):
        cem.get(HOME)
