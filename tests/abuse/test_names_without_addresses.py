"""Choosing a colleague by name vouches for no address that somebody else wrote beside that name."""

import pytest
from django.urls import reverse

from companies.models import Contact, Invitation, Trust
from stage.core.tenants.tenancy import SYSTEM, use
from tests.clients import client_of, client_of_contact
from tests.companies.conftest import yes

EVIL = "evil@elders.test"


@pytest.fixture
def rewritten(world) -> Contact:
    """The bakery's supervisor, in whose line the other school's coordinator wrote an address."""
    boss = world.noord.supervisors[0]
    page = f"/bedrijven/{world.noord.companies[0].public_id}/contactpersonen/{boss.public_id}/"
    data = {"name": boss.name, "email": EVIL, "roles": ["supervisor"]}
    assert client_of(world.els.coordinator).post(page, data).status_code == 302
    return boss


def addresses_at_berk(world, contact) -> set[str]:
    with use(SYSTEM):
        rows = Trust.objects.live().filter(contact=contact, school=world.berk.school)
        return set(rows.values_list("address", flat=True))


def answer_with(world, contact) -> None:
    """The bakery's proven contact answers Berk and chooses this supervisor by name."""
    with use(SYSTEM):
        asked = Invitation.objects.get(school=world.berk.school, company=world.noord.companies[0])
    url = reverse("companies:invitation_own", args=[asked.public_id])
    client = client_of_contact(world.noord.contacts[0])
    seen = asked.answered_at.isoformat() if asked.answered_at else ""
    data = yes(supervisor=str(contact.pk), how_many="2", seen=seen)
    assert client.post(url, data).status_code == 302


def test_who_is_known_by_another_address_keeps_it(world, rewritten):
    answer_with(world, rewritten)
    assert addresses_at_berk(world, rewritten) == {"supervisor@bakkerij-noord.test"}


def test_who_is_not_known_is_asked_about_with_the_address_in_sight(world, rewritten):
    with use(SYSTEM):
        Trust.objects.filter(contact=rewritten, school=world.berk.school).delete()
    answer_with(world, rewritten)
    assert addresses_at_berk(world, rewritten) == set()


@pytest.mark.parametrize("page", ["list", "company"])
def test_a_yes_counts_for_the_address_on_the_page_not_for_what_came_after(world, page):
    """Between the page and the press another school writes its own address beside the name."""
    boss, berk = world.noord.supervisors[0], client_of(world.berk.coordinator)
    with use(SYSTEM):
        Trust.objects.filter(contact=boss, school=world.berk.school).delete()
        boss.refresh_from_db()
    seen = boss.shown
    data = {"name": boss.name, "email": EVIL, "roles": ["supervisor"]}
    codes = [world.noord.companies[0].public_id, boss.public_id]
    edit = reverse("companies:contact_edit", args=codes)
    assert client_of(world.els.coordinator).post(edit, data).status_code == 302
    url = {
        "list": reverse("companies:address_list"),
        "company": reverse("companies:contact_confirm", args=codes),
    }[page]
    answer = berk.post(url, {"contact": seen}, follow=True)
    assert "Kijk nog een keer" in answer.content.decode()
    assert addresses_at_berk(world, boss) == set()
    with use(SYSTEM):
        boss.refresh_from_db()
    berk.post(url, {"contact": boss.shown})
    assert addresses_at_berk(world, boss) == {EVIL}  # what it read now, it said yes to


def test_nor_does_putting_somebody_on_a_placement_move_the_address(world, rewritten):
    placement, berk = world.berk.placement, client_of(world.berk.coordinator)
    with use(SYSTEM):
        type(placement).objects.filter(pk=placement.pk).update(supervisor=None)
    code = placement.public_id
    data = {"row": code, "save": "1", f"{code}-teacher": world.berk.teacher.pk}
    berk.post(reverse("placements:assign"), {**data, f"{code}-supervisor": rewritten.pk})
    assert addresses_at_berk(world, rewritten) == {"supervisor@bakkerij-noord.test"}
