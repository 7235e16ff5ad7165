"""No word of a person becomes markup: not on a page, in a mail or in a document.

Every text field of every row holds markup (`tests/bait.py`, with other words), and so does every
query parameter a page reads and every box of every form. Whatever comes out is read by a real HTML
parser, which must not find one element or attribute of what was typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import models, transaction
from django.template import engines
from django.test import override_settings
from django.test.signals import template_rendered
from django.urls import reverse
from django.utils import timezone

from attendance.models import ConfirmedDay, DisputedDay
from companies.models import Campaign, Company, Contact, GroupCompany, Place
from placements.agreements.models import Agreement, Signature
from placements.models import Application
from stage.core.dutch.calendar import school_today
from stage.core.mail.letters import HANDLERS, as_text
from stage.core.models import Link
from stage.core.models.base import new_public_id
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import pdf
from stage.core.who import links
from stage.core.who.access import registry
from stage.schools.models import ImportJob, Period
from tests import bait
from tests.abuse import mails
from tests.attendance.helpers import TUESDAY, at
from tests.permissions.companies import invitation
from tests.permissions.table import TABLE
from tests.test_bait import HARMLESS, parameters
from tests.test_permissions import cast_of
from tests.world import build_world

ROOT = Path(__file__).parent.parent.parent
# Long ones where they fit; the last fits wherever bait does.
MARKUP = (
    '"><img src=x id=planted><meta http-equiv="refresh" content="0;url=http://evil.example">'
    "</textarea></title></script><script>planted</script>",
    "</p></td></option></a><b id=planted>&lt;zq&gt;",
    "' \"><zq x>",
    "<zq>&<zq ",
)
SHORTEST = "<zq>"
# Fields that bait leaves alone, since they are read as something, but that people do type.
TYPED = frozenset({"website", "postcode", "kvk_number", "colour", "heading", "leerweg"})


def markup(field: models.Field | None, token: str, n: int) -> str:
    """Markup that fits the field, another kind for each row, with a number that makes it unique."""
    room = getattr(field, "max_length", None) or 1000
    kinds = [*MARKUP[n % len(MARKUP) :], *MARKUP[: n % len(MARKUP)]]
    if isinstance(field, models.EmailField):
        return f'"<zq>{n}{token}"@lek.test'
    made = (f"{kind}{n}" for kind in (*kinds, SHORTEST))
    return next((text for text in made if len(text) <= room), SHORTEST[:room])


@dataclass
class Form:
    """A form of a page that posts: where to, and what its boxes hold."""

    action: str
    boxes: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)  # those a person writes in


class Planted(HTMLParser):
    """Finds what a browser would take for an element or attribute of what was typed.

    And the forms, to type in.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.feed(html)
        self.close()

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self.form = Form(given.get("action", ""))
            self.forms.append(self.form)
        if self.form and given.get("name"):
            self._box(self.form, tag, given)
        if (
            tag.startswith("zq")
            or given.get("id") == "planted"
            or any("zq" in name or "<" in name for name in given)
            # A page may renew itself; a planted one leads elsewhere.
            or (
                tag == "meta"
                and given.get("http-equiv", "").lower() == "refresh"
                and not given.get("content", "").isdigit()
            )
        ):
            self.found.append(self.get_starttag_text() or tag)

    def _box(self, form: Form, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if tag == "textarea" or (tag == "input" and kind in ("text", "search", "url", "tel")):
            form.typed.add(given["name"])
        elif tag == "option" or kind not in ("radio", "checkbox", "file") or "checked" in given:
            form.boxes.setdefault(given["name"], given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.lasttag == "script" and "planted" in data and self.cdata_elem:
            self.found.append(data)


def planted(html: str) -> list[str]:
    return Planted(html).found


@pytest.fixture(scope="module")
def marked(django_db_setup, django_db_blocker, tmp_path_factory):
    """The world with markup in every field, and its cast."""
    folder = str(tmp_path_factory.mktemp("files"))
    with (
        django_db_blocker.unblock(),
        override_settings(FILES_ROOT=folder),
        at(TUESDAY, "12:00"),
        transaction.atomic(),
    ):
        with use(SYSTEM):
            world = build_world()
            bait.lay(world, markup, TYPED)
        yield world, cast_of(world)
        transaction.set_rollback(True)


@pytest.mark.parametrize("text", [*MARKUP, SHORTEST])
def test_the_parser_would_see_it(text):
    assert planted(f"<p>{text}</p>") != []
    assert ('"' not in text) or planted(f'<option value="{text}">x</option>') != []


@pytest.mark.django_db
def test_no_mail_holds_an_element_a_person_typed(marked):
    world, _cast = marked
    found = mails.written(world)
    assert {w.template: planted(w.html) for w in found if planted(w.html)} == {}
    assert any("&lt;zq&gt;" in w.html or "id=planted&gt;" in w.html for w in found)
    # What is read as plain text is a plain str, which a page escapes when it shows it.
    assert (
        {type(w.message.subject) for w in found} == {type(w.message.body) for w in found} == {str}
    )
    assert {case.event for case in mails.CASES} == set(HANDLERS)
    stems = {p.stem for p in (ROOT / "templates/email").glob("*.subject")}
    assert {w.template for w in found} == stems


def test_a_text_template_gives_what_a_page_escapes():
    text = as_text(
        "email/invitation_for_contact.txt", {"letter": "<b id=planted>", "button_url": ""}
    )
    assert type(text) is str
    page = engines["django"].from_string("<p>{{ text }}</p>").render({"text": text})
    assert "<b id=planted>" in text
    assert planted(page) == []


# --- pages and documents ----------------------------------------------------------------------


class Walk:
    """Opens pages, types in forms, and notes every element that was not ours."""

    def __init__(self, monkeypatch) -> None:
        self.planted: dict[tuple[str, str], str] = {}
        self.broken: list[tuple[str, str, int]] = []
        self.templates: set[str] = set()
        self.escaped = self.documents = self.posted = 0
        self.has_part = False  # the last page is also swapped by htmx
        self._filled: set[tuple] = set()
        draw = pdf._document
        monkeypatch.setattr(pdf, "_document", lambda html: self._document(html) or draw("<p>x"))

    def _document(self, html: str) -> None:
        self.documents += 1
        self._look("document", str(self.documents), html)

    def _look(self, name: str, who: str, html: str) -> Planted:
        read = Planted(html)
        self.escaped += "&lt;zq" in html
        if read.found:
            self.planted.setdefault((name, who), read.found[0])
        return read

    def ask(self, client, name: str, who: str, address: str, data=None, **more) -> list[Form]:
        """One request whose writes and cookies are undone; gives the forms of the page."""
        client.raise_request_exception = False
        cookies = deepcopy(client.cookies)
        with transaction.atomic():
            if data is None:
                response = client.get(address, **more)
            else:
                response = client.post(address, data, **more)
            transaction.set_rollback(True)
        client.cookies = cookies
        if response.status_code >= 500:
            self.broken.append((name, who, response.status_code))
        self.has_part = "HX-Request" in response.headers.get("Vary", "")
        if response.streaming:
            b"".join(response.streaming_content)
        elif response.headers.get("Content-Type", "").startswith("text/html"):
            return self._look(name, who, response.content.decode()).forms
        return []

    def open(self, client, name: str, who: str, address: str) -> None:
        """A page: plain, as a part, with markup in its parameters, and its forms filled in."""
        forms = self.ask(client, name, who, address)
        if self.has_part:
            self.ask(client, name, who, address, headers={"HX-Request": "true", "HX-Target": "x"})
        known = parameters(name) if name in TABLE else []
        words = {n: MARKUP[0] for n in known if n not in HARMLESS}
        if words:
            self.ask(client, name, who, f"{address.partition('?')[0]}?{urlencode(words)}")
        for form in forms:
            to = urlsplit(form.action or address).path
            key = (to, who, frozenset(form.boxes), frozenset(form.typed))
            if key not in self._filled:
                self._filled.add(key)
                self.posted += 1
                typed = dict.fromkeys(form.typed, MARKUP[0])
                self.ask(client, name, who, to, {**form.boxes, **typed})
                self.ask(client, name, who, to, form.boxes)


def addresses(world, cast) -> Iterator[tuple]:
    """What the permission table lets the people around school Berk open, and the log-in's pages."""
    for name, row in TABLE.items():
        for who in row.may:
            if "GET" in row.methods and not who.startswith(("other_", "far_")):
                with use(SYSTEM):
                    yield cast[who], name, who, reverse(name, args=row.args(world))
    for route in registry().values():
        if route.is_third_party and "key" not in route.name.rpartition("_")[2]:
            for who in ("anonymous", "teacher"):
                yield cast[who], route.name, who, reverse(route.name)


def link_of(
    world, person, *, kind: str = "contact", purpose: str = "home", target: str = ""
) -> str:
    address = links.link_for(
        person_kind=kind,
        person_id=person.pk,
        purpose=purpose,
        target=target,
        region_id=world.noord.region.pk,
        school_id=world.berk.school.pk,
    )
    return address.rstrip("/").rpartition("/")[2]


def _list_with_doubles(job: ImportJob) -> ImportJob:
    """A list of companies that was checked, with a possible double and a fact that stays."""
    told = {"row": 0, "line": 2, "yours": MARKUP[0], "ours": MARKUP[0], "same": False}
    double = {**told, "yours_place": MARKUP[0], "ours_place": MARKUP[0]}
    kept = {**told, "company": MARKUP[0], "field": "phone"}
    job = ImportJob.objects.get(pk=job.pk)
    job.pk, job.public_id = None, new_public_id()
    job.sheet, job.state = "companies", "checked"
    job.result = {
        "new": 0,
        "changed": 0,
        "same": 1,
        "errors": [],
        "error_count": 0,
        "preview": [],
        "doubles": [double],
        "double_count": 1,
        "left_out": 1,
        "kept": [kept],
        "kept_count": 1,
    }
    job.save(force_insert=True)
    return job


def _letter_that_was_sent(berk) -> Campaign:
    """A letter that is out, and a company of its group that it has not asked."""
    company = Company.objects.create(region=berk.school.region, name=MARKUP[0])
    GroupCompany.objects.create(school=berk.school, group=berk.group, company=company)
    return Campaign.objects.create(
        school=berk.school,
        group=berk.group,
        period=berk.period,
        subject="x",
        letter="x",
        state="sent",
        created_by=berk.coordinator,
    )


def detours(world, cast) -> Iterator[tuple]:
    """Pages that show only in a state, or with a choice, that the walk does not come across."""
    berk, noord = world.berk, world.noord
    agreement = Agreement.objects.get(placement=berk.placement)
    Agreement.objects.filter(pk=agreement.pk).update(state="signing", objection="")
    Signature.objects.filter(agreement=agreement).delete()
    Campaign.objects.update(state="draft")
    Application.objects.filter(pk=berk.applications[1].pk).update(state="draft")
    accepted = berk.applications[0]
    Application.objects.filter(pk=accepted.pk).update(state="accepted")
    ImportJob.objects.update(state="mapping")
    mapping = ImportJob.objects.get(school=berk.school)
    told = {"headings": [MARKUP[0]], "samples": {MARKUP[0]: [MARKUP[1]]}}
    ImportJob.objects.filter(pk=mapping.pk).update(result=told)
    letter = _letter_that_was_sent(berk)
    doubles = _list_with_doubles(mapping)
    ConfirmedDay.objects.all().delete()  # a report is open until its day is confirmed
    # Somebody whom others named waits for a yes.
    unknown = Contact.objects.get(email__startswith="named@")
    Contact.objects.filter(pk=unknown.pk).update(name=MARKUP[0])
    Place.objects.filter(pk=berk.places[0].pk).update(supervisor=unknown)
    Period.objects.filter(pk=berk.period.pk).update(ends=school_today() + timedelta(days=30))
    disputed = TABLE["attendance:dispute_answer"].args(world)
    DisputedDay.objects.update(withdrawn_at=None, answered_at=None)
    link = link_of(world, noord.contacts[0], purpose="invitation", target=invitation(world))
    old = link_of(world, berk.guardians[1], kind="guardian")
    Link.objects.filter(purpose="home").update(expires_at=timezone.now() - timedelta(days=1))
    code, ids = agreement.public_id, "row=" + berk.placement.public_id
    students = "&".join(f"row={student.public_id}" for student in berk.students)
    for who, name, args, query in (
        ("coordinator", "agreements:signature_paper", [code], "party=student"),
        ("student", "agreements:agreement_sign", [code], ""),
        ("guardian", "agreements:agreement_sign", [code], ""),
        ("contact", "agreements:agreement_sign", [code], ""),
        ("classmate", "placements:application_write", [berk.places[0].public_id], ""),
        ("coordinator", "placements:assign", [], ids),
        ("coordinator", "placements:brief_send", [], ids),
        ("coordinator", "schools:card_print", [], students),
        ("coordinator", "schools:import_show", [mapping.public_id], ""),
        ("coordinator", "schools:import_show", [doubles.public_id], ""),
        ("coordinator", "companies:campaign_join", [letter.public_id], ""),
        ("coordinator", "companies:address_list", [], ""),
        ("contact", "companies:colleague_list", [], ""),
        ("coordinator", "attendance:list", [], "layout=print"),
        ("contact", "assessments:assessment_fill", [berk.placement.public_id], ""),
        ("contact", "companies:invitation_own", [invitation(world)], "antwoord=yes"),
        ("contact", "placements:application_decide", [accepted.public_id], ""),
        ("contact", "companies:invitation_own", [invitation(world)], "opnieuw=1"),
        ("student", "attendance:report_write", TABLE["attendance:report_write"].args(world), ""),
        ("student", "attendance:dispute_answer", disputed, ""),
        ("anonymous", "companies:invitation_answer", [link], "antwoord=yes"),
        ("anonymous", "companies:mail_turns", [link], ""),
        ("anonymous", "companies:mail_pass_on", [link], ""),
        ("anonymous", "companies:letters_stop", [link], ""),
        ("anonymous", "web:link_open", [old], ""),
        ("anonymous", "web:link_open", [MARKUP[3]], ""),
        *(
            ("anonymous", "devtools:style_guide", [], f"layout={x}")
            for x in ("phone", "company", "plain")
        ),
    ):
        yield cast[who], name, who, f"{reverse(name, args=args)}?{query}"


# Templates the walk does not come to, and why; of what they show nothing is raw all the same
# (`test_raw_markup.py`).
NOT_WALKED = {
    "400.html": "for what no browser sends; shows nothing that was sent",
    "500.html": "shows nothing",
    "csrf.html": "shows nothing that was sent",
    "account/password_reset_from_key.html": "behind a mailed key; shows nothing of anybody",
    "mfa/authenticate.html": "between password and code; shows nothing of anybody",
    "mfa/recovery_codes/generate.html": "after the password was asked again; shows no words",
    "mfa/recovery_codes/index.html": "after the password was asked again; codes only",
    "mfa/totp/activate_form.html": "for who has no second factor yet; shows a QR",
    "mfa/totp/deactivate_form.html": "after the password was asked again; shows no words",
    "agreements/unsigned.html": "names, as on the folder it is about",
    "attendance/_report_self.html": "words of ours",
    "attendance/_begins.html": "a time",
    "attendance/_come_in.html": "words of ours",
    "attendance/_today_there.html": "times, and a company's name as on the card around it",
    "attendance/_go_home.html": "words of ours",
    "attendance/_check_out.html": "words of ours",
    "attendance/_pause_end.html": "words of ours",
    "attendance/screen.html": "a company's name, as on its page; on a device of nobody",
    "attendance/_section_missed.html": "after a day that was missed; rows of words of ours",
    "layouts/panel.html": "the frame of pages that are walked whole",
    "placements/_change_plan.html": "after a form that is right; days, and names as on the folder",
    "placements/_sides.html": "what changed: times, days and names, as on the folder",
    "schools/filter_keep.html": "a name that was refused, in the field of _kept_filters.html",
    "schools/school_ended.html": "names of a school and a region, after a school stopped",
    "schools/_period_holidays.html": "holidays of the reference data",
    "web/home/_letters.html": "names of groups and periods, as in the lists they lead to",
    "web/home/_student_phones.html": "after a code for a next phone; moments, words of ours",
    "web/home/_student_mark.html": "a teacher's words, as in assessments/_section_mark.html",
    "web/home/_student_first_day.html": "in the week before; names and places, as on the folder",
    "web/home/_student_stopped.html": "a company's name, as on the card of one that runs",
    "assessments/assessment_read.html": "the lines are those of assessment_show.html",
    "attendance/list_print.html": "the rows are those of list.html",
    "companies/answer_expired.html": "shows nothing of anybody",
    "companies/answer_gone.html": "shows nothing of anybody",
    "ui/long_job.html": "numbers, and words of ours",
    "ui/progress_live.html": "numbers, and words of ours",
    "429.html": "words of ours",
    "web/_conflict.html": "words of ours",
    "web/link_stopped.html": "the school's own name and number, as on every mail",
    "devtools/demo_mail.html": "a sandbox page; its frame is made from a mail's own HTML part",
    "web/staff_known.html": "a name, escaped as on staff_welcome.html",
    "web/staff_welcome.html": "only within fifteen minutes of a mailed code",
    # Django's own look-up of widgets renders these past the signal; every form holds them.
    "django/forms/widgets/checkbox_option.html": "part of every list of boxes",
    "django/forms/widgets/checkbox_select.html": "part of every list of boxes",
}


@pytest.mark.sweep
@pytest.mark.django_db
def test_no_page_or_document_holds_an_element_a_person_typed(marked, monkeypatch):
    world, cast = marked
    walk = Walk(monkeypatch)

    def note(template, **_kwargs):
        walk.templates.add(template.name)

    template_rendered.connect(note)
    try:
        for page in addresses(world, cast):
            with transaction.atomic():
                walk.open(*page)
                transaction.set_rollback(True)
        with use(SYSTEM):
            others = list(detours(world, cast))
        for page in others:
            walk.open(*page)
    finally:
        template_rendered.disconnect(note)
    assert walk.broken == []
    assert walk.planted == {}
    # The look-out itself: markup was shown, in pages and documents, and forms took it.
    assert walk.escaped > 300
    assert walk.documents > 20
    assert walk.posted > 200
    ours = {str(p.relative_to(ROOT / "templates")) for p in (ROOT / "templates").rglob("*.html")}
    pages = {name for name in ours if not name.startswith("email/")}
    assert pages - walk.templates == set(NOT_WALKED)
