"""All yeses in one press: what is shown before, what happens, who is told why not."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from companies.enums import PlaceState
from companies.models import Place
from placements.enums import ApplicationState
from placements.models import Application, Placement, PlannedDay
from placements.views import accepted
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import Group, GroupStudent, Period, Student
from tests.clients import client_of
from tests.placements.helpers import apply_to, mails, state_of
from tests.placements.test_application_services import roomy, second_place


@pytest.fixture
def client(world):
    return client_of(world.berk.coordinator)


def page_of(world) -> str:
    return reverse("placements:match_accepted", args=[world.berk.group.public_id])


def said_yes(world, n, place=None, **fields):
    """The company's yes to one of the students, as a plain row."""
    place = place or world.berk.places[0]
    with use(SYSTEM):
        found = Application.objects.filter(student=world.berk.students[n], place=place).first()
        if found is None:
            return apply_to(place, world.berk.students[n], ApplicationState.ACCEPTED, **fields)
        found.state = ApplicationState.ACCEPTED
        found.save(update_fields=["state"])
        return found


@pytest.fixture
def two(world):
    """A yes for each of the two students without a place, and room for both."""
    roomy(world, 3)
    return [said_yes(world, 1), said_yes(world, 2)]


def codes(wishes) -> dict:
    return {"application": [wish.public_id for wish in wishes]}


def placed(world) -> set[str]:
    with use(SYSTEM):
        rows = Placement.objects.live().filter(period=world.berk.period)
        return {p.student.first_name for p in rows.select_related("student")}


def text_of(response) -> str:
    return response.content.decode()


def test_the_board_leads_there_only_when_there_is_a_yes(world, client):
    board = reverse("placements:board")
    assert page_of(world) not in text_of(client.get(board))
    roomy(world, 3)
    said_yes(world, 1)
    text = text_of(client.get(board))
    assert page_of(world) in text
    assert "Koppel alle ja's (1)" in unescape(text)


def test_without_a_yes_the_page_offers_nothing_to_press(world, client):
    response = client.get(page_of(world))
    assert (response.context["ready"], response.context["stuck"]) == ([], [])
    assert 'method="post"' not in text_of(response).split("<main")[1].split("</main")[0]


def test_first_it_shows_who_goes_where_and_changes_nothing(world, client, two):
    response = client.get(page_of(world))
    shown = [(y.application.student.first_name, y.pair.place) for y in response.context["ready"]]
    assert shown == [("Cem", world.berk.places[0]), ("Bram", world.berk.places[0])]
    assert "Koppel 2 leerlingen" in text_of(response)
    assert "10 dagen" in text_of(response)
    assert placed(world) == {"Aya"}


def test_then_everybody_is_matched_as_if_one_by_one(world, client, two):
    response = client.post(page_of(world), codes(two), follow=True)
    assert "2 leerlingen gekoppeld." in text_of(response)
    assert response.redirect_chain[0][0].endswith(f"?groep={world.berk.group.public_id}")
    assert placed(world) == {"Aya", "Bram", "Cem"}
    students = {world.berk.students[n].pk for n in (1, 2)}
    assert {m.person_id for m in mails("placement_made")} == students
    with use(SYSTEM):
        made = Placement.objects.filter(student__in=students)
        trail = AuditEntry.objects.filter(
            verb="placement_made", object_id__in=made.values_list("pk")
        )
        assert trail.count() == 2
        assert PlannedDay.objects.filter(placement__in=made).count() == 20


def test_pressing_twice_matches_nobody_twice(world, client, two):
    client.post(page_of(world), codes(two))
    response = client.post(page_of(world), codes(two), follow=True)
    assert "2 leerlingen waren al gekoppeld." in text_of(response)
    assert "niet gekoppeld" not in text_of(response)
    assert len(mails("placement_made")) == 2


def test_who_cannot_be_matched_any_more_is_named_and_the_others_go_on(world, client, two):
    with use(SYSTEM):
        Application.objects.filter(pk=two[0].pk).update(state=ApplicationState.WITHDRAWN)
    response = client.post(page_of(world), codes(two), follow=True)
    assert "1 leerling gekoppeld." in text_of(response)
    assert "Bram van Berk is niet gekoppeld. De sollicitatie is ingetrokken." in text_of(response)
    assert placed(world) == {"Aya", "Cem"}


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (ApplicationState.DECLINED, "Bakkerij Noord zegt nu nee."),
        (ApplicationState.WITH_COMPANY, "Het ja van Bakkerij Noord geldt niet meer."),
    ],
)
def test_a_yes_that_is_none_any_more_is_told(world, client, two, state, reason):
    with use(SYSTEM):
        Application.objects.filter(pk=two[0].pk).update(state=state)
    assert reason in text_of(client.post(page_of(world), codes(two), follow=True))
    assert placed(world) == {"Aya", "Cem"}


def test_a_place_that_went_or_filled_up_is_told_before_and_after(world, client, two):
    with use(SYSTEM):
        Place.objects.filter(pk=world.berk.places[0].pk).update(how_many=1)
    response = client.get(page_of(world))
    assert response.context["ready"] == []
    assert "Bij dit bedrijf is geen plek meer vrij." in text_of(response)
    assert "Koppel 0" not in text_of(response)
    with use(SYSTEM):
        Place.objects.filter(pk=world.berk.places[0].pk).update(state=PlaceState.WITHDRAWN)
    response = client.post(page_of(world), codes(two), follow=True)
    assert text_of(response).count("is niet gekoppeld. Deze plek is er niet meer.") == 2
    assert placed(world) == {"Aya"}


def test_days_in_another_period_stand_in_the_way(world, client, two):
    client.post(page_of(world), codes(two[:1]))
    with use(SYSTEM):
        berk = world.berk
        period = Period.objects.create(
            school=berk.school,
            name="Nog een",
            kind=berk.period.kind,
            starts=berk.period.starts + timedelta(days=7),
            ends=berk.period.ends + timedelta(days=7),
            weekdays=berk.period.weekdays,
            day_from=berk.period.day_from,
            day_to=berk.period.day_to,
        )
        group = Group.objects.create(school=berk.school, period=period, name="3C")
        GroupStudent.objects.create(school=berk.school, group=group, student=berk.students[1])
        place = second_place(world)
        Place.objects.filter(pk=place.pk).update(period=period)
        place.refresh_from_db()
        apply_to(place, berk.students[1], ApplicationState.ACCEPTED)
    response = client.get(reverse("placements:match_accepted", args=[group.public_id]))
    assert "Overlap: op ma 18 januari 2027 is deze leerling al bij Bakkerij Noord." in text_of(
        response
    )


def test_of_two_yeses_the_one_wanted_most_counts_and_the_other_company_hears_it(world, client):
    roomy(world, 3)
    second = second_place(world)
    later, first = said_yes(world, 1, rank=2), said_yes(world, 1, second, rank=1)
    with use(SYSTEM):
        Application.objects.filter(pk=later.pk).update(rank=2)
    response = client.get(page_of(world))
    (yes,) = response.context["ready"]
    assert (yes.application, yes.others) == (first, [world.noord.companies[0].name])
    client.post(page_of(world), codes([first]))
    assert state_of(later) == ApplicationState.CLOSED
    assert len(mails("application_off")) == 1


def test_a_yes_that_cannot_be_gives_way_to_one_that_can(world, client):
    full = second_place(world)
    with use(SYSTEM):
        Place.objects.filter(pk=full.pk).update(state=PlaceState.WITHDRAWN)
    roomy(world, 3)
    possible = said_yes(world, 1)
    said_yes(world, 1, full, rank=0)
    (yes,) = client.get(page_of(world)).context["ready"]
    assert yes.application == possible
    assert yes.others == [world.noord.companies[1].name]


def test_both_yeses_of_one_student_at_once_give_one_place(world, client, two):
    other = said_yes(world, 1, second_place(world), rank=5)
    response = client.post(page_of(world), codes([*two, other]), follow=True)
    assert "Bram van Berk is al geplaatst bij Bakkerij Noord." in text_of(response)
    with use(SYSTEM):
        assert Placement.objects.filter(student=world.berk.students[1]).count() == 1


@pytest.mark.parametrize("code", ["onzin", "", "' OR 1=1", "x" * 300])
def test_made_up_codes_are_not_there_and_nobody_is_matched(world, client, two, code):
    data = {"application": [two[0].public_id, code]}
    assert client.post(page_of(world), data).status_code == 404
    assert placed(world) == {"Aya"}


def test_strangers_applications_and_groups_are_not_there(world, client, two):
    with use(SYSTEM):
        foreign = Application.objects.filter(school=world.els.school).first()
    assert client.post(page_of(world), codes([*two, foreign])).status_code == 404
    theirs = reverse("placements:match_accepted", args=[world.els.group.public_id])
    assert client.get(theirs).status_code == 404
    assert client.post(theirs, codes(two)).status_code == 404
    assert placed(world) == {"Aya"}


def test_somebody_of_the_school_outside_the_group_is_not_in_it(world, client, two):
    with use(SYSTEM):
        GroupStudent.objects.filter(student=world.berk.students[2]).delete()
    assert client.post(page_of(world), codes(two)).status_code == 404
    names = [y.application.student.first_name for y in client.get(page_of(world)).context["ready"]]
    assert names == ["Bram"]


def test_who_left_school_is_not_offered(world, client, two):
    with use(SYSTEM):
        Student.objects.filter(pk=world.berk.students[2].pk).update(left_on="2026-11-30")
    names = [y.application.student.first_name for y in client.get(page_of(world)).context["ready"]]
    assert names == ["Bram"]
    response = client.post(page_of(world), codes(two), follow=True)
    assert "Cem Berk is niet gekoppeld. Cem Berk is van school." in text_of(response)


def test_many_go_in_more_than_one_press(world, client, two, monkeypatch):
    monkeypatch.setattr(accepted, "MANY", 1)
    response = client.get(page_of(world))
    assert len(response.context["ready"]) == 1
    assert "Daarna kun je verder met nog 1 leerling." in text_of(response)
    assert client.post(page_of(world), codes(two)).status_code == 404
    assert placed(world) == {"Aya"}
    client.post(page_of(world), codes([response.context["ready"][0].application]))
    response = client.get(page_of(world))
    assert (len(response.context["ready"]), response.context["later"]) == (1, 0)


def test_the_page_costs_the_same_for_one_and_more(world, client, django_assert_max_num_queries):
    roomy(world, 3)
    said_yes(world, 1)
    client.get(page_of(world))
    with django_assert_max_num_queries(40) as before:
        client.get(page_of(world))
    said_yes(world, 1, second_place(world), rank=2)
    said_yes(world, 2)
    said_yes(world, 2, second_place(world), rank=2)
    with django_assert_max_num_queries(40) as after:
        client.get(page_of(world))
    assert len(before) == len(after)
