"""What the coordinator's home shows of letters and periods, and what stands first."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from companies.models import Campaign, GroupCompany, Invitation
from placements.models import OwnCompany, Placement
from stage.core.dutch.calendar import AMSTERDAM
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import Group, GroupStudent, Period, Student
from tests.attendance.helpers import TUESDAY, at
from tests.clients import client_of
from tests.companies.conftest import draft_of

HOME = reverse("web:home")
BEFORE = date(2026, 12, 1)
MOST = 25  # queries of a page


@pytest.fixture
def sent(world):
    """Berk's letter is out: Bakkerij Noord said yes in November, Garage Noord is silent."""
    with use(SYSTEM):
        Campaign.objects.filter(school=world.berk.school).update(state="sent")
        letters = Invitation.objects.filter(school=world.berk.school)
        letters.update(created_at=datetime(2026, 11, 2, 9, tzinfo=AMSTERDAM))
        letters.filter(state="yes").update(answered_at=datetime(2026, 11, 9, 9, tzinfo=AMSTERDAM))
    return world.berk.campaign


def home(world, day=BEFORE):
    """The page, with what its cards say on that day."""
    with at(day, "12:00"):
        page = client_of(world.berk.coordinator).get(HOME)
        page.letters = {card.campaign.pk: card for card in page.context["letters"].cards}
        page.whens = [card.when for card in page.context["periods"]]
    return page


def test_a_letter_that_is_out_shows_what_came_back_and_leads_there(world, sent):
    page = home(world)
    card = page.letters[sent.pk]
    assert (card.asked, card.answered, card.yes, card.places, card.new) == (2, 1, 1, 2, 0)
    parts = [(label, count) for label, count, _tone, _url in card.parts]
    assert parts == [("ja", 1), ("nog geen antwoord", 1)]
    text = page.content.decode()
    assert "1 van 2 bedrijven gaven antwoord" in text
    assert "nieuw vandaag" not in text
    for _label, count, _tone, url in card.parts:
        assert url.replace("&", "&amp;") in text
        with at(BEFORE, "12:00"):
            rows = client_of(world.berk.coordinator).get(url).context["page_obj"]
        assert len(rows) == count


def test_an_answer_of_today_is_new_and_leads_to_it_alone(world, sent):
    with use(SYSTEM):
        invitation = Invitation.objects.get(school=world.berk.school, state="sent")
        invitation.state = "later"
        invitation.answered_at = datetime(2026, 12, 1, 0, 5, tzinfo=AMSTERDAM)
        invitation.save()
    page = home(world)
    card = page.letters[sent.pk]
    assert card.new == 1
    assert "1 nieuw vandaag" in page.content.decode()
    with at(BEFORE, "12:00"):
        rows = client_of(world.berk.coordinator).get(card.new_url).context["page_obj"]
    assert [row.pk for row in rows] == [invitation.pk]
    assert home(world, BEFORE + timedelta(days=1)).letters[sent.pk].new == 0


def test_bounced_and_without_address_are_said(world, sent):
    with use(SYSTEM):
        rows = list(Invitation.objects.filter(school=world.berk.school).order_by("pk"))
        for row, state in zip(rows, ("bounced", "no_address"), strict=True):
            Invitation.objects.filter(pk=row.pk).update(state=state, answered_at=None)
    card = home(world).letters[sent.pk]
    parts = [(label, count) for label, count, _tone, _url in card.parts]
    assert parts == [("zonder e-mailadres", 1), ("niet aangekomen", 1)]
    assert (card.asked, card.answered, card.places) == (2, 0, 0)


def test_letters_and_periods_that_are_over_fall_off(world, sent):
    assert home(world).letters != {}
    running = home(world, TUESDAY)
    assert running.letters == {}
    assert [card.period for card in running.context["periods"]] == [world.berk.period]
    over = home(world, date(2027, 2, 1))
    assert over.letters == {}
    assert over.context["periods"] == []
    assert "Hoe ver is iedereen?" not in over.content.decode()


def test_a_letter_of_another_school_is_nowhere(world, sent):
    with use(SYSTEM):
        Campaign.objects.filter(school=world.els.school).update(state="sent")
    text = home(world).content.decode()
    assert world.els.campaign.public_id not in text
    assert world.els.period.public_id not in text


def test_a_period_shows_where_its_students_stand_and_what_comes_next(world, sent):
    page = home(world)
    (card,) = page.context["periods"]
    assert page.whens == ["begint over 41 dagen"]
    assert [part[:2] for part in card.parts] == [("op stage", 1), ("geen plek", 2)]
    assert card.next.text == "2 leerlingen zoeken nog"
    assert card.count == 3
    with at(BEFORE, "12:00"):
        client = client_of(world.berk.coordinator)
        for _label, count, _tone, url in card.parts:
            assert len(client.get(url).context["page_obj"]) == count
        assert len(client.get(card.next.url).context["page_obj"]) == 2
    assert home(world, TUESDAY).whens == ["loopt, nog 10 dagen"]
    assert home(world, date(2027, 1, 22)).whens == ["vandaag is de laatste dag"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("concept", "Begin 1 overeenkomst"),
        ("agreement", "1 overeenkomst is nog niet getekend"),
        ("signed", "Alles is klaar voor de eerste dag"),
    ],
)
def test_once_everybody_has_a_place_the_agreement_comes_next(world, sent, state, words):
    with use(SYSTEM):
        GroupStudent.objects.exclude(student=world.berk.students[0]).delete()
        Placement.objects.filter(pk=world.berk.placement.pk).update(state=state)
    (card,) = home(world).context["periods"]
    assert card.next.text == words


def test_a_student_in_two_groups_of_a_period_counts_once(world, sent):
    with use(SYSTEM):
        group = Group.objects.create(
            school=world.berk.school, period=world.berk.period, name="Nog een"
        )
        GroupStudent.objects.create(
            school=world.berk.school, group=group, student=world.berk.students[0]
        )
    page = home(world)
    (card,) = page.context["periods"]
    assert card.count == 3
    assert [strip.group.name for strip in card.strips] == ["3B", "Nog een"]
    assert "Per groep (2)" in page.content.decode()


def titles(page) -> list[str]:
    return [item.title for item in page.context["todos"]]


def test_a_forgotten_draft_is_never_first_and_has_no_green_button(world, sent):
    with use(SYSTEM), at(BEFORE, "11:00"):
        Placement.objects.filter(school=world.berk.school).update(briefed_at=timezone.now())
        again = draft_of(world.berk, group=world.berk.group)
    page = home(world)
    draft = next(t for t in page.context["todos"] if again.public_id in t.url)
    assert draft.title == "Kijk of deze brief nog weg moet"
    assert "al gevraagd" in draft.text
    assert page.context["todos"].index(draft) == len(titles(page)) - 1
    assert titles(page)[0] != draft.title
    primary = re.findall(r'<a class="button primary" href="([^"]*)"', page.content.decode())
    assert again.public_id not in " ".join(primary)


def test_a_draft_whose_companies_another_letter_asked_is_forgotten_too(world, sent):
    with use(SYSTEM), at(BEFORE, "11:00"):
        group = Group.objects.create(school=world.berk.school, period=world.berk.period, name="3C")
        for row in list(GroupCompany.objects.filter(group=world.berk.group)):
            GroupCompany.objects.create(
                school=world.berk.school, group=group, company_id=row.company_id
            )
        draft_of(world.berk, group=group)
    assert "Kijk of deze brief nog weg moet" in titles(home(world))
    with use(SYSTEM):
        Invitation.objects.filter(school=world.berk.school, state="sent").delete()
    assert "Verstuur de uitnodigingen" in titles(home(world))


def test_a_draft_that_nobody_touched_for_weeks_can_go_on_lying_there(world, sent):
    with use(SYSTEM), at(date(2026, 11, 20), "11:00"):
        draft_of(world.berk)
    assert "Verstuur de uitnodigingen" in titles(home(world, date(2026, 12, 2)))
    assert "Kijk of deze brief nog weg moet" in titles(home(world, date(2026, 12, 10)))


def test_mail_that_did_not_arrive_comes_before_agreements_to_begin(world, sent):
    with use(SYSTEM):
        Invitation.objects.filter(school=world.berk.school, state="sent").update(state="bounced")
        Placement.objects.filter(school=world.berk.school).update(state="concept")
    found = titles(home(world))
    bounced = found.index("Verbeter e-mailadressen: uitnodiging niet aangekomen")
    assert bounced < found.index("Begin een stageovereenkomst")


def test_the_first_words_stand_below_the_work(world, sent):
    text = home(world).content.decode()
    assert text.index("Help leerlingen") < text.index("Nieuw hier?")
    assert text.index("Hoe ver is iedereen?") < text.index("Nieuw hier?")


def test_many_things_to_do_leave_the_rest_of_the_page_in_sight(world, sent):
    named = {"school": world.berk.school, "period": world.berk.period, "city": "Noord"}
    with use(SYSTEM):
        for n, student in enumerate(world.berk.students):
            for k in range(3):
                OwnCompany.objects.create(
                    student=student, name=f"Eigen {n}{k}", state="named" if k == 0 else "asked",
                    **named,
                )  # fmt: skip
    assert "Toon de andere" not in home(world).content.decode()
    with use(SYSTEM):
        for n in range(8):
            student = Student.objects.create(
                school=world.berk.school, number=f"8{n}", first_name=f"N{n}",
                birth_date="2011-01-01",
            )  # fmt: skip
            OwnCompany.objects.create(student=student, name=f"Bedrijf {n}", **named)
    text = home(world).content.decode()
    many = len(titles(home(world)))
    assert f"Toon de andere {many - 6}" in text
    assert text.count('class="button primary"') == 1


def test_the_home_stays_within_its_queries_with_everything_there(world, sent):
    """All sources have something to say, and there are three of each card."""
    berk = world.berk
    with use(SYSTEM), at(BEFORE, "11:00"):
        draft_of(berk, group=berk.group)
        for n in range(3):
            draft_of(berk, state="sent")
            OwnCompany.objects.create(
                school=berk.school, student=berk.students[n], period=berk.period,
                name="Eigen", city="Noord",
            )  # fmt: skip
        Placement.objects.filter(school=berk.school).update(state="concept", teacher=None)
        Invitation.objects.filter(school=berk.school, state="sent").update(
            state="later", ask_again_on=date(2026, 11, 20)
        )
        assert Period.objects.filter(school=berk.school).count() > 3
    for day in (BEFORE, TUESDAY):
        with at(day, "12:00"):
            client = client_of(berk.coordinator)
            with CaptureQueriesContext(connection) as queries:
                page = client.get(HOME)
        counted = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
        assert len(page.context["periods"]) > 3
        assert len(counted) <= MOST, "\n".join(counted)
