"""The API: each school its own rows, in full only to whom may, one shape of refusal."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies.models import Contact
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import PeriodException
from tests.clients import client_of, client_of_contact

LISTS = ("period", "group", "student", "company", "placement")


def get(client, name, *args, **query):
    return client.get(reverse(f"api:{name}", args=args), query)


def problem_of(response, status):
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["type"] == "about:blank"
    return body


def bait_of(world, keep):
    """Everything of the two other schools, and of the other region, that an answer could hold."""
    found = set()
    for sw in (world.berk, world.els, world.iep):
        if sw is not keep:
            rows = [sw.period, sw.group, sw.placement, *sw.students, *sw.places, *sw.applications]
            found |= {r.public_id for r in rows}
    if keep is not world.iep:
        found |= {r.public_id for r in (*world.zuid.companies, *world.zuid.contacts)}
    return found


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("school", ["berk", "els", "iep"])
def test_a_list_holds_the_own_school_only(world, name, school):
    sw = getattr(world, school)
    response = get(client_of(sw.coordinator), f"{name}_list", page_size=100)
    body = response.json()
    wanted = {"period": 1, "group": 1, "student": 3, "company": 2, "placement": 1}[name]
    assert (body["count"], len(body["results"])) == (wanted, wanted)
    text = response.content.decode()
    assert {code for code in bait_of(world, sw) if code in text} == set()


def test_no_serial_number_stands_in_any_answer(world):
    client = client_of(world.berk.coordinator)
    texts = [get(client, f"{name}_list").content.decode() for name in LISTS]
    texts += [get(client, "student_show", world.berk.students[0].public_id).content.decode()]
    texts += [get(client, "company_show", world.noord.companies[0].public_id).content.decode()]
    assert not [t for t in texts if '"id"' in t or '"pk"' in t or "_id" in t]
    secret = world.noord.locations[0].poster_code
    assert not [t for t in texts if secret in t]


@pytest.mark.parametrize("name", ["period", "group", "student", "placement", "day"])
def test_a_code_of_another_school_is_a_404_like_a_code_that_is_not_there(world, name):
    things = {
        "period": world.berk.period,
        "group": world.berk.group,
        "student": world.berk.students[0],
        "placement": world.berk.placement,
        "day": world.berk.placement,
    }
    view = "day_list" if name == "day" else f"{name}_show"
    stranger = client_of(world.els.coordinator)
    theirs = problem_of(get(stranger, view, things[name].public_id), 404)
    nobodys = problem_of(get(stranger, view, "0000000000"), 404)
    assert theirs == nobodys
    assert get(client_of(world.berk.coordinator), view, things[name].public_id).status_code == 200


@pytest.mark.parametrize("name", ["period_show", "student_show", "placement_show"])
def test_a_raw_id_leads_nowhere(world, name):
    client = client_of(world.berk.coordinator)
    url = reverse(f"api:{name}", args=["0000000000"])
    for raw in (world.els.students[0].pk, world.berk.students[0].pk, world.berk.placement.pk):
        problem_of(client.get(url.replace("0000000000", str(raw))), 404)


def test_filters_by_a_code_of_another_school_find_nothing(world):
    client = client_of(world.berk.coordinator)
    for name, query in (
        ("student_list", {"group": world.els.group.public_id}),
        ("student_list", {"period": world.els.period.public_id}),
        ("company_list", {"group": world.els.group.public_id}),
        ("company_list", {"period": world.els.period.public_id}),
        ("group_list", {"period": world.els.period.public_id}),
        ("placement_list", {"student": world.els.students[0].public_id}),
        ("placement_list", {"group": world.els.group.public_id}),
    ):
        assert get(client, name, **query).json()["count"] == 0, name


def test_filters_by_ones_own_find_what_belongs(world):
    berk, client = world.berk, client_of(world.berk.coordinator)
    assert get(client, "student_list", group=berk.group.public_id).json()["count"] == 3
    assert get(client, "company_list", group=berk.group.public_id).json()["count"] == 2
    assert get(client, "company_list", period=berk.period.public_id).json()["count"] == 1
    found = get(client, "placement_list", period=berk.period.public_id, state="running").json()
    assert [p["code"] for p in found["results"]] == [berk.placement.public_id]
    assert get(client, "placement_list", state="concept").json()["count"] == 0
    assert [s["name"] for s in get(client, "student_list", q="bram").json()["results"]] == [
        "Bram van Berk"
    ]


def test_a_colleague_gets_name_and_class_a_guiding_teacher_all(world):
    student, placement = world.berk.students[0], world.berk.placement
    with use(SYSTEM):
        student.mentor = None
        student.save()
    for membership, full in (
        (world.berk.coordinator, True),
        (world.berk.teacher, True),
        (world.berk.colleague, False),
    ):
        client = client_of(membership)
        whole = get(client, "student_show", student.public_id).json()
        assert (whole["code"], whole["name"]) == (student.public_id, "Aya Berk")
        assert (whole["details"] is not None) is full
        folder = get(client, "placement_show", placement.public_id).json()
        assert (folder["details"] is not None) is full
        days = get(client, "day_list", placement.public_id)
        assert days.status_code == (200 if full else 403)
    assert "aya@berk.test" not in get(client, "student_list").content.decode()


def test_the_days_of_a_placement(world):
    client = client_of(world.berk.coordinator)
    code = world.berk.placement.public_id
    found = get(client, "day_list", code, first="2027-01-18", last="2027-01-19").json()
    assert found["results"] == [
        {
            "date": f"2027-01-{day}",
            "state": "planned",
            "planned": {"day_from": "08:30", "day_to": "15:30", "minutes": 390},
            "checked_in_at": None,
            "went_at": None,
            "confirmed_minutes": None,
        }
        for day in (18, 19)
    ]
    assert get(client, "day_list", code).json()["count"] == 10


def test_a_period_tells_its_days_off(world):
    with use(SYSTEM):
        PeriodException.objects.create(
            school=world.berk.school, period=world.berk.period, date="2027-01-13", reason="Studie"
        )
    found = get(client_of(world.berk.coordinator), "period_show", world.berk.period.public_id)
    assert found.json()["days_off"] == [{"date": "2027-01-13", "reason": "Studie"}]


def test_who_left_the_company_is_not_told(world):
    with use(SYSTEM):
        Contact.objects.filter(pk=world.noord.contacts[0].pk).update(active=False)
    found = get(
        client_of(world.berk.teacher), "company_show", world.noord.companies[0].public_id
    ).json()
    assert [c["code"] for c in found["contacts"]] == [world.noord.supervisors[0].public_id]


def test_looking_at_a_student_is_recorded(world):
    client = client_of(world.berk.coordinator)
    get(client, "student_show", world.berk.students[0].public_id)
    get(client, "day_list", world.berk.placement.public_id)
    get(client_of(world.berk.colleague), "student_show", world.berk.students[2].public_id)
    with use(SYSTEM):
        rows = AuditEntry.objects.filter(verb__in=["saw", "saw_placement"])
        assert sorted(rows.values_list("verb", "student_number")) == [
            ("saw", world.berk.students[0].pk),
            ("saw_placement", world.berk.students[0].pk),
        ]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"page": "0"}, "page"),
        ({"page": "1.0"}, "page"),
        ({"page": "٣"}, "page"),
        ({"page_size": "101"}, "page_size"),
        ({"period": "x' OR 1=1"}, "period"),
        ({"student": "ABC\x00DEF"}, "student"),
        ({"state": "niets"}, "state"),
        ({"perod": "ABCDEF"}, "perod"),
    ],
)
def test_a_wrong_parameter_is_named(world, query, named):
    body = problem_of(get(client_of(world.berk.coordinator), "placement_list", **query), 400)
    assert list(body["errors"]) == [named]


@pytest.mark.parametrize(
    "query",
    [
        {"first": "9999-12-31"},
        {"first": "2027-1-1"},
        {"last": "20270101"},
        {"first": "2027-02-30"},
    ],
)
def test_a_date_is_bounded(world, query):
    code = world.berk.placement.public_id
    problem_of(get(client_of(world.berk.coordinator), "day_list", code, **query), 400)


def test_refusals_have_one_shape(world, settings):
    url = reverse("api:student_list")
    anonymous = problem_of(Client().get(url), 401)
    assert anonymous["title"] == "Log eerst in."
    assert Client().get(url)["WWW-Authenticate"] == "Session"
    problem_of(client_of(world.berk.logins[0]).get(url), 403)
    problem_of(client_of_contact(world.noord.contacts[0]).get(url), 403)
    coordinator = client_of(world.berk.coordinator)
    response = coordinator.post(url)
    problem_of(response, 405)
    assert response["Allow"] == "GET, HEAD"
    problem_of(coordinator.options(url), 405)
    problem_of(coordinator.get("/api/v1/niets/"), 404)
    problem_of(coordinator.get(url, {"page": 99}), 404)
    assert coordinator.get(url, HTTP_ACCEPT="text/html")["Content-Type"] == "application/json"


def test_a_second_factor_is_asked_here_too(world):
    client = Client()
    with use(SYSTEM):
        user = world.berk.coordinator.user
    client.force_login(user)
    body = problem_of(client.get(reverse("api:student_list")), 403)
    assert "tweede code" in body["detail"]


def test_too_many_requests_are_told_to_wait(world, settings):
    settings.API_REQUESTS_PER_MINUTE = 3
    client = client_of(world.berk.coordinator)
    answers = [get(client, "period_list") for _ in range(9)]
    refused = [r for r in answers if r.status_code == 429]
    # A window may end in between; it holds three.
    assert 3 <= len(refused) <= 6
    problem_of(refused[0], 429)
    assert 1 <= int(refused[0]["Retry-After"]) <= 60
    assert get(client_of(world.berk.teacher), "period_list").status_code == 200


def test_pages_join_up(world):
    client = client_of(world.berk.coordinator)
    seen, url = [], reverse("api:student_list") + "?page_size=2"
    while url:
        body = client.get(url).json()
        seen += [s["code"] for s in body["results"]]
        url = body["next"]
    assert seen == [s.public_id for s in sorted(world.berk.students, key=lambda s: s.sort_name)]


@pytest.mark.parametrize("name", LISTS)
def test_a_longer_list_costs_no_more_queries(world, name):
    client = client_of(world.berk.coordinator)
    get(client, f"{name}_list")  # the first one of a minute also starts its count
    counts = []
    for size in (1, 100):
        with CaptureQueriesContext(connection) as found:
            body = get(client, f"{name}_list", page_size=size).json()
        counts.append(len(found))
        if name in ("student", "company"):
            assert len(body["results"]) == min(size, body["count"]) > size // 100
    assert counts[0] == counts[1] <= 24


def test_the_description_is_open_and_names_every_address(world):
    body = Client().get(reverse("api:schema_show")).json()
    assert body["openapi"].startswith("3.1")
    assert len(body["paths"]) == 11
    assert {m for item in body["paths"].values() for m in item} == {"get"}
    assert "testserver" not in json.dumps(body)


def test_the_page_shows_addresses_and_fields(world):
    text = client_of(world.berk.teacher).get(reverse("api:read")).content.decode()
    assert "/api/v1/placements/{code}/days/" in text
    assert "<code>planned.minutes</code>" in text
    assert "<code>details.supervisor.name</code>" in text
