"""Files that mean harm, through the pages where files come in: refused with a word, or made safe.

A web process of its own takes them, so that what it costs in memory is measured too.
"""

import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from stage.core.models import StoredFile
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import ImportJob, Student
from stage.settings.base import unix_database_url
from tests.assessments import things
from tests.clients import client_of
from tests.hostile.documents import DANGER, DOCUMENTS
from tests.hostile.pictures import PICTURES, SECRETS
from tests.hostile.sheets import SHEETS
from tests.permissions.attendance import _scan
from tests.web.test_settings import SCHOOL

pytestmark = pytest.mark.sweep

ROOT = Path(__file__).parent.parent
MOST_MEGABYTES = 400
FEW = ("telefoon.jpg", "gif-en-script.gif", "jpeg-en-html.jpg", "bewegend.webp", "tekening.png")


def cookies_of(client: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()}


def request(corpus, name, folder, client, url, field, *, fields=None, imports=False) -> dict:
    """One upload for the child, its file put on disk."""
    path = folder / name
    if not path.exists():
        path.write_bytes(corpus[name]())
    return {
        "name": name,
        "path": str(path),
        "filename": name,
        "kind": "image/jpeg",
        "url": url,
        "field": field,
        "fields": fields or {},
        "cookies": cookies_of(client),
        "imports": imports,
    }


def sent(requests: list[dict], folder: Path) -> list[dict]:
    """What the child says of each request."""
    plan = folder / "plan.json"
    plan.write_text(json.dumps(requests))
    database = connection.settings_dict
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "stage.settings.test",
        "DATABASE_URL": unix_database_url("stage_worker", database["NAME"], database["HOST"]),
        "FILES_ROOT": str(folder / "files"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.child", str(plan)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr[-3000:]
    assert [line["name"] for line in lines] == [r["name"] for r in requests]
    if told := os.environ.get("HOSTILE_FIGURES"):
        with Path(told).open("a") as figures:
            figures.writelines(json.dumps(line) + "\n" for line in lines)
    return lines


def judged(lines: list[dict]) -> list[dict]:
    """What is wrong with the answers themselves."""
    return [
        line
        for line in lines
        if line["status"] not in (200, 302, 422)
        or (line["status"] == 422 and not line["messages"])
        or line["script"]
    ]


def faults_in(data: bytes, content_type: str) -> list:
    """What should not be in a file that was kept."""
    if content_type == "application/pdf":
        with pikepdf.open(BytesIO(data)) as pdf:
            kept = set(pdf.Root.keys()) - {"/Type", "/Pages"}
        return [*(d for d in DANGER if d in data), *kept]
    found = [s for s in SECRETS if s in data]
    with Image.open(BytesIO(data)) as image:
        image.load()
        told = {"exif", "xmp", "comment", "icc_profile", "XML:com.adobe.xmp"} & set(image.info)
        found += [*told, *dict(image.getexif())]
        if image.format not in ("JPEG", "PNG") or getattr(image, "n_frames", 1) != 1:
            found.append((image.format, getattr(image, "n_frames", 1)))
    return found


@pytest.fixture
def folder(tmp_path, settings):
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path


def pictures_and_documents(world, folder) -> list[dict]:
    """The whole corpus as evidence of a student; pictures as logo and as photo of a day too.

    These go the same way from the form on, so a few will do; the drill sends all.
    """
    student, coordinator = client_of(world.berk.logins[0]), client_of(world.berk.coordinator)
    corpus = PICTURES | DOCUMENTS
    with use(SYSTEM):
        Student.objects.filter(pk=world.berk.students[0].pk).update(photo_consent=True)
        day = _scan(world).date
        hand_ins = {name: things.hand_in(world.berk, title=name) for name in corpus}
    requests = []
    for name, row in hand_ins.items():
        url = reverse("assessments:evidence_add", args=[row.public_id])
        requests.append(request(corpus, name, folder, student, url, "uploads"))
    for name in PICTURES if "HOSTILE_FIGURES" in os.environ else FEW:
        url = reverse("schools:settings_school")
        requests.append(
            request(corpus, name, folder, coordinator, url, "logo_upload", fields=SCHOOL)
        )
        url = reverse("attendance:report_write", args=[day])
        words = {"text": "Gewerkt.", "mood": "good"}
        requests.append(request(corpus, name, folder, student, url, "photo", fields=words))
    return requests


def test_pictures_and_documents_are_made_safe_or_refused(committed_world, folder):
    world = committed_world
    lines = sent(pictures_and_documents(world, folder), folder)
    assert judged(lines) == []
    with use(SYSTEM):
        kept = list(StoredFile.objects.exclude(path="aa/niets.jpg").filter(removed_at=None))
    accepted = [line for line in lines if line["status"] == 302]
    assert 20 < len(kept) <= len(accepted) < len(lines)
    faults = {}
    coordinator = client_of(world.berk.coordinator)
    for file in kept:
        response = coordinator.get(reverse("web:file_open", args=[file.public_id]))
        data = b"".join(response.streaming_content)
        if found := faults_in(data, file.content_type):
            faults[file.name] = found
        as_page = file.content_type != "application/pdf"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Disposition"].startswith("inline" if as_page else "attachment")
        assert response["Content-Type"] in ("image/jpeg", "image/png", "application/pdf")
        assert "default-src 'none'" in response["Content-Security-Policy"]
    assert faults == {}
    on_disk = [p for p in (folder / "files").rglob("*") if p.is_file()]
    assert {p.suffix for p in on_disk} <= {".jpg", ".png", ".pdf"}
    assert max(line["megabytes"] for line in lines) <= MOST_MEGABYTES


def lists(world, folder) -> list[dict]:
    client, url = (
        client_of(world.berk.coordinator),
        reverse("schools:import_start", args=["students"]),
    )
    return [request(SHEETS, name, folder, client, url, "file", imports=True) for name in SHEETS]


def test_lists_are_read_safely_or_refused(committed_world, folder):
    lines = sent(lists(committed_world, folder), folder)
    assert judged(lines) == []
    answers = {line["name"]: line for line in lines}
    # Harm that can be told from the file itself is told at once, and nothing of it is kept.
    at_once = [n for n in SHEETS if "bom" in n or n.startswith(("xxe", "macro", "slot", "bsn"))]
    assert {n: answers[n]["status"] for n in at_once} == dict.fromkeys(at_once, 422)
    with use(SYSTEM):
        assert not ImportJob.objects.filter(state__in=["uploaded", "checking", "running"]).exists()
        assert Student.objects.filter(school=committed_world.berk.school).count() == 3
    assert max(line["megabytes"] for line in lines) <= MOST_MEGABYTES
