"""What the project says of itself is so."""

import re
from pathlib import Path

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils.translation import override

ROOT = Path(__file__).parent.parent
ROW = re.compile(
    r"^\| ([A-F]\d+) \| (.+?) \| (works|partly|not yet) \| ?(.*?) ?\| ?(.*?) ?\|$", re.M
)


def features() -> list[tuple[str, str, str, str, str]]:
    return ROW.findall((ROOT / "docs" / "features.md").read_text())


def test_every_feature_has_its_row():
    wanted = {
        f"{group}{n}"
        for group, last in zip("ABCDEF", (8, 18, 18, 12, 12, 12), strict=True)
        for n in range(1, last + 1)
    }
    assert [row[0] for row in features()] == sorted(wanted, key=lambda k: (k[0], int(k[1:])))


def test_what_works_names_a_test_that_exists():
    wrong = []
    for number, _name, state, missing, reference in features():
        if state == "not yet":
            wrong += [(number, "a test of what is not there")] if reference else []
            continue
        if state == "partly" and not missing:
            wrong.append((number, "does not say what is missing"))
        path, _, test = reference.strip("`").partition("::")
        file = ROOT / path
        if not test or not file.is_file() or f"def {test}(" not in file.read_text():
            wrong.append((number, reference))
    assert wrong == []


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
