"""Nobody finds a word of another tenant, in any list, page, search or export they may open.

Three schools in two regions, every text field of every row marked with whose it is
(`tests/bait.py`). Everybody opens every GET route the permission table lets them, plainly and with
each of its parameters (those its form declares) set to another tenant's words and ids, in
every format. A search for what all bait has in common must find the own, so that no empty page
proves anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse

from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import exports
from stage.schools.models import Student
from tests import bait
from tests.bait import Bait
from tests.permissions import CAST
from tests.permissions.table import TABLE
from tests.test_permissions import own_routes

pytestmark = pytest.mark.sweep

FORMATS = {"format": ("csv", "xlsx"), "export": ("csv", "xlsx"), "layout": ("print",)}
HARMLESS = {"page", "next", "terug", "sort", "sorteer", *FORMATS}
# Everybody may know that a school or region exists; the pages of the demo show all its log-ins.
PUBLIC = {"School", "Region"}
ELSEWHERE = {
    "devtools:demo_": "the pages of the demo show all its log-ins and mails",
    "devtools:style_guide": "made-up words",
    "web:link_": "who holds a link is told whose it is: the address is the secret",
    "web:card_open": "the same for a login card",
}
NAMES = ("first_name", "infix", "last_name")
# What a teacher who guides nobody does not see.
OF_GUIDED_STUDENTS = frozenset({"Guardian", "DayReport", "Absence", "Assessment", "Score", "Mark"})
INSIDE_THE_SCHOOL = {"CompanyNote", "RuleOverride", "ImportJob", "OutboxMail", "FailedScan"}


@dataclass(frozen=True)
class View:
    """What one member of the cast may find: letters of schools, regions, companies, students."""

    schools: str = "0"
    regions: str = "0"
    companies: str = "0"
    students: str = "0"
    never: frozenset[str] = frozenset()  # models
    of_students: tuple[str, ...] = ()  # fields of Student that may be seen; empty: all

    def is_foreign(self, found: Bait) -> bool:
        return found.model not in PUBLIC and (
            found.school not in self.schools
            or found.region not in self.regions
            or found.company not in self.companies
            or found.student not in self.students
            or found.model in self.never
            or (found.model == "Student" and self._is_hidden(found.field))
        )

    def _is_hidden(self, field: str) -> bool:
        return bool(self.of_students) and not any(
            field and name.startswith(field) for name in self.of_students
        )


def staff(school: str, region: str, **more) -> View:
    companies = "ab0" if region == "n" else "cd0"
    return View(f"{school}0", f"{region}0", companies, "1230", **more)


def at_home(school: str, student: str) -> View:
    """A student or guardian: one student's rows; the mark is not final."""
    never = frozenset(INSIDE_THE_SCHOOL | {"Mark"})
    return View(f"{school}0", "n0", "ab0", f"{student}0", never)


def at_work(company: str, schools: str, region: str) -> View:
    """People of a company: what any school shares with it, by card and placement."""
    never = frozenset(INSIDE_THE_SCHOOL | {"Guardian", "Mark", "Group"})
    return View(f"{schools}0", f"{region}0", f"{company}0", "1230", never, NAMES)


VIEWS = {
    "anonymous": View(),
    # Of a school who sets it up; nothing of a student, on any page.
    "operator": View("b0", "n0"),
    "coordinator": staff("b", "n"),
    "teacher": staff("b", "n"),
    "colleague": staff("b", "n", never=OF_GUIDED_STUDENTS, of_students=(*NAMES, "school_class")),
    "other_coordinator": staff("e", "n"),
    "other_teacher": staff("e", "n"),
    "far_coordinator": staff("i", "z"),
    "student": at_home("b", "1"),
    "classmate": at_home("b", "2"),
    "guardian": at_home("b", "1"),
    "other_student": at_home("e", "1"),
    "contact": at_work("a", "be", "n"),
    "supervisor": at_work("a", "be", "n"),
    "other_contact": at_work("b", "be", "n"),
    "signatory": at_work("a", "b", "n"),
    "planted": at_work("a", "e", "n"),
    "named": View(regions="n0"),
    "far_contact": at_work("c", "i", "z"),
    "bureau": View("0", "n0", "ab0", "0"),
    "far_bureau": View("0", "z0", "cd0", "0"),
}
# What somebody must at least come across of the own bait, so that nothing here is empty.
FINDS = {
    "coordinator": set(
        "Absence Agreement AgreementAnswer AgreementArticle Application ArticleTemplate Assessment"
        " Assignment Campaign Company CompanyNote Contact Criterion DayReport Department Elective"
        " Evidence FailedScan Group Guardian HandIn ImportJob Invitation Location Mark Membership"
        " Period PeriodException Placement School SchoolSettings Score Signature StoredFile"
        " Student".split()
    ),
    "other_coordinator": {"Student", "CompanyNote", "Absence", "FailedScan", "Group", "Contact"},
    "far_coordinator": {"Student", "Absence", "FailedScan", "Group", "Contact"},
    "teacher": {"Student", "Guardian", "DayReport", "Mark", "Score", "Evidence", "FailedScan"},
    "colleague": {"Student", "Company", "CompanyNote", "Group"},
    "student": {"Student", "DayReport", "Offer", "HandIn", "Evidence", "Score", "Agreement"},
    "classmate": {"Student", "Offer"},
    "guardian": {"Student", "DayReport", "AgreementAnswer"},
    "contact": {"StudentCard", "Placement", "AgreementAnswer", "DayReport", "Score", "Company"},
    "supervisor": {"StudentCard", "Placement", "AgreementAnswer", "DayReport", "Score"},
    "other_contact": {"Company", "Contact"},
    "signatory": {"StudentCard", "AgreementAnswer"},
    "planted": {"Company", "Contact", "Application"},
    "far_contact": {"StudentCard", "DayReport", "Application"},
    "operator": {"Membership"},
    "bureau": {"Company", "Contact", "Department", "Location", "RegionSettings", "Membership"},
    "far_bureau": {"Company", "Contact", "Location", "RegionSettings"},
}
# Pages whose search box must find the own school's bait.
SEARCHES = {
    "schools:student_list",
    "schools:student_export",
    "companies:company_list",
    "companies:company_export",
    "companies:campaign_show",
    "placements:board",
    "placements:place_browse",
    "assessments:assignment_list",
    "assessments:mark_list",
}
# A teacher's file holds the students it guides: none for who guides nobody.
NOBODYS = {("schools:student_export", "colleague"), ("assessments:mark_list", "colleague")}
ALL_BAIT = "zq"


def parameters(name: str) -> list[str]:
    """The query parameters of a route: those of its form, or of the API's query."""
    view = own_routes()[name].view
    if query := getattr(view, "query", None):
        return sorted(query().fields)
    form = getattr(view, "filters", None)
    return sorted(form.base_fields) if form else []


def queries(name: str, world) -> list[dict[str, str]]:
    """Plain, in every format, with own words, and with strangers' words and ids one by one."""
    names = parameters(name)
    formats = [{n: f} for n in names for f in FORMATS.get(n, ())]
    words = [n for n in names if n not in HARMLESS]
    asked: list[dict[str, str]] = [{}, *formats]
    if "q" in words:
        asked += [{"q": ALL_BAIT}, *({"q": ALL_BAIT, **f} for f in formats)]
    for n in words:
        for value in strangers(n, world):
            asked += [{n: value}, *({n: value, **f} for f in formats)]
    return asked


def strangers(parameter: str, world) -> list[str]:
    """Words and ids of rows of the other school and the other region."""
    els, iep = world.els, world.iep
    ids = {
        "student": els.students[0].public_id,
        "chosen": els.students[0].public_id,
        "company": world.zuid.companies[0].public_id,
        "group": els.group.public_id,
        "groep": els.group.public_id,
        "period": els.period.public_id,
        "teacher": els.teacher.public_id,
        "docent": els.teacher.public_id,
        "begeleider": els.teacher.public_id,
        "leerling": els.students[0].public_id,
        "stage": els.placement.public_id,
        "periode": els.period.public_id,
        "bedrijf": world.zuid.companies[0].public_id,
        "klas": els.students[0].school_class,
        "city": iep.settings.city,
    }
    found = [ids[parameter]] if parameter in ids else []
    return [*found, *(("zqe", "zqi") if parameter == "q" else ())]


@pytest.mark.django_db
@pytest.mark.parametrize("who", CAST)
def test_nobody_finds_a_strangers_word(baited, who):
    world, clients, laid = baited
    view, leaks, seen, empty = VIEWS[who], {}, set(), []
    for name, row in TABLE.items():
        if who not in row.may or "GET" not in row.methods or name.startswith(tuple(ELSEWHERE)):
            continue
        with transaction.atomic():
            with use(SYSTEM):
                address = reverse(name, args=row.args(world))
            for query in queries(name, world):
                response = clients[who].get(f"{address}?{urlencode(query)}")
                assert response.status_code < 500, (name, query)
                typed = max(query.values(), key=len, default="")
                found = bait.found_in(response, typed)
                seen |= {one.model for one in found}
                if (
                    query.get("q") == ALL_BAIT
                    and name in SEARCHES
                    and not found
                    and (name, who) not in NOBODYS
                ):
                    empty.append((name, query))
                for one in found:
                    if view.is_foreign(one):
                        leaks.setdefault((name, str(one)), query)
            transaction.set_rollback(True)
    assert leaks == {}
    assert empty == []
    assert seen >= FINDS.get(who, set())


def test_the_bait_lies_everywhere(baited):
    """A new table of tenants without bait in it fails here: lay it, or say that it has no words."""
    _world, _clients, laid = baited
    walled = {
        model.__name__
        for model in bait.MODELS
        if bait.words_of(model) and model.__name__ not in bait.WORDLESS
    }
    assert set(laid) == walled
    for name, tokens in laid.items():
        schools, regions = {token[2] for token in tokens}, {token[3] for token in tokens}
        assert len(schools - {"0"}) > 1 or len(regions - {"0"}) > 1, name


def test_a_leak_would_be_seen(baited):
    """The look-out itself: a page, a sheet, a CSV and a PDF with a stranger's word."""
    word = f"zqe001-{bait.MODELS.index(Student):02d}zq 3.first_name"
    leak = Bait("e", "0", "0", "1", "Student", "first_name")
    answers = [
        HttpResponse(f"<p>{word}</p>"),
        HttpResponse(exports.csv_bytes(["Naam"], [[word]])),
        HttpResponse(exports.xlsx_bytes("Lijst", ["Naam"], [[word]])),
        HttpResponse(headers={"Content-Disposition": f'attachment; filename="{word}"'}),
        StreamingHttpResponse([word.encode()]),
    ]
    assert [bait.found_in(answer) for answer in answers] == [{leak}] * len(answers)
    assert VIEWS["coordinator"].is_foreign(leak)
    assert not VIEWS["other_coordinator"].is_foreign(leak)
