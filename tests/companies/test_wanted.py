"""How many students of which profile are asked: from the group, in the letter and on its page."""

from django.test import Client

from companies import letters
from companies.models import Campaign
from stage.core.mail import delivery
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import Group, GroupStudent, Profile, Student
from tests.companies.conftest import (
    URL,
    address_of,
    draft_of,
    invitation_of,
    path_of,
    sent_campaign,
)

WANTED = {"HBR": 12, "": 3}
WORDS = "12 leerlingen Horeca, bakkerij en recreatie en 3 leerlingen"


def newest(world) -> Campaign:
    with use(SYSTEM):
        return Campaign.objects.filter(school=world.berk.school).order_by("-pk")[0]


def letter(**values) -> dict:
    return {"subject": "Stage", "letter": "Wij zoeken plek voor [aantal leerlingen].", **values}


def two_profiles(world) -> None:
    with use(SYSTEM):
        green = Profile.objects.get_or_create(
            code="GR", defaults={"name": "Groen", "sbb_code": "19010"}
        )[0]
        Student.objects.filter(pk=world.berk.students[2].pk).update(profile=green)


def other_group(world) -> Group:
    with use(SYSTEM):
        group = Group.objects.create(
            school=world.berk.school, period=world.berk.period, name="Andere"
        )
        GroupStudent.objects.create(
            school=world.berk.school, group=group, student=world.berk.students[0]
        )
    return group


def test_the_boxes_start_as_the_group_and_what_a_person_changes_is_kept(world, coordinator):
    two_profiles(world)
    group = world.berk.group
    form = coordinator.get(f"{URL}nieuw/?group={group.public_id}").context["form"]
    assert {b.name: b.value() for b in form.wanted_boxes() if b.value()} == {
        "wanted_HBR": 2,
        "wanted_GR": 1,
    }
    boxes = {"counted": group.public_id, "wanted_HBR": "4", "wanted_GR": "", "wanted_any": "1"}
    coordinator.post(f"{URL}nieuw/", letter(group=group.pk, **boxes))
    campaign = newest(world)
    assert campaign.wanted == {"HBR": 4, "": 1}
    boxes = coordinator.get(address_of(campaign, "wijzigen/")).context["form"].wanted_boxes()
    assert {b.name: b.value() for b in boxes if b.value()} == {"wanted_HBR": 4, "wanted_any": 1}
    coordinator.post(address_of(campaign, "wijzigen/"), letter())
    assert newest(world).wanted == {}


def test_another_group_chosen_on_the_page_brings_its_own_numbers(world, coordinator):
    other = other_group(world)
    opened_for_none = letter(group=other.pk)
    opened_for_3b = letter(group=other.pk, counted=world.berk.group.public_id, wanted_HBR="3")
    for sent in (opened_for_none, opened_for_3b):
        coordinator.post(f"{URL}nieuw/", sent)
        assert newest(world).wanted == {"HBR": 1}


def test_a_number_that_is_none_is_said_beside_its_box(world, coordinator):
    sent = letter(group=world.berk.group.pk, wanted_HBR="veel")
    response = coordinator.post(f"{URL}nieuw/", sent)
    assert response.status_code == 422
    assert response.context["form"].errors["wanted_HBR"]
    assert 'value="veel"' in response.content.decode()


def test_the_numbers_stand_in_the_letter_and_on_the_page_where_the_company_answers(world):
    campaign = sent_campaign(world, world.berk, letter="Voor [aantal leerlingen].", wanted=WANTED)
    company, contact = world.noord.companies[0], world.noord.contacts[0]
    with use(SYSTEM):
        assert letters.merge(campaign, company, contact).letter == f"Voor {WORDS}."
    delivery.deliver()
    page = Client().get(path_of(invitation_of(campaign, company), contact)).content.decode()
    assert "Gezocht" in page
    assert WORDS in page
    assert "Aya" not in page


def test_without_numbers_the_letter_speaks_of_students_and_the_page_of_none(world):
    campaign = draft_of(world.berk, letter="Voor [aantal leerlingen].")
    company, contact = world.noord.companies[0], world.noord.contacts[0]
    with use(SYSTEM):
        assert letters.merge(campaign, company, contact).letter == "Voor leerlingen."
    sent = sent_campaign(world, world.berk)
    page = Client().get(path_of(invitation_of(sent, company), contact)).content.decode()
    assert "Gezocht" not in page
