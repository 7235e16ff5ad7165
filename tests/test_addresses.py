"""Whatever stands in an address: no page breaks, none passes over it in silence, none names a key.

The parameters of a route are those of the form its view declares (`@reads`), or of the query of an
endpoint of the API. That no view reads its address otherwise is a test here too.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, product
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.db import transaction
from django.urls import reverse
from lxml import html as pages

from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import filters
from tests.permissions import CAST
from tests.permissions.table import TABLE
from tests.test_permissions import ask, own_routes

ROOT = Path(__file__).parent.parent
NUL = "\0"
LONG = "x" * 10_000
STRANGE = ("²", "9999-12-31", "0001-01-01", "-1", "1e9", "[]", LONG)
# Views that act on rows chosen elsewhere say what to do instead.
SAY_OTHERWISE = {
    "schools:card_print": "Kies eerst leerlingen",
    "placements:assign": "Kies eerst een of meer stages",
    "placements:brief_send": "Kies eerst een of meer stages",
}
# Who has nothing to do there is sent on, and the page that follows knows other parameters.
SENT_ON = ("agreements:agreement_sign",)
# Files that read an address themselves, and why.
READERS = {
    "stage/core/ui/filters.py": "the mechanism itself",
    "stage/core/api/views.py": "the mechanism of the API",
    "stage/core/templatetags/ui.py": "links to other pages keep what was understood",
    "stage/web/middleware.py": "a NUL is refused wherever it stands",
    "stage/core/ui/back.py": "`next` is followed or not, never shown",
    "companies/views/campaigns.py": "one form for what is sent and what stands in the address",
    "placements/views/placement_desk.py": "the same",
    "assessments/views/bank.py": "the same",
    "attendance/views/student.py": "whether there is anything in it at all",
}
# Parameters whose value is a number that is no key.
NUMBERS = {"page", "page_size", "year", "km", "na", "kolommen", "opnieuw", "alleen", "typed"}
NUMBERS |= {"archived", "restore", "terug", "mine", "weg", "afdruk"}


def forms_of_routes() -> Iterator[tuple[str, type[filters.Filters]]]:
    """Of routes that somebody of the cast may open: a link's page has the form of the own one."""
    for name, route in own_routes().items():
        form = getattr(route.view, "filters", None)
        row = TABLE[name]
        if form and not isinstance(route.view, type) and row.may and "GET" in row.methods:
            yield name, form


def queries_of_api() -> dict[str, list[str]]:
    found = {name: getattr(route.view, "query", None) for name, route in own_routes().items()}
    return {name: sorted(query().fields) for name, query in found.items() if query}


def understands(field, value: str) -> bool:
    return isinstance(field, filters.Text) and value != LONG


@contextmanager
def opened(baited, name: str):
    """Somebody who may open the route, its address and what stands in it; undone afterwards."""
    world, clients, _laid = baited
    row = TABLE[name]
    who = next((who for who in CAST if who in row.may), "anonymous")
    clients[who].raise_request_exception = False
    with transaction.atomic():
        with use(SYSTEM):
            args = row.args(world)
            address = reverse(name, args=args)
        yield clients[who], address, [str(arg) for arg in args]
        transaction.set_rollback(True)


def remark_of(response) -> str:
    found = re.search(r'id="page-remark">(.*?)</div>', response.content.decode(), re.S)
    return html.unescape(found[1]) if found else ""


def wrong_of(baited, name: str, form: type[filters.Filters], sent: dict[str, str]) -> list[str]:
    """What went wrong with these values in the address of a route: [] when nothing did."""
    with opened(baited, name) as (client, address, _args):
        response = client.get(f"{address}?{urlencode(sent)}", follow=True)
    if response.status_code != 200:
        return [f"{response.status_code}"]
    if "html" not in response["Content-Type"]:  # a file, of an address that is understood
        wrong = [n for n, value in sent.items() if not understands(form.base_fields[n], value)]
        return [f"a file in spite of {n}" for n in wrong]
    if response.redirect_chain and name in SENT_ON:
        return []
    if name in SAY_OTHERWISE:
        return [] if SAY_OTHERWISE[name] in response.content.decode() else ["silent"]
    said = remark_of(response)
    unheard = [
        n
        for n, value in sent.items()
        if (str(form.base_fields[n].what) in said) == understands(form.base_fields[n], value)
    ]
    return [f"silent about {n}, or says too much: {said}" for n in unheard]


@pytest.mark.django_db
def test_every_page_says_what_it_does_not_understand(baited):
    """Every parameter of every route once, with the strange values in turn; the sweep asks all."""
    values, found = cycle(STRANGE), {}
    for name, form in forms_of_routes():
        sent = {field: next(values) for field in form.base_fields}
        # One name for two fields would let one be silent.
        assert len({str(f.what) for f in form.base_fields.values()}) <= len(form.base_fields)
        if wrong := wrong_of(baited, name, form, sent):
            found[name, str(sent)[:300]] = wrong
    assert found == {}


@pytest.mark.sweep
@pytest.mark.django_db
@pytest.mark.parametrize("value", STRANGE, ids=lambda value: value[:12])
def test_every_parameter_with_everything_strange(baited, value):
    found = {}
    for name, form in forms_of_routes():
        for field in form.base_fields:
            if wrong := wrong_of(baited, name, form, {field: value}):
                found[name, field] = wrong
    assert found == {}


@pytest.mark.sweep
@pytest.mark.django_db
def test_a_nul_is_refused_everywhere(baited):
    found = {}
    for name, form in forms_of_routes():
        with opened(baited, name) as (client, address, _args):
            for field in form.base_fields:
                response = ask(client, "GET", f"{address}?{urlencode({field: NUL})}", {})
                if response.status_code != 400:
                    found[name, field] = response.status_code
    assert found == {}


@pytest.mark.django_db
def test_the_api_refuses_what_it_does_not_understand(baited, settings):
    settings.API_REQUESTS_PER_MINUTE = 100_000
    found, asked = {}, queries_of_api()
    assert {"q", "group", "period", "page"} <= set(asked["api:student_list"])
    for name, parameters in asked.items():
        for parameter, value in product(parameters, (*STRANGE, NUL)):
            with opened(baited, name) as (client, address, _args):
                response = ask(client, "GET", f"{address}?{urlencode({parameter: value})}", {})
                words = parameter in ("q", "school_class") and value not in (LONG, NUL)
                wanted = 200 if words else 400
                named = wanted == 200 or parameter in response.json()["errors"]
                if response.status_code != wanted or not named:
                    found[name, parameter, value[:12]] = response.status_code
    assert found == {}


def numbers_in(address: str) -> list[str]:
    """What in an address looks like a serial number."""
    parts = urlsplit(address)
    if parts.scheme in ("tel", "mailto"):
        return []
    paths = [p for p in parts.path.split("/") if p.isdigit()]
    if parts.path.startswith("/overeenkomsten/tekst/") or "/overeenkomsten/tekst/" in parts.path:
        paths = []  # the number of an article, as it is printed
    return [
        *paths,
        *(f"{n}={v}" for n, v in parse_qsl(parts.query) if v.isdigit() and n not in NUMBERS),
    ]


def addresses_in(page: str) -> Iterator[str]:
    """Where a page leads: links, actions of forms, and what a form that is got would send."""
    tree = pages.fromstring(page)
    for element in tree.iter():
        for name in ("href", "action", "formaction", "hx-get", "src"):
            if value := element.get(name):
                yield value
    for form in tree.iter("form"):
        if (form.get("method") or "get").lower() != "get":
            continue
        for select in form.iter("select"):
            for option in select.iter("option"):
                yield f"?{urlencode({select.get('name'): option.get('value') or ''})}"
        for field in form.iter("input"):
            if field.get("name"):
                yield f"?{urlencode({field.get('name'): field.get('value') or ''})}"


@pytest.mark.sweep
@pytest.mark.django_db
@pytest.mark.parametrize("who", CAST)
def test_no_page_leads_to_an_address_with_a_serial_number(baited, who):
    world, clients, _laid = baited
    found, seen = {}, 0
    for name, row in TABLE.items():
        if who not in row.may or "GET" not in row.methods or name.startswith("web:style"):
            continue
        with transaction.atomic():
            with use(SYSTEM):
                address = reverse(name, args=row.args(world))
            response = ask(clients[who], "GET", address, {})
            transaction.set_rollback(True)
        if response.status_code != 200 or "html" not in response["Content-Type"]:
            continue
        for led in addresses_in(response.content.decode()):
            seen += 1
            if numbers := numbers_in(led):
                found[name, led] = numbers
    assert found == {}
    assert seen > 20


def test_the_look_out_for_serial_numbers_sees_one():
    page = '<form><select name="docent"><option value="12">Tom</option></select></form>'
    assert [numbers_in(a) for a in addresses_in(f"<div>{page}</div>")] == [["docent=12"]]
    assert numbers_in("/leerlingen/31/") == ["31"]
    assert numbers_in("/leerlingen/?page=2&q=9") == ["q=9"]
    post = page.replace("<form>", '<form method="post" action="/x/4/">')
    assert [numbers_in(a) for a in addresses_in(f"<div>{post}</div>")] == [["4"]]


def test_no_template_writes_a_serial_number_into_an_address():
    wrong = [
        (path.name, found)
        for path in (ROOT / "templates").rglob("*.html")
        for found in re.findall(
            r"{% url [^%]*\.(?:pk|id)\b[^%]*%}|[?&;]\w+={{ [\w.]+\.(?:pk|id)\b", path.read_text()
        )
    ]
    assert wrong == []


def test_no_view_reads_its_address_past_its_form():
    found = {
        str(path.relative_to(ROOT))
        for app in ("stage", "companies", "placements", "attendance", "assessments")
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"\brequest\.(GET|query_params)\b", path.read_text())
    }
    assert found == set(READERS)
