"""The worker is killed half-way an import."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from django.urls import reverse

from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.work.wake import wake
from stage.devtools.embedded.processes import wait_until
from stage.schools.models import ImportJob, Student
from tests.drills import Broken, cast, expect
from tests.drills.product import Product

SMALL = {"rows": 1500}
HEADINGS = "Leerlingnummer;Roepnaam;Tussenvoegsel;Achternaam;Klas;Leerweg;Geboortedatum;E-mail"


def run(product: Product, rows: int = 3000) -> str:
    """Nothing half done; taken up again it is complete, once."""
    world = cast.committed_world()
    coordinator = cast.coordinator(product, world)
    lines = [
        f"9{n:05d};Voornaam{n};;Achternaam{n};3B;BB;01-02-2011;l{n}@leerling.test"
        for n in range(rows)
    ]
    sheet = "\n".join([HEADINGS, *lines]).encode()
    start = reverse("schools:import_start", args=["students"])
    coordinator.post(start, files={"file": ("lijst.csv", sheet)})
    product.until(lambda: _job().state == "checked", seconds=120, what="the list is checked")
    coordinator.post(reverse("schools:import_confirm", args=[_job().public_id]))
    if not wait_until(lambda: _job().done > 0, seconds=120):
        raise Broken("the import does not start")
    product.kill("worker")
    half, state = _job().done, _job().state
    expect("the import was under way when the worker was killed", state, "running")
    expect("students after the worker was killed", _students(), 0)
    product.start("worker")
    with use(SYSTEM):  # two minutes pass
        ImportJob.objects.update(claimed_at=F("claimed_at") - timedelta(minutes=3))
    wake("stage.core.tasks.run_jobs")
    product.until(lambda: _job().state == "done", seconds=180, what="another worker takes over")
    expect("students after the second worker", _students(), rows)
    page = cast.words(coordinator.get(reverse("schools:import_show", args=[_job().public_id])).text)
    expect("the page says so", "Alle regels staan erin." in page, True)
    expect("server errors", coordinator.errors, 0)
    return (
        f"import of {rows} students, worker killed at row {half} (state {state}): 0 rows there;"
        f" taken over: {rows} rows, each once"
    )


def _job() -> ImportJob:
    with use(SYSTEM):
        return ImportJob.objects.get()


def _students() -> int:
    with use(SYSTEM):
        return Student.objects.filter(number__startswith="9", number__regex="^9.{5}$").count()
