"""What the project says of itself is so."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils.translation import override

ROOT = Path(__file__).parent.parent
STATES = ("works", "partly", "not yet")
LAST = {"A": 11, "B": 23, "C": 22, "D": 13, "E": 13, "F": 13}
ROW = re.compile(r"^\| \*\*([A-F]\d+)\*\* \| \*\*(.+)\*\* \| \*\*(.+)\*\* \| \|$")
PART = re.compile(r"^\| ([A-F]\d+) \| (.+?) \| (.+?) \|(?: (.+))? \|$")
TOTAL = re.compile(r"^\| ([A-F]|all) \|((?: \d+ \|){8})$", re.M)
TEST = re.compile(r"`(tests/[^`]+)::(test_\w+)`")


@dataclass
class Feature:
    """A row of docs/features.md; `parts` are (name, state, what stands beside it)."""

    number: str
    state: str
    parts: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, line: str) -> None:
        part = PART.match(line)
        assert part, f"no part of a row: {line}"
        assert part[1] == self.number, f"stands under {self.number}: {line}"
        self.parts.append((part[2], part[3], part[4] or ""))


def features_text() -> str:
    return (ROOT / "docs" / "features.md").read_text()


def features() -> list[Feature]:
    found: list[Feature] = []
    for line in features_text().partition("\n## ")[2].splitlines():
        if row := ROW.match(line):
            found.append(Feature(row[1], row[3]))
        elif re.match(r"\| \**[A-F]\d", line):
            found[-1].add(line)
    return found


def exists(path: str, test: str) -> bool:
    file = ROOT / path
    return file.is_file() and f"def {test}(" in file.read_text()


def test_every_feature_has_its_row():
    wanted = [f"{group}{n}" for group, last in LAST.items() for n in range(1, last + 1)]
    assert [f.number for f in features()] == wanted


def test_a_row_is_what_its_parts_are():
    wrong = []
    for feature in features():
        states = {state for _name, state, _beside in feature.parts}
        assert states, f"{feature.number} has no part"
        assert states <= set(STATES), feature.number
        # All alike, or something of each.
        state = states.pop() if len(states) == 1 else "partly"
        if feature.state != state:
            wrong.append((feature.number, feature.state, "should be", state))
    assert wrong == []


def test_a_part_that_works_names_tests_and_another_says_what_is_missing():
    wrong = []
    for feature in features():
        for name, state, beside in feature.parts:
            tests, words = TEST.findall(beside), TEST.sub("", beside).strip(" ,")
            if state == "works" and (not tests or words):
                wrong.append((feature.number, name, "works by its tests alone"))
            if state == "partly" and not words:
                wrong.append((feature.number, name, "does not say what is missing"))
            if state == "not yet" and tests:
                wrong.append((feature.number, name, "a test of what is not there"))
    assert wrong == []


def test_the_tests_that_features_name_exist():
    # Everything that looks like a test, also where it is not written as the others.
    named = re.findall(r"[\w./]*::\w*", features_text())
    assert len(named) == len(TEST.findall(features_text()))
    assert [n for n in named if not exists(*n.split("::"))] == []


def test_the_totals_of_features_are_counted():
    def count(states: list[str]) -> list[int]:
        return [len(states), *(states.count(state) for state in STATES)]

    rows = features()
    wanted = {}
    for group in (*LAST, "all"):
        own = [f for f in rows if group in ("all", f.number[0])]
        parts = [state for f in own for _name, state, _beside in f.parts]
        wanted[group] = count([f.state for f in own]) + count(parts)
    found = TOTAL.findall(features_text())
    assert {group: [int(n) for n in re.findall(r"\d+", line)] for group, line in found} == wanted


def test_every_door_of_the_threat_model_has_a_test_that_exists():
    text = (ROOT / "docs" / "threats.md").read_text()
    rows = re.findall(r"^\| [^|]+ \| [^|]+ \| [^|]+ \| `([^`]+)` \|$", text, re.M)
    assert len(rows) > 15
    wrong = []
    for reference in rows:
        path, _, test = reference.partition("::")
        file = ROOT / path
        if not file.is_file() or (test and f"def {test}(" not in file.read_text()):
            wrong.append(reference)
    assert wrong == []


def test_no_model_waits_for_a_migration():
    with override(None):  # labels compare as they are written, untranslated
        loader = MigrationLoader(None)
        wanted = ProjectState.from_apps(apps)
        found = MigrationAutodetector(loader.project_state(), wanted).changes(graph=loader.graph)
    assert found == {}


def test_the_documents_name_files_that_exist():
    missing = []
    for name in ("README.md", "docs/architecture.md", "docs/components.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / name).read_text()):
            if not ((ROOT / name).parent / target).exists():
                missing.append((name, target))
    assert missing == []


def test_nothing_points_to_a_machine_or_a_registry():
    pattern = re.compile(r"/(?:work|root)/|--(?:extra-)?index-url|https?://[^\s\"']*pypi")
    found = [
        str(path.relative_to(ROOT))
        for folder in ("stage", "docs", "templates", "requirements", "docker", "scripts", ".ci")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
        and path.suffix in {".py", ".md", ".txt", ".in", ".html", ".sh", ".yml", ""}
        if pattern.search(path.read_text(errors="replace"))
    ]
    assert found == []


def test_no_link_takes_its_host_from_the_request():
    """Links are made of settings.SITE_URL: the Host header is the visitor's."""
    found = [
        str(path.relative_to(ROOT))
        for folder in ("stage", "companies", "placements", "attendance", "assessments")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"build_absolute_uri|get_current_site|get_raw_uri", path.read_text())
    ]
    assert found == []
