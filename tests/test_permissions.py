"""Every route × everybody × every verb, against real objects of one school.

The table (`tests/permissions/`) is written by hand, apart from the code's own declarations. A route
without a row fails; a row is proven alive by the people it names.
"""

from copy import deepcopy

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from companies.models import Contact
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import pdf
from stage.core.who.access import registry
from stage.web.views import errors
from tests.clients import client_of, client_of_contact, client_of_guardian
from tests.permissions import CAST, Row
from tests.permissions.table import TABLE
from tests.world import build_world, trust

# What a browser sends; and what only a program does, with the sweeps.
FORMS, OTHERS = ("GET", "POST"), ("PUT", "PATCH", "DELETE")


def own_routes():
    return {name: r for name, r in registry().items() if not r.is_third_party}


def cast_of(world) -> dict[str, Client]:
    noord, zuid, berk, els, iep = world.noord, world.zuid, world.berk, world.els, world.iep
    clients = {
        "anonymous": Client(),
        "coordinator": client_of(berk.coordinator),
        "teacher": client_of(berk.teacher),
        "colleague": client_of(berk.colleague),
        "student": client_of(berk.logins[0]),
        "classmate": client_of(berk.logins[1]),
        "guardian": client_of_guardian(berk.guardians[0]),
        "contact": client_of_contact(noord.contacts[0]),
        "supervisor": client_of_contact(noord.supervisors[0]),
        "bureau": client_of(noord.bureau),
        "operator": client_of(world.operator),
        "other_coordinator": client_of(els.coordinator),
        "other_teacher": client_of(els.teacher),
        "other_student": client_of(els.logins[0]),
        "far_coordinator": client_of(iep.coordinator),
        "far_bureau": client_of(zuid.bureau),
        "far_contact": client_of_contact(zuid.contacts[0]),
        "other_contact": client_of_contact(noord.contacts[1]),
        **{name: client_of_contact(row) for name, row in at_the_bakery(world).items()},
    }
    assert tuple(clients) == CAST
    return clients


def at_the_bakery(world) -> dict[str, Contact]:
    """More people of the first company, told apart by which school trusts them with what."""
    every = ["contact", "supervisor", "signatory"]
    wanted = {
        "signatory": (world.berk, ["signatory"]),
        "planted": (world.els, every),
        "named": (None, every),
    }
    with use(SYSTEM):
        return {name: _at_the_bakery(world, name, *known) for name, known in wanted.items()}


def _at_the_bakery(world, name: str, school, roles: list[str]) -> Contact:
    first = world.noord.companies[0]
    contact, new = Contact.objects.get_or_create(
        region=first.region,
        company=first,
        email=f"{name}@bakkerij-noord.test",
        defaults={"name": name.capitalize(), "roles": roles},
    )
    if new and school is not None:
        trust(school, contact)
    return contact


def ask(client: Client, verb: str, url: str, data: dict):
    """One request whose writes are undone, and the cookies it set as well."""
    client.raise_request_exception = False
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        sent = data if verb == "POST" else None
        response = (
            getattr(client, verb.lower())(url, sent) if sent else getattr(client, verb.lower())(url)
        )
        transaction.set_rollback(True)
    client.cookies = cookies
    if response.streaming:
        b"".join(response.streaming_content)  # read to its end, which closes the file
    return response


def is_refused(response) -> bool:
    to_login = response.status_code == 302 and "/inloggen/?next=" in response["Location"]
    return to_login or response.status_code in (401, 403, 404)


def test_every_route_has_a_row_and_every_row_a_route():
    assert set(TABLE) == set(own_routes())


def test_the_declaration_names_methods_the_table_names():
    wrong = {
        name: (row.methods, own_routes()[name].access.methods)
        for name, row in TABLE.items()
        if set(row.methods) != set(own_routes()[name].access.methods)
    }
    assert wrong == {}


def portions(size: int = 8) -> list[tuple[str, ...]]:
    """The table cut up, so that two processes share the work."""
    names = sorted(TABLE)
    return [tuple(names[i : i + size]) for i in range(0, len(names), size)]


@pytest.fixture(scope="module")
def sweep(django_db_setup, django_db_blocker):
    """One world and one cast for the whole sweep; each route's rows are undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        with use(SYSTEM):
            world = build_world()
        yield world, cast_of(world)
        transaction.set_rollback(True)


@pytest.fixture
def _only_who_and_where(monkeypatch):
    """What is judged here is the answer's status: drawing the page of a refusal is most of its

    cost, and laying out a document most of a document's. Both have tests of their own.
    """

    def bare(request, template, context=None, status=200):
        return HttpResponse(template, status=status)

    monkeypatch.setattr(errors, "render", bare)
    monkeypatch.setattr(pdf, "html_to_pdf", lambda html: b"%PDF-")


@pytest.mark.sweep
@pytest.mark.django_db
@pytest.mark.usefixtures("_only_who_and_where")
@pytest.mark.parametrize("verbs", [FORMS, OTHERS], ids=["forms", "others"])
@pytest.mark.parametrize("names", portions(), ids=lambda names: names[0])
def test_nobody_gets_where_the_table_does_not_let_them(sweep, names, verbs):
    world, clients = sweep
    leaks, dead, cells = [], [], 0
    for name in names:
        with transaction.atomic():
            for who, verb, response in answers(world, clients, name, verbs):
                cells += 1
                problem = judge(TABLE[name], who, verb, response)
                if problem == "leak":
                    leaks.append((name, who, verb, response.status_code))
                elif problem:
                    dead.append((name, who, verb, response.status_code, problem))
            transaction.set_rollback(True)
    assert leaks == []
    assert dead == []
    assert cells == len(names) * len(CAST) * len(verbs)


def answers(world, clients, name, verbs):
    """What everybody gets at one route with each of the verbs: (who, verb, response)."""
    row = TABLE[name]
    with use(SYSTEM):
        url = reverse(name, args=row.args(world))
        data = row.post(world)
    for who in CAST:
        for verb in verbs:
            yield who, verb, ask(clients[who], verb, url, data)


def judge(row: Row, who: str, verb: str, response) -> str:
    """'' when the answer is right, 'leak' when somebody got too far, else what is broken."""
    if response.status_code >= 500:
        return "server error"
    if who in row.may:
        if verb not in row.methods:
            return "" if response.status_code == 405 else "verb not refused"
        return "refused its owner" if is_refused(response) else ""
    return "" if is_refused(response) or response.status_code == 405 else "leak"
