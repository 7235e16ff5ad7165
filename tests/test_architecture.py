"""The shape of the house: who opens the walls, how large a room grows, what a page holds."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

from stage.core.files import kinds
from stage.schools.imports import loaders
from stage.schools.models import SchoolSettings, SettingsRow

ROOT = Path(__file__).parent.parent
APPS = ("stage", "companies", "placements", "attendance", "assessments")
SOURCES = sorted(
    p for app in APPS for p in (ROOT / app).rglob("*.py") if "migrations" not in p.parts
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [p for p in TEMPLATES if p.parts[len(ROOT.parts) + 1] not in ("email", "pdf")]

# Every module that may see all tenants at once, and why: jobs and commands, never a request
# (`tenancy.for_web`). What a request must know before its scope: tests/core/test_doors.py.
SYSTEM_SCOPE = {
    "stage.core.record.audit": "the sealer and verifier walk every chain",
    "stage.schools.services.first_steps": "the first school comes before any scope",
    "stage.core.mail.pace": "the worker reads what its readers chose, and puts mails off",
    "stage.core.mail.phones": "the worker shows on a reader's phones what was mailed",
    "stage.core.work.long_jobs": "the worker claims jobs; rows in their maker's scope",
    "stage.core.work.jobs": "heartbeats have no tenant; which schools a job has work in",
    "stage.core.work.clearing": "ways in that expired go, whosever they were",
    "companies.services.forgetting": "a job erases who asked for it, for every school",
    "companies.services.telling": "a job tells every school that works with a company",
    "stage.devtools.demo.cast": "the demo's company people, as a request finds them",
    "stage.core.mail.delivery": "the outbox worker claims and notes; letters in the school's",
    "stage.core.mail.outcomes": "notes what became of mails of every school",
    "stage.schools.reference_data": "rows of everybody",
}
# Every module where a service goes on in the school of a row the actor may change.
AS_SCHOOL_OF: dict[str, str] = {
    "stage.core.mail.choosing": "what waits for a student is judged by what it chose",
    "attendance.queries.folder": "a company shows a photo only while the student consents",
    "attendance.services.disputes": "a company's word is mailed to a student it cannot write to",
    "attendance.services.periods": "whether what is taken back was mailed to anybody",
    "attendance.services.absence": "illness is told at addresses the reporter cannot see",
    "companies.capacity": "counts what is in use of a place the company offers",
    "placements.receivers": "what waited for a known address is mailed in that school's name",
    "placements.agreements.receivers": "the same for agreements",
    "placements.queries": "free places as numbers; a company with a yes learns whom to call",
    "placements.services.applications": "a student's application discloses, mails, takes turns",
    "placements.services.taking_up": "what a student withdrew asks again, counts and is not told",
    "placements.teachers": "a student, a family and a company read who stands in for the teacher",
    "placements.services.own": "a student names a company while its own row is locked",
    "placements.services.questions": "a company's question and its answer are mailed by the school",
    "placements.services.decisions": "a company's answer counts places and mails the student",
    "companies.services.contacts": "a supervisor keeps the own name and number",
    "companies.services.answers": "what staff or the bureau heard is written in the school's name",
    "companies.services.calls": "a bureau's call is written in the school's name",
    "companies.receivers": "a letter that waited for a known address goes out in its school's name",
    "companies.services.passing": "who holds a letter's link sends it on to a colleague",
    "companies.views.turns": "who holds a letter's link reads whether its letters were stopped",
    "companies.services.standing": "who holds a letter's link stops letters it cannot see",
    "companies.views.calls": "the question's own place and people fill the form",
    "companies.services.offers": "an answer makes an offer, whose other shares it cannot see",
    "companies.views.answer": "whether the school knows who guides, never by which address",
    "companies.views.answering": "what the company offered this school before fills its form",
    "placements.services.changing": "who asks for a change is answered by its school's rows",
    "companies.school_line": "a company reads the name and number of the school that asks",
    "placements.agreements.views.sign": "a code goes to the address this school knows",
    "placements.agreements.documents": "the print carries the school's logo and all signers",
    "placements.agreements.services.filling": "an answer locks and re-opens other parts",
    "placements.agreements.queries.signers": "who must sign: guardians, contacts, staff",
    "placements.agreements.queries.refusals": "what a person said itself, which no party reads",
    "placements.agreements.services.refusing": "who does not sign tells the school",
    "placements.agreements.services.signing": "a signature locks and may complete",
    "placements.agreements.services.starting": "an objection of any party: a new version",
    "assessments.services.judging": "whether the mark is final; the school's form, first time",
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def calls(path: Path, function: str, argument: str | None = None) -> bool:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        called = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        if called != function:
            continue
        names = {getattr(a, "id", getattr(a, "attr", None)) for a in node.args}
        if argument is None or argument in names:
            return True
    return False


def test_the_system_scope_is_opened_in_listed_places_only():
    found = {module_of(p) for p in SOURCES if calls(p, "use", "SYSTEM")}
    assert found == set(SYSTEM_SCOPE)


def test_going_on_in_a_rows_school_happens_in_listed_places_only():
    found = {module_of(p) for p in SOURCES if calls(p, "as_school_of")}
    assert found == set(AS_SCHOOL_OF)


# From the ground up; each may name what stands before it.
HOUSE = ("core", "schools", "companies", "placements", "agreements", "attendance assessments")


def floor_of(label: str) -> int:
    return next((n for n, labels in enumerate(HOUSE) if label in labels.split()), len(HOUSE))


def test_no_app_names_a_table_or_a_model_of_an_app_above_it():
    """Nor in strings, which the contract of the imports cannot see: SQL, labels, dotted paths."""
    named = {}
    for model in apps.get_models():
        if model.__module__.split(".")[0] in APPS:
            for name in (model._meta.db_table, model._meta.label):
                named[name.lower()] = model._meta.app_label
    any_name = re.compile(rf"\b({'|'.join(map(re.escape, named))})\b", re.IGNORECASE)
    assert above(named, lambda text: [name.lower() for name in any_name.findall(text)]) == []


def test_no_app_names_a_setting_of_an_app_above_it():
    named = {
        field.name: model._meta.app_label
        for model in SettingsRow.__subclasses__()
        for field in model._meta.concrete_fields
        if field.name not in ("id", "school") and not hasattr(SchoolSettings, field.name)
    }
    assert len(named) == 14
    assert above(named, lambda text: [text]) == []


def test_no_app_names_a_kind_of_file_or_list_of_an_app_above_it():
    """A word alone, or in SQL: what stands in quotes there."""
    files = {kind.name: label_of(kind.may_open) for kind in kinds.all_kinds()}
    lists = {kind.sheet.name: label_of(kind.load) for kind in loaders.LISTS.values()}
    every = {"schools", "companies", "attendance", "assessments", "agreements"}
    assert set(files.values()) == every
    named = files | lists
    in_sql = re.compile(r"'(\w+)'")
    found = above(named, lambda text: [text, *in_sql.findall(text)])
    # There it is the scope's list of companies.
    scopes = re.compile(r"stage/core/tenants/walls.py:\d+ names companies")
    assert [line for line in found if not scopes.fullmatch(line)] == []


def label_of(function) -> str:
    return apps.get_containing_app_config(function.__module__).label


def above(named, read) -> list[str]:
    """Where strings of an app hold a name of another app that is not below it."""
    found = []
    for config in apps.get_app_configs():
        if config.label not in " ".join(HOUSE).split():
            continue
        for path in sorted(Path(config.path).rglob("*.py")):
            if "migrations" in path.parts or owner_of(path) != config:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    for name in read(node.value):
                        label = named.get(name, config.label)
                        if label != config.label and floor_of(label) >= floor_of(config.label):
                            found.append(f"{name_of(path)}:{node.lineno} names {name}")
    return found


def owner_of(path: Path):
    """The app a file belongs to: the innermost, since `agreements` stands inside `placements`."""
    homes = [c for c in apps.get_app_configs() if path.is_relative_to(c.path)]
    return max(homes, key=lambda c: len(c.path))


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_source_file_can_be_held_in_the_head(path):
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_module_says_what_it_is_for(path):
    tree = ast.parse(path.read_text())
    assert not tree.body or ast.get_docstring(tree), "no module docstring"


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_can_be_held_in_the_head(path):
    assert len(path.read_text().splitlines()) <= 150


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_holds_nothing_inline_and_asks_no_third_party(path):
    text = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", text)
    for tag in re.findall(r"<script[^>]*>", text):
        assert "src=" in tag or "application/json" in tag, tag
    outside = re.findall(r"(?:src|href|action)=\"(https?://[^\"]+)", text)
    assert outside == []


def test_whether_a_form_was_refused_is_said_in_one_place():
    own_way = re.compile(r"\b422 if\b|def _status\(")
    found = {name_of(p) for p in SOURCES if own_way.search(p.read_text())}
    assert found == {"stage/core/ui/form_page.py"}


def test_the_type_of_a_list_as_a_file_is_named_in_one_place():
    types = re.compile(r"spreadsheetml|text/csv")
    found = {name_of(p) for p in SOURCES if types.search(p.read_text())}
    assert found == {"stage/core/ui/download.py"}


def test_the_product_replaces_nothing_with_a_mock():
    mocked = re.compile(r"^\s*(?:from|import) unittest", re.MULTILINE)
    assert {name_of(p) for p in SOURCES if mocked.search(p.read_text())} == set()


def test_no_style_sheet_asks_a_third_party():
    for path in (ROOT / "static" / "css").glob("*.css"):
        assert not re.findall(r"url\(\s*[\"']?https?:", path.read_text()), path.name


def test_every_template_is_used():
    # A template is used when its name, or for mails its stem, stands in code or another template.
    texts = "\n".join(p.read_text() for p in (*SOURCES, *TEMPLATES))
    unused = []
    for path in (ROOT / "templates").rglob("*.*"):
        name = str(path.relative_to(ROOT / "templates"))
        if name.startswith(("account/", "mfa/", "usersessions/", "django/", "allauth/")):
            continue  # overrides: named by the libraries
        stem = name.removeprefix("email/").rsplit(".", 1)[0]
        if (
            name not in texts
            and stem not in texts
            and path.stem not in ("400", "403", "404", "429", "500")
        ):
            unused.append(name)
    assert unused == []
