"""Every page is valid HTML, as the checker of the W3C reads it (Nu Html Checker, `vnu`).

A browser forgives what a screen reader, a reader mode or the next browser does not. Every page is
opened by everybody who may. They go to the checker together: starting it costs more than reading.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse

from stage.core.tenants.tenancy import SYSTEM, use
from tests.permissions.table import TABLE

pytestmark = pytest.mark.sweep

ROOT = Path(__file__).resolve().parents[1]
VALIDATOR = ROOT / "var/vnu/node_modules/vnu-jar/build/dist/vnu.jar"
READERS = (
    "anonymous",
    "coordinator",
    "teacher",
    "student",
    "guardian",
    "contact",
    "bureau",
    "operator",
)
# What htmx reads stands in attributes of its own.
OURS = "Attribute “hx-"


@pytest.fixture(scope="module", autouse=True)
def _validator():
    """Fetched by this script where it is not there yet."""
    subprocess.run([ROOT / "scripts/validator.sh"], check=True)


def faults_in(folder: Path) -> dict[str, set[str]]:
    """What the checker says -> on which pages (names of files without their ending)."""
    java = shutil.which("java")
    assert java
    run = subprocess.run(
        [java, "-jar", VALIDATOR, "--errors-only", "--format", "json", "--stdout", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    said = json.loads(run.stdout)["messages"]
    found = defaultdict(set)
    for message in said:
        if message["type"] == "error" and not message["message"].startswith(OURS):
            extract = " ".join(message.get("extract", "").split())
            found[f"{message['message']} {extract}"].add(Path(message.get("url", "?")).stem)
    return found


def pages_of(who: str, world, client, folder: Path) -> int:
    """Write every page that this person may open into the folder; answers how many."""
    pages = 0
    for name, row in TABLE.items():
        if who not in row.may or "GET" not in row.methods:
            continue
        with transaction.atomic():
            with use(SYSTEM):
                address = reverse(name, args=row.args(world))
            response = client.get(address)
            if response.content and "text/html" in response.headers.get("Content-Type", ""):
                pages += 1
                (folder / f"{who} {name.replace(':', '.')}.html").write_bytes(response.content)
            transaction.set_rollback(True)
    return pages


@pytest.mark.django_db
def test_every_page_is_valid_html(baited, tmp_path):
    world, clients, _laid = baited
    pages = {who: pages_of(who, world, clients[who], tmp_path) for who in READERS}
    assert min(pages.values()) > 3, pages
    wrong = faults_in(tmp_path)
    assert not wrong, "\n".join(
        f"{fault}\n    {len(on)} × {', '.join(sorted(on)[:5])}" for fault, on in wrong.items()
    )


def test_a_fault_is_seen_and_what_htmx_reads_is_none(tmp_path):
    begin = '<!doctype html><html lang="nl"><head><title>Dag</title></head><body>'
    (tmp_path / "a.html").write_text(f'{begin}<p hx-get="/a/">Dag</p><a href="tel:06 1">Bel</a>')
    (tmp_path / "b.html").write_text(f"{begin}<ul><p>Dag</p></ul>")
    (fault, other) = sorted(faults_in(tmp_path).items(), key=lambda item: sorted(item[1]))
    assert "tel:" in fault[0]
    assert fault[1] == {"a"}
    assert "“p” not allowed" in other[0]
    assert other[1] == {"b"}
