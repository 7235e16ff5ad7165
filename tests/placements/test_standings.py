"""Who has no place, and why: in the list of students, its file, its filter and what waits."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from companies.models import Invitation, Place
from placements.models import Application, OwnCompany, Placement
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from stage.schools.models import Group, GroupStudent, Period, Student
from tests.clients import client_of
from tests.placements.helpers import apply_to
from tests.world import offered

LIST = reverse("schools:student_list")
HELP, CALL = (
    "Help leerlingen die nog niets verstuurden",
    "Bel leerlingen die nergens een plek kregen",
)


@pytest.fixture
def crowd(world):
    """A student of Berk per way to stand; Aya has a place, Bram waits, and Cem sent nothing."""
    berk = world.berk
    found = {"placed": berk.students[0], "applied": berk.students[1], "nothing": berk.students[2]}
    ways = {
        "refused": ["declined", "expired"],
        "withdrawn": ["withdrawn"],
        "accepted": ["accepted", "parked"],
        "named": [],
    }
    places = [berk.places[0]]
    with use(SYSTEM):
        for n, (name, states) in enumerate(ways.items()):
            student = found[name] = Student.objects.create(
                school=berk.school,
                number=f"6{n}",
                first_name=name.title(),
                last_name="Zoekt",
                school_class="4Z",
                birth_date="2011-01-01",
                mentor=berk.colleague if name == "refused" else berk.teacher,
            )
            GroupStudent.objects.create(school=berk.school, group=berk.group, student=student)
            for k, state in enumerate(states):
                place = places[0] if k == 0 else other_place(world)
                sent = timezone.now() - timedelta(days=3)
                apply_to(place, student, state, submitted_at=sent, decided_at=sent)
        # A draft, and one that was taken back before it was sent, are nothing that was sent.
        apply_to(other_place(world), found["nothing"], "draft")
        OwnCompany.objects.create(
            school=berk.school,
            student=found["named"],
            period=berk.period,
            name="Fietsenmaker",
            city="Noord",
        )
    return found


def other_place(world):
    return offered(world.berk.period, world.noord.companies[1], how_many=5)


def names(client, query: str) -> set[str]:
    page = client.get(f"{LIST}?{query}")
    return {s.first_name.lower() for s in page.context["page_obj"]}


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("placed", {"aya"}),
        ("accepted", {"accepted"}),
        ("applied", {"bram", "named"}),
        ("refused", {"refused", "withdrawn"}),
        ("nothing", {"cem"}),
        ("none", {"accepted", "bram", "named", "refused", "withdrawn", "cem"}),
    ],
)
def test_the_list_can_be_narrowed_to_how_students_stand(world, crowd, choice, expected):
    client = client_of(world.berk.coordinator)
    assert names(client, f"stage={choice}") == expected
    assert names(client, f"stage={choice}&period={world.berk.period.public_id}") == expected


def lines(client, query: str = "") -> dict[str, str]:
    page = client.get(f"{LIST}?{query}")
    return {s.first_name.lower(): "; ".join(map(str, s.stages)) for s in page.context["page_obj"]}


def test_the_column_says_where_or_what_happened(world, crowd):
    found = lines(client_of(world.berk.coordinator))
    assert found == {
        "aya": "Geplaatst: Bakkerij Noord",
        "bram": "Wacht op antwoord: 1 sollicitatie",
        "cem": "Nog niets verstuurd",
        "refused": "Nergens een plek: 1 × nee, 1 × geen antwoord",
        "withdrawn": "Nergens een plek: 1 × ingetrokken",
        "accepted": "Bedrijf zegt ja: ja van Bakkerij Noord",
        "named": "Wacht op antwoord: noemde zelf een bedrijf",
    }


def test_the_file_says_the_same(world, crowd):
    client = client_of(world.berk.coordinator)
    answer = client.get(reverse("schools:student_export") + "?stage=refused")
    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    column = rows[0].index("Stage")
    assert {(row[1], row[column]) for row in rows[1:]} == {
        ("Refused", "Nergens een plek: 1 × nee, 1 × geen antwoord"),
        ("Withdrawn", "Nergens een plek: 1 × ingetrokken"),
    }


def test_a_teacher_reads_it_of_the_own_students_only(world, crowd):
    client = client_of(world.berk.teacher)
    assert names(client, "stage=refused") == {"withdrawn"}
    found = lines(client)
    assert found["withdrawn"] == "Nergens een plek: 1 × ingetrokken"
    assert found["refused"] == ""
    colleague = client_of(world.berk.colleague)
    assert names(colleague, "stage=none") == {"refused"}
    answer = colleague.get(reverse("schools:student_export"))
    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    assert [row[1] for row in rows[1:]] == ["Refused"]


def test_a_period_that_is_over_asks_for_nothing_and_two_are_both_named(world, crowd):
    berk = world.berk
    with use(SYSTEM):
        later = Period.objects.get(pk=berk.period.pk)
        later.pk, later.public_id, later.name = None, "LATERPER1", "Later"
        later.starts, later.ends = "2027-05-03", "2027-05-14"
        later.save(force_insert=True)
        group = Group.objects.create(school=berk.school, period=later, name="3B later")
        GroupStudent.objects.create(school=berk.school, group=group, student=crowd["placed"])
    client = client_of(berk.coordinator)
    assert lines(client)["aya"] == "Geplaatst: Bakkerij Noord; Nog niets verstuurd"
    assert lines(client, f"period={later.public_id}") == {"aya": "Nog niets verstuurd"}
    assert "aya" in names(client, "stage=nothing")
    with use(SYSTEM):
        Placement.objects.filter(school=berk.school).delete()
        Period.objects.filter(pk=berk.period.pk).update(starts="2026-11-02", ends="2026-11-13")
    assert lines(client)["aya"] == "Nog niets verstuurd"
    assert names(client, "stage=refused") == set()


def waits(world) -> dict[str, int]:
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        return {t.title: t.count for t in todo.for_actor(actor)}


def test_who_was_refused_is_phoned_and_who_sent_nothing_is_helped(world, crowd):
    found = waits(world)
    assert (found[CALL], found[HELP]) == (2, 1)
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        urls = {t.title: t.url for t in todo.for_actor(actor)}
    client = client_of(world.berk.coordinator)
    shown = [len(client.get(urls[title]).context["page_obj"]) for title in (CALL, HELP)]
    assert shown == [2, 1]


def test_nobody_is_blamed_in_the_first_days_of_a_letter_with_hardly_a_place(world, crowd):
    """Two places, six students without one, and the letter went out three days ago."""
    with use(SYSTEM):
        Period.objects.filter(pk=world.berk.period.pk).update(
            starts="2027-03-01", ends="2027-03-12"
        )
        letters = Invitation.objects.filter(school=world.berk.school)
        letters.update(created_at=timezone.now() - timedelta(days=3))
        other = Place.objects.filter(school=world.berk.school).exclude(pk=world.berk.places[0].pk)
        other.update(state="withdrawn")
    found = waits(world)
    assert HELP not in found
    assert found[CALL] == 2
    with use(SYSTEM):
        letters.update(created_at=timezone.now() - timedelta(days=10))
    assert waits(world)[HELP] == 1
    with use(SYSTEM):
        letters.update(created_at=timezone.now() - timedelta(days=3))
        Place.objects.filter(pk=world.berk.places[0].pk).update(how_many=3)
    assert waits(world)[HELP] == 1
    with use(SYSTEM):
        Place.objects.filter(school=world.berk.school).update(state="withdrawn")
        letters.update(created_at=timezone.now() - timedelta(days=30))
    assert HELP not in waits(world)


def test_a_company_that_knows_nothing_comes_before_an_agreement_that_was_not_begun(world, crowd):
    def order() -> list[str]:
        actor = world.actor(world.berk.coordinator)
        with use(actor.scope):
            return [t.title for t in todo.for_actor(actor)]

    with use(SYSTEM):
        Application.objects.filter(school=world.berk.school).delete()
        Placement.objects.filter(pk=world.berk.placement.pk).update(state="concept", teacher=None)
    for starts in ("2026-12-03", "2027-01-11"):
        with use(SYSTEM):
            Placement.objects.filter(pk=world.berk.placement.pk).update(starts=starts)
        found = [t for t in order() if t.startswith(("Stuur de", "Begin", "Kies een beg"))]
        assert found[0] == "Stuur de plaatsingsbrief", starts
        assert len(found) == 3
