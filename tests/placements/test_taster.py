"""A snuffelstage: ready with its match, without an agreement or an assessment."""

from datetime import date

import pytest
from django.urls import reverse

from assessments.queries import ending_soon_without_assessment, missing_marks
from attendance.models import CheckIn
from companies import letters
from companies.models import Place
from placements import services
from placements.agreements.queries.listing import without_agreement
from placements.agreements.services import starting
from placements.models import Placement
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.ui import todo
from stage.core.who.actors import job_at
from stage.core.who.policies import Conflict
from stage.schools.models import Group, Period, Student
from stage.schools.services import periods
from tests.attendance.helpers import MONDAY, at
from tests.clients import client_of, client_of_contact
from tests.placements.test_matching_services import match, unmatch


def make_taster(world):
    with use(SYSTEM):
        Period.objects.filter(pk=world.berk.period.pk).update(kind="taster", ends="2027-01-12")


@pytest.fixture
def taster(world):
    """Of Berk, with nobody placed yet."""
    with use(SYSTEM):
        Placement.objects.filter(pk=world.berk.placement.pk).update(state="cancelled")
        world.berk.placement.planned_days.all().delete()
        Place.objects.filter(school=world.berk.school).update(how_many=5)
    make_taster(world)
    return world.berk.period


def stored(placement) -> Placement:
    with use(SYSTEM):
        return Placement.objects.select_related("period").get(pk=placement.pk)


def test_a_match_makes_it_ready_and_the_trail_says_so(world, taster):
    placement = match(world, n=2)
    assert stored(placement).state == "signed"
    with use(SYSTEM):
        verbs = AuditEntry.objects.filter(object_id=placement.pk).values_list("verb", flat=True)
        assert "placement_made_ready" in set(verbs)


def test_another_kind_waits_for_its_agreement(world):
    with use(SYSTEM):
        Place.objects.filter(school=world.berk.school).update(how_many=5)
    assert stored(match(world, n=2)).state == "concept"


def test_no_agreement_is_asked_or_can_be_made(world, taster):
    placement = match(world, n=2)
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        assert not without_agreement(actor).exists()
        assert "vereenkomst" not in " ".join(t.title for t in todo.for_actor(actor))
        with pytest.raises(Conflict, match="geen overeenkomst"):
            starting.start_agreements([Placement.objects.get(pk=placement.pk)], actor=actor)
    page = client_of(world.berk.coordinator).get(
        reverse("placements:placement_show", args=[placement.public_id])
    )
    text = page.content.decode()
    assert "Begin de overeenkomst" not in text
    assert "Beoordeling" not in text
    assert "Staat klaar" in text
    assert "Getekend" not in text


def test_it_runs_on_its_days_with_check_in_and_report(world, taster):
    placement = match(world, n=2)
    with at(MONDAY):
        client = client_of(world.berk.logins[2])
        with use(SYSTEM):
            world.noord.locations[0].refresh_from_db()
        code = {"code": world.noord.locations[0].poster_code}
        assert client.post(reverse("attendance:check_in"), code).status_code == 302
        assert "Schrijf alvast mijn verslag" in client.get(reverse("web:home")).content.decode()
        with use(school_scope(world.berk.school)):
            actor = job_at(world.berk.school)
            services.advance_placements(today=MONDAY, actor=actor)
    with use(SYSTEM):
        assert CheckIn.objects.get(student=world.berk.students[2]).flags == []
    assert stored(placement).state == "running"


def test_nobody_is_asked_to_judge_it(world, taster):
    match(world, n=2)
    actor = world.actor(world.berk.coordinator)
    later = date(2027, 1, 13)
    with at(later), use(actor.scope):
        Placement.objects.filter(period=taster).update(state="finished")
        assert not ending_soon_without_assessment(later).filter(school=world.berk.school).exists()
        assert not missing_marks(actor).exists()
        Period.objects.filter(pk=taster.pk).update(kind="block")
        assert ending_soon_without_assessment(later).filter(school=world.berk.school).exists()


def test_a_student_reads_je_snuffelstage(world, taster):
    placement = match(world, n=2)
    client = client_of(world.berk.logins[2])
    page = client.get(reverse("placements:placement_show", args=[placement.public_id]))
    assert "Je snuffelstage" in page.content.decode()


def test_its_match_can_be_undone_and_a_signed_stage_cannot(world, taster):
    placement = match(world, n=2)
    unmatch(world, placement)
    assert stored(placement).state == "cancelled"
    with use(SYSTEM):
        Period.objects.filter(pk=taster.pk).update(kind="block")
    other = match(world, n=2)
    with use(SYSTEM):
        Placement.objects.filter(pk=other.pk).update(state="signed")
    with pytest.raises(Conflict, match="al getekend"):
        unmatch(world, other)


def test_under_fourteen_only_a_snuffelstage(world, taster):
    with use(SYSTEM):
        young = Student.objects.get(pk=world.berk.students[2].pk)
        young.birth_date = date(2013, 1, 12)  # fourteen on the second day
        young.save()
        Period.objects.filter(pk=taster.pk).update(kind="block")
    with pytest.raises(Conflict, match="13 jaar"):
        match(world, n=2)
    make_taster(world)
    assert stored(match(world, n=2)).state == "signed"


def test_who_is_fourteen_on_the_first_day_may_work(world, taster):
    with use(SYSTEM):
        Student.objects.filter(pk=world.berk.students[2].pk).update(birth_date=date(2013, 1, 11))
        Period.objects.filter(pk=taster.pk).update(kind="block")
    assert stored(match(world, n=2)).state == "concept"


def test_the_kind_stays_once_somebody_is_placed(world):
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        with pytest.raises(Conflict, match="soort stage kan niet meer veranderen"):
            periods.change_period(world.berk.period, values={"kind": "taster"}, actor=actor)
        # From block to weekly days is no other kind of rules.
        assert periods.change_period(
            world.berk.period, values={"kind": "weekdays"}, actor=actor
        ) == ["kind"]


def test_without_anybody_placed_the_kind_can_change(world, taster):
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        changed = periods.change_period(taster, values={"kind": "block"}, actor=actor)
    assert changed == ["kind"]


def test_its_letter_asks_less(world, taster):
    assert letters.problems(letters.TASTER_LETTER) == []
    assert letters.problems(letters.TASTER_SUBJECT) == []
    page = client_of(world.berk.coordinator).get(reverse("companies:campaign_add"))
    text = page.content.decode()
    assert "U tekent geen" in text
    assert "snuffelstage" in text


def test_an_untouched_text_becomes_that_of_the_group_that_was_chosen(world, taster):
    from companies.forms.campaigns import CampaignForm
    from companies.models import Campaign

    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        group = Group.objects.get(pk=world.berk.group.pk)
        sent = {
            "group": group.pk,
            "subject": letters.DEFAULT_SUBJECT,
            "letter": letters.DEFAULT_LETTER.replace("\n", "\r\n"),
            "reminder_days": "7",
        }
        form = CampaignForm(sent, instance=Campaign(), actor=actor)
        assert form.is_valid(), form.errors
        assert form.values()["letter"] == letters.TASTER_LETTER
        assert form.values()["subject"] == letters.TASTER_SUBJECT
        own = CampaignForm({**sent, "letter": "Eigen tekst."}, instance=Campaign(), actor=actor)
        assert own.is_valid()
        assert own.values()["letter"] == "Eigen tekst."


def test_the_company_sees_no_judgement_to_give(world, taster):
    with use(SYSTEM):
        Placement.objects.filter(pk=world.els.placement.pk).update(state="cancelled")
    match(world, n=2, supervisor=world.noord.supervisors[0])
    with at(MONDAY):
        client = client_of_contact(world.noord.supervisors[0])
        text = client.get(reverse("assessments:assessment_list")).content.decode()
        assert "Cem" not in text
        trainees = client.get(reverse("placements:trainee_list")).content.decode()
    assert "Cem" in trainees
    assert "Staat klaar" in trainees
