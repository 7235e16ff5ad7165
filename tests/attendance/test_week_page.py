"""The company's week as a page: a line per trainee, several weeks, and where a number is wrong."""

import re
from datetime import date, timedelta

from django.urls import reverse

from attendance.models import WeekConfirmation
from tests.attendance.helpers import (
    FRIDAY,
    MONDAY,
    WEEK,
    another_placement,
    at,
    checked_in,
    confirmed,
    everything,
    ill,
    said,
)
from tests.clients import client_of, client_of_contact

PAGE = reverse("attendance:week_confirm", args=[WEEK])
DAYS = [MONDAY + timedelta(days=n) for n in range(5)]
NEXT = [day + timedelta(days=7) for day in DAYS]


def page_of(world, day=FRIDAY, path=PAGE) -> str:
    with at(day, "16:30"):
        page = client_of_contact(world.noord.supervisors[0]).get(path).content.decode()
    return " ".join(page.split())


def form_of(page: str) -> dict[str, str]:
    """What a browser sends when nothing was changed."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        attrs = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        is_off = attrs.get("type") == "checkbox" and " checked" not in tag
        if "name" in attrs and not is_off:
            found[attrs["name"]] = attrs.get("value", "on")
    return {k: v for k, v in found.items() if not k.startswith("csrf")}


def seen_all_week(placement, days=DAYS) -> None:
    for day in days:
        checked_in(placement, day)


def card_of(page: str, name: str) -> str:
    return next(part for part in page.split("<article")[1:] if name in part).split("</article")[0]


def test_a_line_says_that_all_is_as_planned_and_stays_folded(world):
    seen_all_week(world.berk.placement)
    card = card_of(page_of(world), "Aya Berk")
    assert "5 dagen, 32,5 uur, alles zoals gepland" in card
    assert "Anders…" in card
    assert " open>" not in card


def test_a_day_that_nobody_saw_unfolds_and_an_illness_does_not(world):
    seen_all_week(world.berk.placement, DAYS[1:])
    ill(world.els.placement, MONDAY, ends=MONDAY)
    seen_all_week(world.els.placement, DAYS[1:])
    page = page_of(world)
    berk, els = card_of(page, "Aya Berk"), card_of(page, "Aya Els")
    assert "4 dagen, 26 uur, ma 11 januari: niet gescand" in berk
    assert " open>" in berk
    assert "ma 11 januari: ziek" in els.lower()
    assert " open>" not in els


def test_who_was_confirmed_stands_folded_under_what_is_left(world):
    confirmed(world.berk.placement, dict.fromkeys(DAYS, 390))
    page = page_of(world)
    card = card_of(page, "Aya Berk")
    assert "Bevestigd" in card
    assert "Verander" in card
    assert " open>" not in card
    assert "nog 1 van 2" in page
    home = page_of(world, path="/")
    assert "Bevestig week 2" in home
    assert "ma 11 januari t/m vr 15 januari: Aya Els, nog 1 van 2" in home


def test_two_weeks_that_wait_are_confirmed_by_one_button(world):
    for placement in (world.berk.placement, world.els.placement):
        seen_all_week(placement, DAYS + NEXT)
    page = page_of(world, NEXT[-1])
    assert "Bevestig week 2 en 3" in page
    assert "Bevestig week 2 en 3" in page_of(world, NEXT[-1], "/")
    with at(NEXT[-1], "16:30"):
        client = client_of_contact(world.noord.supervisors[0])
        answer = client.post(PAGE, form_of(page), follow=True).content.decode()
    assert "Week 2 en 3 zijn bevestigd" in answer
    assert said(world.berk.placement) == dict.fromkeys(DAYS + NEXT, 390)
    assert len(everything(WeekConfirmation)) == 4


def test_a_wrong_number_marks_its_field_and_keeps_what_was_typed(world):
    seen_all_week(world.berk.placement)
    sent = form_of(page_of(world))
    key = f"hours-{world.berk.placement.public_id}-{DAYS[2]}"
    with at(FRIDAY, "16:30"):
        client = client_of_contact(world.noord.supervisors[0])
        answer = client.post(PAGE, sent | {key: "25"})
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 422
    assert "Aya Berk, wo 13 januari: Vul de uren in als getal" in page
    (field,) = [tag for tag in re.findall(r"<input[^>]*>", page) if "aria-invalid" in tag]
    assert f'id="{key}"' in field
    assert 'value="25"' in field
    assert "data-focus" in field
    assert f'href="#{key}"' in page
    assert " open>" in card_of(page, "Aya Berk")
    assert everything(WeekConfirmation) == []


def test_a_day_that_the_student_reported_asks_why_at_its_field(world):
    seen_all_week(world.berk.placement)
    p = world.berk.placement
    sent = form_of(page_of(world))
    del sent[f"there-{p.public_id}-{MONDAY}"]
    with at(FRIDAY, "16:30"):
        client = client_of_contact(world.noord.supervisors[0])
        answer = client.post(PAGE, sent)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Aya Berk, ma 11 januari: De leerling meldde zich aan." in page
        assert f'id="why-error-{p.public_id}-{MONDAY}"' in page
        why = {f"why-{p.public_id}-{MONDAY}": "ill"}
        assert client.post(PAGE, sent | why).status_code == 302
    assert said(p)[MONDAY] == 0


def test_more_weeks_cost_no_more_queries(world, django_assert_max_num_queries):
    for n in (1, 2):
        another_placement(world.berk, world.noord, n)
    with at(FRIDAY, "16:30"):
        client = client_of_contact(world.noord.supervisors[0])
        client.get(PAGE)
        with django_assert_max_num_queries(40) as few:
            client.get(PAGE)
        most = len(few)
    with at(date(2027, 1, 29), "16:30"):
        client = client_of_contact(world.noord.supervisors[0])
        client.get(PAGE)
        with django_assert_max_num_queries(most):
            client.get(PAGE)


def test_what_nobody_confirmed_for_two_weeks_is_the_teachers_to_do(world):
    asks = "Vraag om uren die niet zijn bevestigd"

    def home(day) -> str:
        with at(day, "10:00"):
            return client_of(world.berk.teacher).get("/").content.decode()

    sunday = date(2027, 1, 17)
    assert asks not in home(sunday + timedelta(days=13))
    assert asks in home(sunday + timedelta(days=14))
    confirmed(world.berk.placement, dict.fromkeys(DAYS, 390))
    assert asks not in home(sunday + timedelta(days=14))


def test_a_week_with_a_question_waits_on_a_page_of_its_own(world):
    for placement in (world.berk.placement, world.els.placement):
        seen_all_week(placement, DAYS[1:] + NEXT)  # the Monday nobody knows about
    page = page_of(world, NEXT[-1], reverse("attendance:week_confirm", args=["2027-W03"]))
    assert "Andere weken die nog wachten" in page
    with at(NEXT[-1], "16:30"):
        client = client_of_contact(world.noord.supervisors[0])
        client.post(reverse("attendance:week_confirm", args=["2027-W03"]), form_of(page))
    assert said(world.berk.placement) == dict.fromkeys(NEXT, 390)
