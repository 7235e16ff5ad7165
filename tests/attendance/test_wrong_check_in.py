"""An arrival that was none: taken back by student, school or company, kept, and made anew."""

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from django.utils import timezone

from attendance.models import CheckIn
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from tests.attendance.helpers import MONDAY, TUESDAY, at, checked_in, confirmed, everything
from tests.clients import client_of, client_of_contact

HOME = reverse("web:home")
IN = reverse("attendance:check_in")
DONE = reverse("attendance:check_in_done")
UNDO = reverse("attendance:check_in_undo")
TODAY = reverse("attendance:today")


def wrong(world, day=MONDAY) -> str:
    return reverse("attendance:check_in_wrong", args=[world.berk.placement.public_id, day])


def group_of(world, clock="12:00", day=MONDAY) -> str:
    """Where the teacher's day has Berk's first student."""
    with at(day, clock):
        rows = client_of(world.berk.teacher).get(TODAY).context["rows"]
    return next(t.group for t, *_rest in rows if t.placement_id == world.berk.placement.pk)


@pytest.fixture
def code(world):
    with use(SYSTEM):
        world.noord.locations[0].refresh_from_db()
    return world.noord.locations[0].poster_code


def test_a_student_takes_it_back_within_two_minutes_and_comes_again(world, code):
    with at(MONDAY, "08:20"):
        client = client_of(world.berk.logins[0])
        client.post(IN, {"code": code, "nonce": "EENEENEEN1"})
    with at(MONDAY, "08:21"):
        assert UNDO in client.get(DONE).content.decode()
        assert UNDO in client.get(HOME).content.decode()
        page = client.post(UNDO, follow=True).content.decode()
        assert "Je staat niet meer als aangemeld" in page
        assert "Meld dat je er bent" in page
    assert group_of(world, "08:22") == "expected"
    with at(MONDAY, "08:25"):
        # The page that was still open is pressed again.
        client.post(IN, {"code": code, "nonce": "EENEENEEN1"})
        assert "Je bent er sinds 08:25" in client.get(HOME).content.decode()
    assert [bool(c.withdrawn_at) for c in everything(CheckIn)] == [True, False]
    assert group_of(world) == "in"


def test_after_two_minutes_the_student_calls(world, code):
    with at(MONDAY, "08:20"):
        client = client_of(world.berk.logins[0])
        client.post(IN, {"code": code})
    with at(MONDAY, "08:23"):
        assert UNDO not in client.get(HOME).content.decode()
        assert "Bel je stagebegeleider" in client.post(UNDO, follow=True).content.decode()
    assert everything(CheckIn)[0].withdrawn_at is None


def test_the_teacher_takes_it_back_with_a_reason_that_stays(world):
    checked_in(world.berk.placement, MONDAY)
    with at(MONDAY, "10:00"):
        client = client_of(world.berk.teacher)
        assert wrong(world) in client.get(TODAY).content.decode()
        folder = reverse("placements:placement_show", args=[world.berk.placement.public_id])
        assert wrong(world) in client.get(folder).content.decode()
        refused = client.post(wrong(world), {"why": ""})
        assert refused.status_code == 422
        assert "Schrijf op waarom" in refused.content.decode()
        client.post(wrong(world), {"why": "Zat nog thuis."})
        url = f"{reverse('attendance:list')}?stage={world.berk.placement.public_id}"
        assert "Zat nog thuis." in client.get(url).content.decode()
    (row,) = everything(CheckIn)
    assert (row.withdrawn_kind, row.withdrawn_why) == ("teacher", "Zat nog thuis.")
    assert group_of(world) == "missing"
    with use(SYSTEM):
        assert AuditEntry.objects.filter(verb="check_in_withdrawn").count() == 1
    with at(MONDAY, "10:05"):
        settle = reverse("attendance:settle", args=[world.berk.placement.public_id, MONDAY])
        client.post(settle, {"outcome": "present"})
    assert group_of(world) == "in"


def test_what_the_company_confirmed_is_not_taken_back_at_school(world):
    checked_in(world.berk.placement, MONDAY)
    confirmed(world.berk.placement, {MONDAY: 360})
    with at(TUESDAY):
        page = client_of(world.berk.teacher).post(wrong(world), {"why": "Nee."})
    assert page.status_code == 422
    assert "al bevestigd" in page.content.decode()
    assert everything(CheckIn)[0].withdrawn_at is None


def test_the_supervisor_says_the_same_day_that_nobody_is_there(world):
    checked_in(world.berk.placement, MONDAY)
    url = reverse("attendance:company_not_here", args=[world.berk.placement.public_id])
    with at(MONDAY, "10:00"):
        client = client_of_contact(world.noord.supervisors[0])
        assert url in client.get(reverse("attendance:company_today")).content.decode()
        assert "Genoteerd" in client.post(url, follow=True).content.decode()
    assert everything(CheckIn)[0].withdrawn_kind == "company"
    assert group_of(world) == "missing"
    checked_in(world.berk.placement, TUESDAY)
    with at(MONDAY, "11:00"):
        client.post(url)
    assert everything(CheckIn)[1].withdrawn_at is None


def test_away_after_all_takes_the_arrival_along_and_ill_leaves_it(world):
    placement = world.berk.placement
    url = reverse("attendance:company_absence", args=[placement.public_id])
    checked_in(placement, MONDAY)
    checked_in(placement, TUESDAY)
    with at(MONDAY, "10:00"):
        client = client_of_contact(world.noord.supervisors[0])
        client.post(url, {"kind": "other", "when": "today", "note": "Liep weg."})
        assert group_of(world) == "away"
        page = client.get(reverse("attendance:company_today")).content.decode()
        assert ">aanwezig<" not in "".join(page.split())
    with at(TUESDAY, "10:00"):
        client.post(url, {"kind": "ill", "when": "today", "note": ""})
    assert [c.withdrawn_kind for c in everything(CheckIn)] == ["company", ""]


def test_a_withdrawn_arrival_of_a_free_day_leaves_no_day_to_write_about(world):
    checked_in(world.berk.placement, TUESDAY, withdrawn_at=timezone.now())
    with at(TUESDAY, "16:00"):
        page = client_of(world.berk.logins[0]).get(reverse("attendance:report_list"))
        assert "Nog te schrijven" not in page.content.decode()


def test_the_database_lets_nobody_withdraw_more_than_its_own_today(world):
    with at(MONDAY):
        yesterday = checked_in(world.berk.placement, MONDAY)
    student = world.actor(world.berk.logins[0])
    company = world.company_actor(world.noord.contacts[0])
    taken = {"withdrawn_at": timezone.now()}

    def change(actor, day, **values) -> int:
        with at(day), use(actor.scope):
            try:
                with transaction.atomic():
                    return CheckIn.objects.filter(pk=yesterday.pk).update(**values)
            except DatabaseError:
                return 0

    assert change(student, TUESDAY, **taken, withdrawn_kind="student") == 0
    assert change(company, TUESDAY, **taken, withdrawn_kind="company") == 0
    assert change(student, MONDAY, **taken, withdrawn_kind="teacher") == 0
    assert change(student, MONDAY, flags=[]) == 0
    assert change(student, MONDAY, **taken, withdrawn_kind="student") == 1
    assert change(student, MONDAY, withdrawn_at=None, withdrawn_kind="student") == 0
