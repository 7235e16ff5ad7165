"""The supervisor's assessment: list, one student, the group, and the student's reaction."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.enums import AssessmentState, Outcome
from assessments.models import Assessment, Criterion, Mark, Score
from assessments.services import judging
from assessments.services.form import ensure_default_form
from assessments.services.judging import Judgement
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from stage.core.who.policies import NotAllowed
from tests.assessments import things
from tests.clients import client_of, client_of_contact
from tests.races import behind

LIST = "assessments:assessment_list"


@pytest.fixture
def placement(world):
    with use(SYSTEM):
        return things.started(world.berk.placement)


@pytest.fixture
def criteria(world, placement):
    with use(SYSTEM):
        return list(Criterion.objects.filter(form=ensure_default_form(world.berk.school)))


@pytest.fixture
def supervisor(world):
    return client_of_contact(world.noord.supervisors[0])


def fill_url(placement):
    return reverse("assessments:assessment_fill", args=[placement.public_id])


def the_assessment():
    with use(SYSTEM):
        return Assessment.objects.get()


def test_the_usual_form_has_eight_attitudes_and_three_questions(criteria):
    assert [c.is_open for c in criteria] == [False] * 8 + [True] * 3


def test_the_list_names_who_waits(world, placement, supervisor):
    page = supervisor.get(reverse(LIST)).content.decode()
    assert "Aya Berk" in page
    assert fill_url(placement) in page
    other = client_of_contact(world.noord.contacts[1]).get(reverse(LIST)).content.decode()
    assert "Aya" not in other


def test_the_lists_ask_as_much_for_three_as_for_one(world, placement, criteria, supervisor):
    pages = [reverse(LIST), reverse("assessments:assessment_group")]
    counts = [_count(supervisor, page) for page in pages]
    with use(SYSTEM):
        for n in (1, 2):
            things.another_placement(world.berk, n, world.noord.companies[0])
    assert [_count(supervisor, page) for page in pages] == counts


def _count(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_first_look_of_a_company_makes_the_form(world, placement, supervisor):
    page = supervisor.get(fill_url(placement)).content.decode()
    assert "Op tijd en afspraken" in page
    assert "Wat gaat goed?" in page


def test_a_draft_is_the_company_s_own(world, placement, criteria, supervisor):
    data = things.filled(criteria[:2])
    data.pop("give")
    assert supervisor.post(fill_url(placement), data).status_code == 302
    row = the_assessment()
    assert (row.state, row.version) == (AssessmentState.DRAFT, 1)
    for actor in (world.actor(world.berk.logins[0]), world.actor(world.berk.teacher)):
        with use(actor.scope):
            assert list(Assessment.objects.visible_to(actor)) == []
            assert list(Score.objects.visible_to(actor)) == []
    with use(world.actor(world.berk.logins[0]).scope):
        assert Assessment.objects.count() == 0
        assert Score.objects.count() == 0


def test_giving_needs_all_eight(world, placement, criteria, supervisor):
    data = things.filled(criteria[:7])
    response = supervisor.post(
        fill_url(placement), {**data, f"text_{criteria[8].pk}": "Fijne hulp"}
    )
    assert response.status_code == 422
    assert "Fijne hulp" in response.content.decode()
    with use(SYSTEM):
        assert Assessment.objects.count() == 0
    assert supervisor.post(fill_url(placement), things.filled(criteria)).status_code == 302
    row = the_assessment()
    assert row.state == AssessmentState.GIVEN
    assert row.contact_id == world.noord.supervisors[0].pk
    with use(SYSTEM):
        assert list(row.scores.values_list("points", flat=True)) == [3] * 8
        assert [m.event for m in OutboxMail.objects.all()] == ["assessment_given"]


@pytest.mark.parametrize("points", ["0", "5", "veel"])
def test_points_are_one_to_four(placement, criteria, supervisor, points):
    data = things.filled(criteria, points=points)
    assert supervisor.post(fill_url(placement), data).status_code == 422


@pytest.mark.parametrize("outcome", [Outcome.NO_SHOW, Outcome.STOPPED])
def test_not_come_or_stopped_needs_a_story_only(placement, criteria, supervisor, outcome):
    data = {"outcome": outcome, "note": "", "version": "0", "give": "1"}
    assert supervisor.post(fill_url(placement), data).status_code == 422
    data["note"] = "Na een week gestopt."
    assert supervisor.post(fill_url(placement), data).status_code == 302
    row = the_assessment()
    assert (row.outcome, row.note, row.state) == (outcome, data["note"], AssessmentState.GIVEN)
    with use(SYSTEM):
        assert row.scores.count() == 0


def test_before_the_first_day_there_is_nothing_to_judge(world, supervisor):
    address = fill_url(world.berk.placement)
    assert "nog niet begonnen" in supervisor.get(address).content.decode()
    assert supervisor.post(address, {"give": "1"}).status_code == 409


def test_two_people_with_the_same_page_do_not_overwrite_each_other(
    world, placement, criteria, supervisor
):
    colleague = client_of_contact(world.noord.contacts[0])
    assert supervisor.post(fill_url(placement), things.filled(criteria, 4)).status_code == 302
    late = colleague.post(fill_url(placement), things.filled(criteria, 1))
    assert late.status_code == 422
    assert "intussen bewaard" in late.content.decode()
    with use(SYSTEM):
        assert set(Score.objects.values_list("points", flat=True)) == {4}


@pytest.mark.parametrize("begun", [False, True])
def test_two_people_at_once_one_of_them_is_told(committed_world, begun):
    world = committed_world
    with use(SYSTEM):
        placement = things.started(world.berk.placement)
        form = ensure_default_form(world.berk.school)
        points = {c.pk: 2 for c in Criterion.objects.filter(form=form, is_open=False)}
    people = [world.noord.supervisors[0], world.noord.contacts[0]]
    if begun:
        actor = world.company_actor(people[0])
        with use(actor.scope):
            judging.save_assessment(placement, Judgement(), version=0, give=False, actor=actor)

    def work(actor):
        mine = Placement.objects.visible_to(actor).get(pk=placement.pk)
        judging.save_assessment(
            mine, Judgement(points=points), version=int(begun), give=True, actor=actor
        )

    first, second = ((world.company_actor(who), work) for who in people)
    assert behind(first, second) == "conflict"
    with use(SYSTEM):
        assert Score.objects.count() == 8
        assert Assessment.objects.get().version == 1 + begun


def test_a_link_alone_proves_nobody(world, placement):
    import dataclasses

    actor = dataclasses.replace(world.company_actor(world.noord.supervisors[0]), proven=False)
    with use(actor.scope):
        with pytest.raises(NotAllowed):
            judging.save_assessment(placement, Judgement(), version=0, give=False, actor=actor)
        assert todo.for_actor(actor) == []


def test_changing_within_fourteen_days_resets_the_reaction(world, placement, criteria, supervisor):
    supervisor.post(fill_url(placement), things.filled(criteria))
    student = client_of(world.berk.logins[0])
    show = reverse("assessments:assessment_show", args=[the_assessment().public_id])
    student.post(show, {"agrees": "yes"})
    changed = things.filled(criteria, 4, version="1")
    assert supervisor.post(fill_url(placement), changed).status_code == 302
    row = the_assessment()
    assert (row.student_agrees, row.reacted_at) == (None, None)
    with use(SYSTEM):
        assert set(row.scores.values_list("points", flat=True)) == {4}
        assert OutboxMail.objects.filter(event="assessment_given").count() == 2


@pytest.mark.parametrize("why", ["late", "locked"])
def test_after_fourteen_days_or_a_final_mark_it_stands(world, placement, criteria, supervisor, why):
    supervisor.post(fill_url(placement), things.filled(criteria))
    with use(SYSTEM):
        if why == "late":
            Assessment.objects.update(given_at=timezone.now() - timedelta(days=15))
        else:
            Mark.objects.create(
                school=world.berk.school,
                student=world.berk.students[0],
                placement=placement,
                value=7,
                given_by=world.berk.teacher,
                locked_at=timezone.now(),
            )
    data = things.filled(criteria, 1, version="1")
    assert supervisor.post(fill_url(placement), data).status_code == 409
    with use(SYSTEM):
        assert set(Score.objects.values_list("points", flat=True)) == {3}
    assert "ligt vast" in supervisor.get(fill_url(placement)).content.decode()


def test_the_group_in_one_save_leaves_blank_ones_alone(world, placement, criteria, supervisor):
    with use(SYSTEM):
        second = things.another_placement(world.berk, 1, world.noord.companies[0])
        third = things.another_placement(world.berk, 2, world.noord.companies[0])
    url = reverse("assessments:assessment_group")
    page = supervisor.get(url).content.decode()
    assert "Aya Berk" in page
    assert "Bram Berk" in page
    data = {"give": "1"}
    for row, points in ((placement, 4), (second, 2)):
        for name, value in things.filled(criteria, points).items():
            data[f"{row.public_id}-{name}"] = value
    data |= {f"{third.public_id}-outcome": "normal", f"{third.public_id}-version": "0"}
    missing = {k: v for k, v in data.items() if k != f"{second.public_id}-points_{criteria[0].pk}"}
    assert supervisor.post(url, missing).status_code == 422
    with use(SYSTEM):
        assert Assessment.objects.count() == 0
    assert supervisor.post(url, data).status_code == 302
    with use(SYSTEM):
        given = Assessment.objects.filter(state=AssessmentState.GIVEN)
        assert set(given.values_list("placement_id", flat=True)) == {placement.pk, second.pk}


def test_the_student_reads_it_and_reacts_once(world, placement, criteria, supervisor):
    supervisor.post(fill_url(placement), things.filled(criteria))
    row = the_assessment()
    student = client_of(world.berk.logins[0])
    actor = world.actor(world.berk.logins[0])
    with use(actor.scope):
        assert [t.title for t in todo.for_actor(actor)] == ["Lees je beoordeling"]
    show = reverse("assessments:assessment_show", args=[row.public_id])
    assert "voldoende" in student.get(show).content.decode()
    assert student.post(show, {"agrees": "no", "comment": " "}).status_code == 422
    student.post(show, {"agrees": "no", "comment": "Ik was altijd op tijd."})
    student.post(show, {"agrees": "yes", "comment": "Toch wel"})
    row = the_assessment()
    assert (row.student_agrees, row.student_comment) == (False, "Ik was altijd op tijd.")
    assert client_of(world.berk.logins[1]).get(show).status_code == 404


def assessments_waiting(actor) -> list[todo.Todo]:
    return [t for t in todo.for_actor(actor) if t.url.startswith("/leren/")]


def test_the_company_s_todo_comes_three_days_before_the_end(world, placement):
    actor = world.company_actor(world.noord.supervisors[0])
    with use(actor.scope):
        assert assessments_waiting(actor) == []
    with use(SYSTEM):
        things.started(placement, ends_in=3)
    with use(actor.scope):
        [item] = assessments_waiting(actor)
    assert (item.title, item.text) == ("Beoordeel uw stagiair", "Aya Berk")


def test_the_folder_offers_the_form_only_from_the_first_day_on(world, placement):
    folder = reverse("placements:placement_show", args=[placement.public_id])
    form = reverse("assessments:assessment_fill", args=[placement.public_id])
    client = client_of_contact(world.noord.supervisors[0])
    with use(SYSTEM):
        day = school_today()
        to_come = {"starts": day + timedelta(days=7), "ends": day + timedelta(days=14)}
        Placement.objects.filter(pk=placement.pk).update(**to_come)
    assert form not in client.get(folder).content.decode()
    with use(SYSTEM):
        things.started(placement, ends_in=3)
    assert form in client.get(folder).content.decode()
