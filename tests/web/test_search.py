"""Searching in everything: who finds what, how much of it, and that nobody else reads it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies.models import Campaign, Company
from placements.enums import PlacementState
from placements.models import Placement
from stage.core.models import AuditEntry
from stage.core.record.redact import redact
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import finding
from stage.schools.models import Student
from tests.clients import client_of

HREF = re.compile(r'class="found-link[^"]*"\s+href="([^"]+)"')


def search(member, **query):
    response = client_of(member).get(reverse("web:search"), query)
    assert response.status_code == 200
    return response.content.decode()


def found(member, q: str, **more) -> list[str]:
    """Where the results lead to, in their order."""
    return HREF.findall(search(member, q=q, **more))


def show(name: str, row) -> str:
    return reverse(name, args=[row.public_id])


def named(school, number: int, first: str, last: str, **more) -> Student:
    with use(SYSTEM):
        return Student.objects.create(
            school=school,
            number=str(number),
            first_name=first,
            last_name=last,
            birth_date="2011-03-05",
            **more,
        )


def test_one_word_finds_students_companies_placements_and_letters(world):
    berk = world.berk
    aya = berk.students[0]
    links = found(berk.coordinator, "aya")
    assert links == [
        show("schools:student_show", aya),
        show("placements:placement_show", berk.placement),
    ]
    bakery = world.noord.companies[0]
    assert show("companies:company_show", bakery) in found(berk.coordinator, "bakkerij")
    with use(SYSTEM):
        letter = Campaign.objects.select_related("group").get(school=berk.school)
        name = letter.group.name
    assert show("companies:campaign_show", letter) in found(berk.coordinator, name)
    assert show("schools:period_show", berk.period) in found(berk.coordinator, berk.period.name)
    assert show("schools:staff_edit", berk.teacher) in found(berk.coordinator, "docent")
    assert reverse("placements:placement_list") in found(berk.coordinator, "alle stages")


def test_accents_and_capitals_do_not_matter(world):
    student = named(world.berk.school, 7007, "Zoë", "Çelik")
    assert show("schools:student_show", student) in found(world.berk.coordinator, "ZOE celik")


def test_another_school_of_the_region_is_never_found(world):
    named(world.els.school, 7007, "Yfke", "Gelijk")
    own = named(world.berk.school, 7007, "Yfke", "Gelijk")
    for q in ("yfke", "gelijk", "7007"):
        assert found(world.berk.coordinator, q) == [show("schools:student_show", own)]
    assert found(world.iep.coordinator, "gelijk") == []


def test_a_teacher_finds_anothers_student_by_name_and_class_alone(world):
    other = named(
        world.berk.school, 990077, "Yfke", "Gelijk", school_class="3C", mentor=world.berk.colleague
    )
    with use(SYSTEM):
        about = Placement.objects.filter(pk=world.berk.placement.pk)
        about.update(state=PlacementState.RUNNING)
    page = search(world.berk.teacher, q="gelijk")
    assert HREF.findall(page) == [show("schools:student_show", other)]
    assert "3C" in page
    assert "990077" not in page
    # The number is not the teacher's to know, so it finds nothing either.
    assert found(world.berk.teacher, "990077") == []
    assert found(world.berk.coordinator, "990077") == [show("schools:student_show", other)]


def test_a_teacher_finds_placements_of_the_own_students_only(world):
    placement = show("placements:placement_show", world.berk.placement)
    assert placement in found(world.berk.teacher, "aya")
    with use(SYSTEM):
        guided = world.berk.placement.teacher_id
    assert guided == world.berk.teacher.pk
    assert placement not in found(world.berk.colleague, "aya")


def test_the_bureau_finds_companies_and_no_student(world):
    bureau = world.noord.bureau
    assert found(bureau, "bakkerij") == [
        show("companies:company_show", world.noord.companies[0]),
    ]
    for q in ("aya", "1001", "docent", "3B"):
        assert found(bureau, q) == []
    far = show("companies:company_show", world.zuid.companies[0])
    assert far not in found(bureau, "bakkerij")


def test_five_of_each_and_the_way_to_all(world):
    for n in range(7):
        named(world.berk.school, 8000 + n, f"Zus{n}", "Velen")
    page = search(world.berk.coordinator, q="velen")
    assert page.count("/leerlingen/") - page.count('href="/leerlingen/"') == 6
    assert "Toon alle 7" in page
    rest = f"{reverse('schools:student_list')}?q=velen"
    assert rest in HREF.findall(page)
    shown = client_of(world.berk.coordinator).get(rest).content.decode()
    assert all(f"Zus{n} Velen" in shown for n in range(7))


def test_what_has_no_list_is_shown_whole_on_the_page_itself(world):
    for n in range(6):
        with use(SYSTEM):
            world.berk.period.pk = None
            world.berk.period.public_id = f"PERIODE{n}X"
            world.berk.period.name = f"Veelvoud {n}"
            world.berk.period.save(force_insert=True)
    links = found(world.berk.coordinator, "veelvoud")
    assert links[-1] == f"{reverse('web:search')}?q=veelvoud&amp;soort=periods"
    assert len(found(world.berk.coordinator, "veelvoud", soort="periods")) == 6


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("", "Typ een deel van een naam"),
        ("a", "Typ nog een letter"),
        ("--", "Typ nog een letter"),
        ("%%", "Typ nog een letter"),
        ("xqxq", "Niets gevonden voor “xqxq”"),
        ("<b>x", "Niets gevonden voor “&lt;b&gt;x”"),
    ],
)
def test_nothing_to_show_says_why(world, q, words):
    page = search(world.berk.coordinator, q=q)
    assert words in page
    assert HREF.findall(page) == []


def test_the_box_gets_the_same_without_the_frame(world):
    client = client_of(world.berk.coordinator)
    part = client.get(reverse("web:search"), {"q": "aya"}, headers={"HX-Request": "true"})
    page = client.get(reverse("web:search"), {"q": "aya"})
    assert HREF.findall(part.content.decode()) == HREF.findall(page.content.decode())
    assert "topbar" not in part.content.decode()


def test_the_box_stands_on_pages_of_staff_only(world):
    for member in (world.berk.coordinator, world.berk.teacher, world.noord.bureau):
        assert 'data-finds="finds"' in client_of(member).get("/").content.decode()
    for member in (world.operator, world.berk.logins[0]):
        assert 'data-finds="finds"' not in client_of(member).get("/").content.decode()


def test_all_kinds_are_asked_in_one_statement(world):
    client = client_of(world.berk.coordinator)
    counts = []
    for number in (8100, 8101):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("web:search"), {"q": "berk"})
        counts.append(len(queries))
        named(world.berk.school, number, "Nog", "Berk")
        with use(SYSTEM):
            Company.objects.create(region=world.noord.region, name=f"Berkenhof {number}")
    assert counts[0] == counts[1]
    found = [q["sql"] for q in queries if "json_agg" in q["sql"]]
    assert len(found) == 1
    assert counts[0] <= 14


def test_what_was_searched_for_is_written_down_nowhere(world):
    with use(SYSTEM):
        before = AuditEntry.objects.count()
    search(world.berk.coordinator, q="aya")
    with use(SYSTEM):
        assert AuditEntry.objects.count() == before
    for line in ("GET /zoeken/?q=Aya+Berk HTTP/1.1", '"/leerlingen/?klas=3B&q=Aya%20Berk"'):
        assert "Aya" not in redact(line)
        assert "q=-" in redact(line)


def test_every_kind_has_words_and_a_place_of_its_own():
    kinds = finding.kinds()
    assert len({key for key, _label in kinds}) == len(kinds)
    assert len({str(label) for _key, label in kinds}) == len(kinds)
