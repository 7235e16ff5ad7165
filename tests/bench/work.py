"""Check-ins at once, the agreement as PDF, and a list of 5,000 students through the worker."""

from __future__ import annotations

import time
from unittest.mock import patch

from django.urls import reverse

from stage.core.tenants.tenancy import use
from stage.core.ui import pdf
from stage.schools.enums import ImportState
from stage.schools.imports import jobs as import_jobs
from stage.schools.models import ImportJob
from tests.bench import client, floors
from tests.bench.data import Data, sessions_of

ROWS = 5000
HEAD = "Leerlingnummer;Roepnaam;Tussenvoegsel;Achternaam;Klas;Leerjaar;Leerweg;Geboortedatum;"
HEAD += "E-mail;Mentor;Ouder 1 naam;Ouder 1 e-mail;Ouder 2 naam;Ouder 2 e-mail\n"
DONE = (ImportState.DONE, ImportState.REFUSED)


def check_ins(address, bare, data: Data) -> dict[str, float]:
    """Check-ins a second, each of another student, and the bare view with as many sessions."""
    keys = sessions_of(data.students)
    path = reverse("attendance:check_in")
    asks = [
        client.Ask(path, key, {"code": code, "method": "poster"})
        for key, code in zip(keys, data.posters, strict=True)
    ]
    done = reverse("attendance:check_in_done")
    plain = [client.Ask("/insert/", key) for key in keys]
    warm, asks = asks[:100], asks[100:-1]  # the last one stays out, for the page of the home
    client.throughput(address, warm, lambda a: a[2] == done)
    client.throughput(bare, plain[:100], lambda a: a[0] == 302)
    found: dict[str, list[float]] = {"bare": [], "product": []}
    half = len(asks) // 2
    for part in (asks[:half], asks[half:]):  # in turns, so that the machine's moods are shared
        found["bare"].append(client.throughput(bare, plain[: len(part)], lambda a: a[0] == 302))
        found["product"].append(client.throughput(address, part, lambda a: a[2] == done))
    return {name: sum(values) / len(values) for name, values in found.items()}


def agreement(address, data: Data, count: int = 8) -> dict[str, float]:
    """Median milliseconds of the PDF over HTTP and of WeasyPrint alone on the same HTML."""
    (desk,) = sessions_of([data.world.berk.coordinator])
    path = reverse("agreements:agreement_pdf", args=[data.agreement.public_id])
    took = client.times(address, client.Ask(path, desk), count, warm=2)
    documents: list[str] = []
    real = pdf.html_to_pdf

    def keep(html: str) -> bytes:
        documents.append(html)
        return real(html)

    with floors.logged_in(desk) as here, patch.object(pdf, "html_to_pdf", keep):
        here.get(path)

    def alone() -> float:
        began = time.perf_counter()
        real(documents[0])
        return (time.perf_counter() - began) * 1000

    return {
        "page": client.percentile(took, 0.5),
        "weasyprint": client.percentile(floors.repeat(count, alone, warm=1), 0.5),
    }


def a_list(school_class: str) -> bytes:
    """5,000 students of class …, each with two guardians."""
    rows = (
        f"L{n:05};Kind{n};van;Naam{n};{school_class}{n % 40};3;BB;01-02-2011;k{n}@x.test;"
        f"Docent Berk;Ouder {n};o{n}@x.test;Tweede {n};t{n}@x.test\n"
        for n in range(ROWS)
    )
    return (HEAD + "".join(rows)).encode()


def imports(data: Data) -> dict[str, tuple[float, float]]:
    """Seconds of check and of writing by the worker: 5,000 new, changed, and the same again."""
    found = {}
    for what, content in (("new", a_list("A")), ("changed", a_list("B")), ("same", a_list("B"))):
        found[what] = _one_import(data, content, what)
    return found


def _one_import(data: Data, content: bytes, what: str) -> tuple[float, float]:
    actor = data.world.actor(data.world.berk.coordinator)
    began = time.perf_counter()
    with use(actor.scope):
        job = import_jobs.start_import(content, name="x.csv", sheet="students", actor=actor)
        _wait_for(job, (ImportState.CHECKED, *DONE))
        checked = time.perf_counter()
        import_jobs.confirm_import(ImportJob.objects.get(pk=job.pk), actor=actor)
        job = _wait_for(job, DONE)
    if job.result.get(what) != ROWS:
        raise RuntimeError(f"the import came to {job.state}: {job.result}")
    return checked - began, time.perf_counter() - checked


def _wait_for(job: ImportJob, states: tuple[str, ...], seconds: int = 300) -> ImportJob:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = ImportJob.objects.get(pk=job.pk)
        if found.state in states:
            return found
        time.sleep(0.05)
    raise RuntimeError(f"the import stays {found.state}")
