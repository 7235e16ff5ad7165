"""Where somebody chooses a place on the board: how far, on which days, and who said no."""

import re

from django.urls import reverse

from companies.models import Location, Place
from placements.enums import ApplicationState
from placements.models import Application
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import Student
from tests.clients import client_of
from tests.placements.helpers import apply_to
from tests.placements.test_application_services import second_place


def board_of(world) -> str:
    page = f"{reverse('placements:board')}?groep={world.berk.group.public_id}"
    return client_of(world.berk.coordinator).get(page).content.decode()


def card_of(text: str, student) -> str:
    return re.search(rf'id="leerling-{student.public_id}".*?</article>', text, re.S).group(0)


def choices(card: str) -> list[str]:
    found = re.findall(r"<option value=\"[^\"]+\">(.*?)</option>", card, re.S)
    return [re.sub(r"\s+", " ", words).strip() for words in found]


def test_a_company_that_said_no_to_this_student_comes_last_and_says_so(world):
    place, bram, cem = second_place(world), world.berk.students[1], world.berk.students[2]
    with use(SYSTEM):
        Application.objects.filter(student=bram).delete()
        apply_to(world.berk.places[0], bram, state=ApplicationState.DECLINED)
    text = board_of(world)
    assert choices(card_of(text, bram)) == ["Garage Noord (1)", "Bakkerij Noord, zei nee (1)"]
    assert choices(card_of(text, cem)) == ["Bakkerij Noord (1)", "Garage Noord (1)"]
    assert place.company.name == "Garage Noord"


def test_how_far_and_on_which_days(world):
    place = second_place(world)
    cem = world.berk.students[2]
    with use(SYSTEM):
        Student.objects.filter(pk=cem.pk).update(city="Utrecht")
        Location.objects.filter(pk=world.noord.locations[1].pk).update(city="Amersfoort")
    assert re.search(r"Garage Noord, (1[5-9]|2[0-5]) km", card_of(board_of(world), cem))
    row = re.search(rf'data-code="{place.public_id}".*?</li>', board_of(world), re.S).group(0)
    assert "M&amp;T" in row
    assert "maandag" in row  # second_place is on three days of the week


def test_who_has_a_place_is_dragged_to_the_page_of_another_company(world):
    """With that place chosen; a strange code opens nothing of it."""
    place = second_place(world)
    move = reverse("placements:change_make", args=[world.berk.placement.public_id, "move"])
    assert f'data-move="{move}"' in card_of(board_of(world), world.berk.students[0])
    assert "data-move" not in card_of(board_of(world), world.berk.students[2])
    page = client_of(world.berk.coordinator).get(f"{move}?plek={place.public_id}").content.decode()
    assert re.search(rf'value="{place.public_id}"\s+selected', page)


def test_places_are_found_by_company_town_and_profile(world):
    """Beside the board; what a student's own list offers stays whole."""
    garage = second_place(world)
    with use(SYSTEM):
        Location.objects.filter(pk=world.noord.locations[1].pk).update(city="Amersfoort")
    client = client_of(world.berk.coordinator)
    page, group = reverse("placements:board"), world.berk.group.public_id
    for words in ("garage", "Amersf", "m&t"):
        found = client.get(page, {"groep": group, "plek": words})
        assert [option.place for option in found.context["options"]] == [garage], words
        assert len(choices(card_of(found.content.decode(), world.berk.students[2]))) == 2
    nothing = client.get(page, {"groep": group, "plek": "circus"}).content.decode()
    assert "Geen plek gevonden" in nothing
    assert 'value="circus"' in nothing


def test_full_places_come_last(world):
    garage, bakery = second_place(world), world.berk.places[0]
    with use(SYSTEM):
        Application.objects.filter(place=bakery).update(state=ApplicationState.DECLINED)
        Place.objects.filter(pk=bakery.pk).update(how_many=1)  # Aya is there
    context = client_of(world.berk.coordinator).get(reverse("placements:board")).context
    assert [(o.place, o.free > 0) for o in context["options"]] == [(garage, True), (bakery, False)]
