"""The poster: once a day, by the server's clock, odd ones kept and flagged."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance import services
from attendance.models import Absence, CheckIn, FailedScan
from placements.models import Placement, PlannedDay
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from tests.attendance.helpers import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    TUESDAY,
    about,
    another_placement,
    at,
    checked_in,
    everything,
    ill,
)
from tests.clients import client_of

CHECK_IN = reverse("attendance:check_in")


def poster(location) -> str:
    return reverse("attendance:scan_open", args=[location.poster_code])


def scan(client, location, **more):
    return client.post(CHECK_IN, {"code": location.poster_code, "method": "poster", **more})


def test_scan_shows_one_button_and_changes_nothing(world):
    with at(MONDAY):
        response = client_of(world.berk.logins[0]).get(poster(world.noord.locations[0]))
    assert response.status_code == 200
    assert "Bakkerij Noord" in response.content.decode()
    assert response.content.decode().count("Ik ben er") == 1
    assert everything(CheckIn) == []


def test_anonymous_goes_to_log_in_and_comes_back(world, client):
    address = poster(world.noord.locations[0])
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"].endswith(f"?next={address}")


def test_check_in_is_kept_with_the_servers_time(world):
    with at(MONDAY, "08:02"):
        client = client_of(world.berk.logins[0])
        sent = {"nonce": "ABCDEFGH12", "device_at": "2027-01-11T07:59:00+01:00"}
        response = scan(client, world.noord.locations[0], **sent)
        assert response["Location"] == reverse("attendance:check_in_done")
        page = client.get(response["Location"]).content.decode()
    (row,) = everything(CheckIn)
    assert (row.date, row.placement_id, row.flags) == (MONDAY, world.berk.placement.pk, [])
    assert row.at == datetime(2027, 1, 11, 7, 2, tzinfo=UTC)
    assert row.device_at == datetime(2027, 1, 11, 6, 59, tzinfo=UTC)
    assert (row.method, row.nonce) == ("poster", "ABCDEFGH12")
    assert "08:02" in page
    assert "Schrijf je dagverslag" in page


def test_second_scan_says_when_you_came(world):
    client = None
    with at(MONDAY, "08:02"):
        client = client_of(world.berk.logins[0])
        scan(client, world.noord.locations[0])
    with at(MONDAY, "10:15"):
        page = client.post(CHECK_IN, {"code": world.noord.locations[0].poster_code}, follow=True)
    assert "Je was er al om 08:02" in page.content.decode()
    assert len(everything(CheckIn)) == 1


def test_same_nonce_on_another_day_counts_once(world):
    with at(MONDAY):
        scan(client_of(world.berk.logins[0]), world.noord.locations[0], nonce="SAMENONCE1")
    with at(TUESDAY):
        scan(client_of(world.berk.logins[0]), world.noord.locations[0], nonce="SAMENONCE1")
    assert [c.date for c in everything(CheckIn)] == [MONDAY]


def test_somebody_elses_nonce_turns_nobody_away(world):
    with at(MONDAY):
        scan(client_of(world.els.logins[0]), world.noord.locations[0], nonce="SAMENONCE1")
        scan(client_of(world.berk.logins[0]), world.noord.locations[0], nonce="SAMENONCE1")
    assert len(everything(CheckIn)) == 2


def test_eight_taps_at_once_make_one_check_in(committed_world):
    world, results = committed_world, []
    actor = world.actor(world.berk.logins[0])
    code = world.noord.locations[0].poster_code
    barrier = threading.Barrier(8)

    def tap():
        try:
            barrier.wait()
            with use(actor.scope):
                results.append(services.scan(code, actor=actor))
        finally:
            connections.close_all()

    with at(MONDAY):
        threads = [threading.Thread(target=tap) for _ in range(8)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
    assert len(everything(CheckIn)) == 1
    assert sorted(r.already for r in results) == [False] + [True] * 7


@pytest.mark.parametrize(("clock", "flags"), [("08:45", []), ("08:46", ["late"])])
def test_late_after_the_schools_minutes(world, clock, flags):
    with at(MONDAY, clock):
        scan(client_of(world.berk.logins[0]), world.noord.locations[0])
    assert everything(CheckIn)[0].flags == flags


def test_another_companys_poster_is_kept_and_flagged(world):
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        page = client.get(poster(world.noord.locations[1])).content.decode()
        scan(client, world.noord.locations[1])
    (row,) = everything(CheckIn)
    assert "Dit is een ander bedrijf" in page
    assert row.flags == ["other_location"]
    assert (row.company_id, row.poster) == (
        world.noord.companies[0].pk,
        world.noord.locations[1].poster_code,
    )


@pytest.mark.parametrize(
    ("day", "flags"),
    [
        (SATURDAY, ["unplanned_day"]),
        (date(2027, 1, 8), ["outside_period"]),
        (date(2027, 1, 25), ["outside_period"]),
    ],
)
def test_a_day_outside_the_plan_is_kept_and_flagged(world, day, flags):
    with at(day):
        scan(client_of(world.berk.logins[0]), world.noord.locations[0])
    assert [(c.date, c.flags) for c in everything(CheckIn)] == [(day, flags)]


def test_without_signatures_it_is_kept_and_flagged(world):
    with use(SYSTEM):
        Placement.objects.filter(pk=world.berk.placement.pk).update(state="agreement")
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        page = client.get(poster(world.noord.locations[0])).content.decode()
        scan(client, world.noord.locations[0])
    assert "nog niet getekend" in page
    assert everything(CheckIn)[0].flags == ["not_signed"]


def test_another_regions_poster_is_unknown(world):
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        shown = client.get(poster(world.zuid.locations[0]))
        sent = scan(client, world.zuid.locations[0])
    assert (shown.status_code, sent.status_code) == (404, 422)
    assert "Bakkerij Zuid" not in shown.content.decode() + sent.content.decode()
    assert everything(CheckIn) == []
    (failed,) = everything(FailedScan)
    assert (failed.reason, failed.typed) == ("unknown_code", world.zuid.locations[0].poster_code)


def test_without_a_placement_the_scan_is_noted(world):
    with at(MONDAY):
        response = scan(client_of(world.berk.logins[2]), world.noord.locations[0])
    assert response.status_code == 422
    assert "Je hebt nu geen stage" in response.content.decode()
    assert [f.reason for f in everything(FailedScan)] == ["no_placement"]


def test_typed_code_leads_to_the_same_button(world):
    code = world.noord.locations[0].poster_code
    typed = f" {code[:4].lower()}-{code[4:]}"
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        page = client.post(reverse("attendance:scan_typed"), {"code": typed}, follow=True)
        assert 'value="typed"' in page.content.decode()
        client.post(CHECK_IN, {"code": code, "method": "typed"})
    assert everything(CheckIn)[0].method == "typed"


def test_six_signs_of_a_poster_are_enough(world):
    code = world.noord.locations[0].poster_code[:6]
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        page = client.post(reverse("attendance:scan_typed"), {"code": code}, follow=True)
        assert "Bakkerij Noord" in page.content.decode()
        client.post(CHECK_IN, {"code": code, "method": "typed"})
    (row,) = everything(CheckIn)
    assert (row.method, row.flags) == ("typed", [])


def test_six_signs_of_another_companys_poster_show_whose_it_is(world):
    code = world.noord.locations[1].poster_code[:6]
    with at(MONDAY):
        client_of(world.berk.logins[0]).post(CHECK_IN, {"code": code, "method": "typed"})
        page = client_of(world.berk.coordinator).get(reverse("attendance:flags")).content.decode()
    assert f"poster van {world.noord.companies[1].name}" in page


@pytest.mark.parametrize("length", [1, 5, 7, 9])
def test_a_part_of_a_code_is_no_code(world, length):
    code = world.noord.locations[0].poster_code[:length]
    with at(MONDAY):
        assert client_of(world.berk.logins[0]).post(CHECK_IN, {"code": code}).status_code == 422
    assert everything(CheckIn) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("A", "Je hebt 1 teken, het zijn er 6."),
        ("wrong", "Je hebt 5 tekens, het zijn er 6."),
        ("WRO-NGST", "Je hebt 7 tekens, het zijn er 6."),
        ("WRONGSTXY", "Je hebt 9 tekens, het zijn er 10."),
    ],
)
def test_a_code_of_the_wrong_length_says_so_once(world, typed, said):
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        response = client.post(reverse("attendance:scan_typed"), {"code": typed})
    assert response.status_code == 422
    assert response.content.decode().count(said) == 1
    assert "callout wrong" not in response.content.decode()
    assert everything(FailedScan) == []


def test_it_does_not_work_leads_to_people_and_is_told_to_school(world):
    with use(SYSTEM):
        supervisor = world.berk.placement.supervisor
        type(supervisor).objects.filter(pk=supervisor.pk).update(telephone="0612345678")
    with at(MONDAY, "09:00"):
        client, teacher = client_of(world.berk.logins[0]), client_of(world.berk.teacher)
        assert "0612345678" in client.get(reverse("attendance:scan_typed")).content.decode()
        page = client.post(reverse("attendance:check_in_help"), follow=True).content.decode()
        assert "School ziet nu dat aanmelden niet lukt" in page
        assert "Een leerling kan zich niet aanmelden" in teacher.get("/").content.decode()
        flags = teacher.get(reverse("attendance:flags")).content.decode()
        assert "Zegt dat aanmelden niet lukt" in flags
        # Once in, nobody has to do anything any more.
        scan(client, world.noord.locations[0])
        assert "kan zich niet aanmelden" not in teacher.get("/").content.decode()


def test_wrong_typed_code_answers_422_and_is_noted(world):
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        response = client.post(reverse("attendance:scan_typed"), {"code": "NCTFND"})
    assert response.status_code == 422
    assert "Deze code kennen we niet" in response.content.decode()
    assert len(everything(FailedScan)) == 1


def test_without_code_only_where_students_report_themselves(world):
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        assert client.post(CHECK_IN, {}).status_code == 422
        company = world.noord.companies[0]
        with use(SYSTEM):
            type(company).objects.filter(pk=company.pk).update(attendance_mode="student")
        assert client.post(CHECK_IN, {}).status_code == 302
    assert [c.method for c in everything(CheckIn)] == ["self"]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2027, 1, 11, 23, 30, tzinfo=UTC), TUESDAY),  # 00:30 in Amsterdam
        (datetime(2027, 1, 11, 22, 59, tzinfo=UTC), MONDAY),
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), date(2027, 3, 28)),  # the clock goes ahead
        (datetime(2027, 10, 30, 22, 30, tzinfo=UTC), date(2027, 10, 31)),  # and back
        (datetime(2028, 2, 28, 23, 10, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_the_dutch_date_decides(world, moment, day):
    p = world.berk.placement
    with use(SYSTEM):
        Placement.objects.filter(pk=p.pk).update(ends=date(2028, 7, 31))
        PlannedDay.objects.get_or_create(
            student_id=p.student_id,
            date=day,
            defaults={**about(p), "day_from": p.day_from, "day_to": p.day_to, "break_minutes": 30},
        )
    with time_machine.travel(moment, tick=False):
        scan(client_of(world.berk.logins[0]), world.noord.locations[0])
    (row,) = everything(CheckIn)
    assert row.date == day
    assert "unplanned_day" not in row.flags


@pytest.mark.parametrize("day", [date(2027, 3, 29), date(2027, 11, 1)])
def test_late_counts_on_the_dutch_clock_after_the_change(world, day):
    p = world.berk.placement
    with use(SYSTEM):
        Placement.objects.filter(pk=p.pk).update(ends=date(2027, 12, 31))
        PlannedDay.objects.create_about(
            p, date=day, day_from=p.day_from, day_to=p.day_to, break_minutes=30
        )
    with at(day, "08:46"):
        scan(client_of(world.berk.logins[0]), world.noord.locations[0])
    assert everything(CheckIn)[0].flags == ["late"]


def test_coming_back_closes_the_illness_and_tells_the_others(world):
    ill(world.berk.placement, MONDAY)
    with at(FRIDAY):
        client = client_of(world.berk.logins[0])
        page = client.post(CHECK_IN, {"code": world.noord.locations[0].poster_code}, follow=True)
    (absence,) = everything(Absence)
    assert absence.ends == FRIDAY - timedelta(days=1)
    assert "weer beter gemeld" in page.content.decode()
    with use(SYSTEM):
        told = OutboxMail.objects.filter(event="absence_closed").values_list("person_kind")
        assert sorted(kind for (kind,) in told) == ["contact", "contact", "membership"]


def test_check_in_asks_little_of_the_database(world):
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            scan(client, world.noord.locations[0])
    asked = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(asked) <= 7, "\n".join(asked)


def test_student_in_is_not_seen_by_another(world):
    checked_in(world.berk.placement, MONDAY)
    with at(MONDAY, "12:00"):
        page = client_of(world.berk.logins[1]).get(reverse("attendance:check_in_done"))
    assert "Bakkerij" not in page.content.decode()


def test_two_students_from_one_browser_on_a_day_are_shown_to_school_and_not_refused(world):
    another_placement(world.berk, world.noord, 1)
    with at(MONDAY, "08:25"):
        aya, bram = client_of(world.berk.logins[0]), client_of(world.berk.logins[1])
        scan(aya, world.noord.locations[0])
        bram.cookies["aanmelding"] = aya.cookies["aanmelding"].value
        assert str(world.berk.students[0].pk) not in aya.cookies["aanmelding"].value.split(".")
        assert scan(bram, world.noord.locations[0]).status_code == 302
        page = client_of(world.berk.coordinator).get(reverse("attendance:flags"))
        assert "Zelfde telefoon als een andere leerling" in page.content.decode()
    assert [c.flags for c in everything(CheckIn)] == [[], ["same_browser"]]
    with at(TUESDAY, "08:25"):
        bram = client_of(world.berk.logins[1])
        bram.cookies["aanmelding"] = aya.cookies["aanmelding"].value
        scan(bram, world.noord.locations[0])
    # Its own, the next day.
    assert everything(CheckIn)[-1].flags == []
