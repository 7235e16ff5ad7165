"""The coordinator's board, list, people and briefs; the folder for everybody."""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from companies.models import Contact
from placements import board as boards
from placements.eligibility import examine
from placements.enums import PlacementState
from placements.models import Placement
from placements.views import board as board_page
from placements.words import PLACEMENT_WORDS
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from stage.schools.models import Student
from stage.schools.services import people
from tests.clients import client_of, client_of_contact, client_of_guardian
from tests.placements.agreements import actors, frozen, sign_as
from tests.placements.helpers import apply_to, mails
from tests.placements.test_application_services import roomy, second_place


@pytest.fixture
def client(world):
    return client_of(world.berk.coordinator)


def page(response) -> str:
    return response.content.decode()


def test_the_board_shows_where_everybody_is(world, client):
    response = client.get(reverse("placements:board"))
    states = {line.student.first_name: line.state for line in response.context["page_obj"]}
    assert states == {"Aya": "placed", "Bram": "applied", "Cem": "nothing"}
    text = page(response)
    assert "1 van 2 vrij" in text
    assert "Els" not in text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?staat=nothing", ["Cem"]),
        ("?staat=accepted", []),
        ("?q=bram", ["Bram"]),
        ("?klas=3B&staat=accepted", []),
        ("?groep=onzin", ["Aya", "Bram", "Cem"]),
    ],
)
def test_filters_of_the_board(world, client, query, names):
    response = client.get(reverse("placements:board") + query)
    found = sorted(line.student.first_name for line in response.context["page_obj"])
    assert found == names


def test_a_group_without_students_says_so_and_leads_to_choosing_them(world, client):
    with use(SYSTEM):
        group = world.berk.group
        empty = type(group).objects.create(
            school=group.school, period=group.period, name="Nog leeg"
        )
    text = page(client.get(reverse("placements:board"), {"groep": empty.public_id}))
    assert "Nog geen leerlingen in deze groep" in text
    assert reverse("web:group_students", args=[empty.public_id]) in text
    assert "0 t/m 0" not in text


def test_the_board_costs_the_same_for_one_and_more(world, client, django_assert_max_num_queries):
    url = reverse("placements:board")
    client.get(url)
    with django_assert_max_num_queries(60) as before:
        client.get(url)
    with use(SYSTEM):
        other = second_place(world)
        apply_to(other, world.berk.students[1])
        apply_to(other, world.berk.students[2])
    with django_assert_max_num_queries(60) as after:
        client.get(url)
    assert len(before) == len(after)


def test_a_line_offers_what_suits_best_and_everything_on_asking(world, client, monkeypatch):
    with use(SYSTEM):
        for _n in range(3):
            second_place(world)
        home, student = world.berk.places[0], world.berk.students[2]
    monkeypatch.setattr(boards, "SUGGESTED", 2)
    url = reverse("placements:board")

    def offered(query=""):
        lines = client.get(url + query).context["page_obj"]
        (line,) = [line for line in lines if line.student == student]
        return [option.place for option in line.options]

    assert len(offered()) == 2
    assert offered()[0] == home  # a bakery, for a student of its profile
    assert f"leerling={student.public_id}#leerling-{student.public_id}" in page(client.get(url))
    assert len(offered(f"?leerling={student.public_id}")) == 4


def test_the_list_beside_the_board_is_short_until_asked(world, client, monkeypatch):
    with use(SYSTEM):
        second_place(world)
    monkeypatch.setattr(board_page, "OPTIONS", 1)
    short = client.get(reverse("placements:board"))
    assert len(short.context["options"]) == 1
    assert short.context["more_places"] in page(short)
    assert len(client.get(reverse("placements:board") + "?plekken=alle").context["options"]) == 2


def match(client, student, place, **more):
    data = {"student": student.public_id, "place": place.public_id if place else "", **more}
    return client.post(reverse("placements:match"), data, follow=True)


def test_matching_from_the_board_and_undoing_it(world, client):
    board = reverse("placements:board") + "?staat=nothing"
    response = match(client, world.berk.students[2], world.berk.places[0], next=board)
    assert response.redirect_chain[0][0] == board
    assert "Cem Berk gaat naar Bakkerij Noord." in page(response)
    with use(SYSTEM):
        placement = Placement.objects.get(student=world.berk.students[2])
    undo = reverse("placements:unmatch", args=[placement.public_id])
    assert undo in page(response)
    assert "losmaken van Bakkerij Noord?" in page(client.get(undo))
    group = world.berk.group.public_id
    assert client.post(undo).url == f"{reverse('placements:board')}?groep={group}"
    with use(SYSTEM):
        placement.refresh_from_db()
    assert placement.state == PlacementState.CANCELLED


def test_matching_elsewhere_than_home_is_not_followed(world, client):
    place, student = world.berk.places[0], world.berk.students[2]
    response = match(client, student, place, next="https://kwaad.test/")
    assert response.redirect_chain[0][0] == reverse("placements:board")


def test_a_conflict_is_told(world, client):
    response = match(client, world.berk.students[0], second_place(world))
    assert "Aya Berk is al geplaatst bij Bakkerij Noord." in page(response)


def test_matching_without_a_place_asks_for_one(world, client):
    assert "Kies eerst een plek." in page(match(client, world.berk.students[2], None))


def test_matching_anothers_student_or_place_is_not_there(world, client):
    assert match(client, world.els.students[2], world.berk.places[0]).status_code == 404
    assert match(client, world.berk.students[2], world.els.places[0]).status_code == 404


def test_what_does_not_fit_is_a_remark_and_what_cannot_be_an_obstacle(world):
    place = second_place(world)
    with use(SYSTEM):
        student = Student.objects.select_related("profile").get(pk=world.berk.students[2].pk)
        student.city, place.offer.location.city = "Maastricht", "Groningen"
        place.company.minimum_age = 16
        Contact.objects.filter(company=place.company).update(roles=["contact"])
        (pair,) = examine([(student, place)])
        place.how_many = 0
        (full,) = examine([(student, place)])
    assert [f.code for f in pair.findings] == ["age", "profile", "far", "no_supervisor"]
    assert pair.obstacle is None
    assert full.obstacle.code == "full"
    assert full.remarks == pair.remarks


def test_the_overview_of_a_student(world, client):
    url = reverse("placements:application_overview", args=[world.berk.students[1].public_id])
    assert "Ik ben Bram en ik wil graag bakken." in page(client.get(url))
    foreign = reverse("placements:application_overview", args=[world.els.students[1].public_id])
    assert client.get(foreign).status_code == 404


def test_the_list_filters(world, client):
    url = reverse("placements:placement_list")
    assert "Aya Berk" in page(client.get(url))
    assert "Els" not in page(client.get(url))
    for query, there in (
        ("staat=running", True),
        ("staat=signed", False),
        (f"docent={world.berk.teacher.public_id}", True),
        (f"docent={world.berk.colleague.public_id}", False),
        (f"docent={world.berk.teacher.pk}", True),  # not understood: as if not given
        ("docent=0", True),
        ("mist=brief", True),
        ("mist=teacher", False),
        ("q=bakkerij", True),
        ("q=zeep", False),
        (f"periode={world.berk.period.public_id}", True),
        ("klas=3B&sort=-company", True),
    ):
        assert ("Aya Berk" in page(client.get(f"{url}?{query}"))) is there, query


def test_a_filter_says_what_the_badge_says(world, client):
    text = page(client.get(reverse("placements:placement_list")))
    offered = re.findall(r'<option value="(\w+)"[^>]*>\s*([^<]+?)\s*</option>', text)
    words = {str(state): word.label for state, word in PLACEMENT_WORDS.items()}
    assert words.items() <= dict(offered).items()


def test_the_list_as_a_file(world, client):
    response = client.get(reverse("placements:placement_list") + "?export=xlsx")
    rows = list(load_workbook(BytesIO(response.content)).active.values)
    assert rows[0][:3] == ("Leerling", "Klas", "Bedrijf")
    assert [row[:3] for row in rows[1:]] == [("Aya Berk", "3B", "Bakkerij Noord")]


def test_people_are_suggested_and_kept(world, client):
    with use(SYSTEM):
        Placement.objects.filter(pk=world.berk.placement.pk).update(teacher=None)
    code = world.berk.placement.public_id
    url = reverse("placements:assign")
    form = client.get(f"{url}?row={code}").context["forms"][0]
    assert form["teacher"].initial == world.berk.colleague.pk  # least busy, first by name
    client.post(
        url,
        {
            "row": code,
            "save": "1",
            f"{code}-teacher": world.berk.teacher.pk,
            f"{code}-supervisor": world.noord.supervisors[0].pk,
        },
    )
    with use(SYSTEM):
        assert Placement.objects.get(public_id=code).teacher == world.berk.teacher


def test_somebody_elses_people_are_refused(world, client):
    code = world.berk.placement.public_id
    data = {"row": code, "save": "1", f"{code}-teacher": world.els.teacher.pk}
    response = client.post(reverse("placements:assign"), data)
    assert response.status_code == 422
    with use(SYSTEM):
        assert Placement.objects.get(public_id=code).teacher == world.berk.teacher


def test_the_brief_is_confirmed_before_it_goes(world, client):
    code = world.berk.placement.public_id
    url = reverse("placements:brief_send")
    text = page(client.post(url, {"row": code}))
    assert world.noord.supervisors[0].email in text
    assert mails("placement_brief") == []
    client.post(url, {"row": code, "send": "1"})
    assert len(mails("placement_brief")) == 2


def test_another_schools_placement_gets_no_brief(world, client):
    data = {"row": world.els.placement.public_id, "send": "1"}
    client.post(reverse("placements:brief_send"), data)
    assert mails("placement_brief") == []


def folder(world, client):
    return client.get(reverse("placements:placement_show", args=[world.berk.placement.public_id]))


def test_the_folder_for_everybody_concerned(world):
    with use(SYSTEM):
        Student.objects.filter(pk=world.berk.students[0].pk).update(telephone="0612345678")
    for who in (world.berk.coordinator, world.berk.teacher):
        text = page(folder(world, client_of(who)))
        assert "Supervisor Bakkerij Noord" in text
        assert "0612345678" in text
    student = page(folder(world, client_of(world.berk.logins[0])))
    guardian = page(folder(world, client_of_guardian(world.berk.guardians[0])))
    company = page(folder(world, client_of_contact(world.noord.contacts[0])))
    for text in (student, guardian, company):
        assert "10 dagen, samen 65 uur" in text
        assert "Docent Berk" in text
    assert "Aya Berk" in company
    assert "0612345678" not in company
    assert world.berk.students[0].email not in company


def test_a_colleague_sees_name_class_and_place_only(world):
    text = page(folder(world, client_of(world.berk.colleague)))
    assert "Aya Berk" in text
    assert "Bakkerij Noord" in text
    assert "3B" in text
    for more in ("Supervisor", "samen 65 uur", "Dorpsstraat"):
        assert more not in text


def titles(world, membership):
    actor = world.actor(membership)
    with use(actor.scope):
        return {t.title: t.count for t in todo.for_actor(actor)}


def test_todos_of_the_coordinator(world):
    assert titles(world, world.berk.coordinator).get("Stuur de plaatsingsbrief") == 1
    roomy(world)
    with use(SYSTEM):
        Placement.objects.filter(pk=world.berk.placement.pk).update(teacher=None)
        apply_to(world.berk.places[0], world.berk.students[2], "accepted")
    found = titles(world, world.berk.coordinator)
    assert found["Koppel leerlingen met een ja"] == 1
    assert found["Kies een begeleider"] == 1
    assert "Help leerlingen die nog niets verstuurden" not in found


def test_who_takes_over_from_a_leaving_colleague_guides_the_placements(world):
    berk = world.berk
    coordinator = world.actor(berk.coordinator)
    with use(coordinator.scope):
        moved = people.end_staff(berk.teacher, to=berk.colleague, actor=coordinator)
        berk.placement.refresh_from_db()
    assert berk.placement.teacher_id == berk.colleague.pk
    assert moved >= 4  # three students and one placement


def test_a_match_that_somebody_signed_for_cannot_be_undone_and_has_no_button(world, client):
    agreement = frozen(world)
    shown = reverse("placements:placement_show", args=[world.berk.placement.public_id])
    urls = [reverse("placements:board"), shown]
    undo = reverse("placements:unmatch", args=[world.berk.placement.public_id])
    assert [undo in page(client.get(url)) for url in urls] == [True, True]
    sign_as(agreement, actors(world)["student"])
    assert [undo in page(client.get(url)) for url in urls] == [False, False]
    response = client.post(undo, follow=True)
    assert "De overeenkomst is al getekend." in page(response)
    with use(SYSTEM):
        assert Placement.objects.get(pk=world.berk.placement.pk).state == PlacementState.AGREEMENT
