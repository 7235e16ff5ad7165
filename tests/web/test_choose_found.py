"""All that a list found, chosen in one go: also what stands on its other pages, and no more."""

import re
from datetime import date, time

import pytest
from django.urls import reverse

from placements.agreements.models import Agreement
from placements.models import Placement
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import Group, GroupStudent, Student
from tests.attendance.helpers import at
from tests.clients import client_of
from tests.world import disclose

DAY = date(2026, 12, 1)
STUDENTS = reverse("schools:student_list")
PLACEMENTS = reverse("placements:placement_list")
START, AGREEMENTS = reverse("agreements:agreement_start"), reverse("agreements:agreement_list")


@pytest.fixture
def coordinator(world):
    with at(DAY, "12:00"):
        yield client_of(world.berk.coordinator)


@pytest.fixture
def crowd(world):
    """Thirty more students of class 4K, each with a placement and no brief."""
    berk, noord = world.berk, world.noord
    with use(SYSTEM):
        made = [
            Student.objects.create(
                school=berk.school,
                number=f"5{n:03}",
                first_name=f"Nieuw{n:02}",
                email=f"nieuw{n}@berk.test",
                school_class="4K",
                mentor=berk.colleague,
                birth_date="2009-01-01",
            )
            for n in range(30)
        ]
        for student in made:
            disclose(berk, student, noord.companies[0])
            Placement.objects.create(
                school=berk.school,
                student=student,
                company=noord.companies[0],
                period=berk.period,
                location=noord.locations[0],
                starts=berk.period.starts,
                ends=berk.period.ends,
                weekdays=[1],
                day_from=time(9),
                day_to=time(15),
                state="concept",
            )
    return made


def found_in(page) -> str:
    """What the box sends, as a browser would."""
    box = re.search(r'name="found"\s+value="([^"]*)"', page.content.decode())
    return box[1].replace("&amp;", "&") if box else ""


def test_a_list_of_one_page_has_no_such_box(world, coordinator):
    for address in (STUDENTS, PLACEMENTS, START):
        assert found_in(coordinator.get(address)) == ""


def test_all_students_that_were_found_go_into_the_group(world, coordinator, crowd):
    berk = world.berk
    with use(SYSTEM):
        group = Group.objects.create(school=berk.school, period=berk.period, name="4K")
    page = coordinator.get(f"{STUDENTS}?klas=4K")
    assert "Kies alle 30 gevonden" in page.content.decode()
    # Ticked rows of the page go along, and count for nothing beside the box.
    sent = {"found": found_in(page), "group": group.public_id, "row": [crowd[0].public_id]}
    coordinator.post(reverse("schools:student_group_add"), sent)
    with use(SYSTEM):
        inside = Student.objects.filter(pk__in=group.members.values("student_id"))
        assert set(inside.values_list("school_class", flat=True)) == {"4K"}
        assert inside.count() == 30


@pytest.mark.parametrize("found", ["klas=9Z", "stage=raar&", "q=" + "x" * 3000])
def test_what_is_not_understood_chooses_nobody(world, coordinator, crowd, found):
    with use(SYSTEM):
        before = GroupStudent.objects.filter(group=world.berk.group).count()
    sent = {"found": found, "group": world.berk.group.public_id}
    assert coordinator.post(reverse("schools:student_group_add"), sent)["Location"] == STUDENTS
    assert coordinator.post(reverse("schools:card_print"), sent)["Location"] == STUDENTS
    brief = reverse("placements:brief_send")
    for address in (brief, reverse("placements:assign")):
        wrong = {"found": found.replace("stage=", "staat=")}
        assert coordinator.post(address, wrong)["Location"] == PLACEMENTS
    with use(SYSTEM):
        assert GroupStudent.objects.filter(group=world.berk.group).count() == before


def test_all_placements_that_were_found_get_their_brief(world, coordinator, crowd):
    page = coordinator.get(f"{PLACEMENTS}?mist=brief&klas=4K")
    address = reverse("placements:brief_send")
    asked = coordinator.post(address, {"found": found_in(page)})
    assert len(asked.context["rows"]) == 30
    rows = re.findall(r'name="row" value="([^"]*)"', asked.content.decode())
    coordinator.post(address, {"row": rows, "send": "1"})
    with use(SYSTEM):
        told = Placement.objects.filter(school=world.berk.school, briefed_at__isnull=False)
        assert set(told.values_list("student__school_class", flat=True)) == {"4K"}
        assert told.count() == 30


def test_all_placements_that_were_found_get_somebody_who_guides(world, coordinator, crowd):
    page = coordinator.get(f"{PLACEMENTS}?klas=4K")
    asked = coordinator.post(reverse("placements:assign"), {"found": found_in(page)})
    assert {f.placement.student.school_class for f in asked.context["forms"]} == {"4K"}
    assert len(asked.context["forms"]) == 30


def test_agreements_begin_for_all_that_were_found_and_all_are_reminded(world, coordinator, crowd):
    with use(SYSTEM):
        for n in range(75):  # the page to choose on holds a hundred
            student = Student.objects.create(
                school=world.berk.school,
                number=f"7{n:03}",
                first_name=f"Meer{n:02}",
                school_class="4M",
                birth_date="2009-01-01",
            )
            old = Placement.objects.get(student=crowd[0])
            old.pk, old.public_id, old.student = None, f"MEER{n:04}", student
            old._state.adding = True
            old.save()
    page = coordinator.get(START)
    assert found_in(coordinator.get(f"{START}?klas=4K")) == ""
    assert "Kies alle 106 gevonden" in page.content.decode()
    coordinator.post(START, {"found": "klas=4K&"})
    with use(SYSTEM):
        begun = Agreement.objects.filter(school=world.berk.school)
        assert set(begun.values_list("student__school_class", flat=True)) == {"4K"}
        assert begun.count() == 30
        OutboxMail.objects.all().delete()
    listed = coordinator.get(AGREEMENTS)
    told = coordinator.post(reverse("agreements:agreement_remind"), {"found": found_in(listed)})
    assert told["Location"] == AGREEMENTS
    with use(SYSTEM):
        reminded = OutboxMail.objects.filter(school=world.berk.school)
        kinds = list(reminded.values_list("person_kind", flat=True))
    # Thirty students, also those of the second page; the company gets one mail a day.
    assert (kinds.count("student"), len(kinds)) == (30, 31)


def test_nobody_of_another_school_comes_along(world, coordinator, crowd):
    els = client_of(world.els.coordinator)
    asked = els.post(reverse("schools:card_print"), {"found": "&"})
    assert {s.school_id for s in asked.context["students"]} == {world.els.school.pk}
    asked = els.post(reverse("placements:brief_send"), {"found": "&"})
    assert {p.school_id for p, _people in asked.context["rows"]} == {world.els.school.pk}
