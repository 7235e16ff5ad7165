"""How long the worker takes for a list of 5,000 students: new, changed and the same again."""

import time

from stage.core import import_jobs, import_runs
from stage.core.models import ImportJob, Student
from stage.core.tenancy import SYSTEM, use

COUNT = 5000
LIMIT = 10  # seconds for writing, on two cores
HEAD = "Leerlingnummer;Roepnaam;Tussenvoegsel;Achternaam;Klas;Leerjaar;Leerweg;Geboortedatum;"
HEAD += "E-mail;Mentor;Ouder 1 naam;Ouder 1 e-mail;Ouder 2 naam;Ouder 2 e-mail\n"


def a_list(city: str) -> bytes:
    rows = (
        f"L{n:05};Kind{n};van;Naam{n};{city}{n % 40};3;BB;01-02-2011;k{n}@x.test;Docent Berk;"
        f"Ouder {n};o{n}@x.test;Tweede {n};t{n}@x.test\n"
        for n in range(COUNT)
    )
    return (HEAD + "".join(rows)).encode()


def test_five_thousand_students(committed_world):
    actor = committed_world.actor(committed_world.berk.coordinator)
    for what, data in (("new", a_list("A")), ("changed", a_list("B")), ("same", a_list("B"))):
        with use(actor.scope):
            job = import_jobs.start_import(data, name="x.csv", sheet="students", actor=actor)
        began = time.monotonic()
        import_runs.run_waiting()
        checked = time.monotonic()
        with use(actor.scope):
            job = ImportJob.objects.get(pk=job.pk)
            import_jobs.confirm_import(job, actor=actor)
        import_runs.run_waiting()
        ended = time.monotonic()
        with use(SYSTEM):
            job.refresh_from_db()
            assert job.result[what] == COUNT
            assert Student.objects.filter(number__startswith="L").count() == COUNT
        print(f"{what}: checked in {checked - began:.1f} s, written in {ended - checked:.1f} s")  # noqa: T201
        assert ended - checked < LIMIT
