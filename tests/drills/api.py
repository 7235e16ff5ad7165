"""Drill: schemathesis against the API over HTTP, with every check and many examples.

A product of its own with the tests' world, and a coordinator logged in. Every answer must be as
the description says, without a log-in 401, and never a server error.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter
from pathlib import Path

from stage.devtools.embedded.engines import ROOT, temporary_engines
from stage.devtools.embedded.processes import wait_until
from tests.drills import Broken, expect

EXAMPLES = 100
OPERATIONS = 11


def web():
    """The product for gunicorn, with room for more requests than a program should make."""
    from django.conf import settings

    from stage.wsgi import application

    settings.API_REQUESTS_PER_MINUTE = 10**9
    return application


def call(command: list, environment: dict[str, str], folder: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise Broken(f"{command[:4]}: {done.stdout[-6000:]}{done.stderr[-1500:]}")
    return done.stdout


def run(product=None) -> str:
    """How many operations and cases, and their answers."""
    with temporary_engines() as engines, tempfile.TemporaryDirectory() as name:
        environment = os.environ | engines.environment()
        environment |= {"DJANGO_SETTINGS_MODULE": "stage.settings.test", "FILES_ROOT": name}
        owner = environment | {"DATABASE_URL": environment["DATABASE_OWNER_URL"]}
        for command in (["createcachetable"], ["migrate", "-v0"]):
            call([sys.executable, "manage.py", *command], owner)
        told = json.loads(call([sys.executable, "-m", "tests.drills.world"], environment))
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "tests.drills.api:web()"),
                *("--no-control-socket", "-w", "2", "--bind", f"127.0.0.1:{port}"),
            ],
            cwd=ROOT,
            env=environment | {"DATABASE_URL": environment["DATABASE_WEB_URL"]},
            stderr=subprocess.DEVNULL,
        )
        try:
            return walked(f"http://127.0.0.1:{port}", told, Path(name))
        finally:
            server.terminate()
            server.wait(10)


def answers(url: str) -> bool:
    try:
        return urllib.request.urlopen(url, timeout=2).status == 200
    except OSError:
        return False


def configured(told: dict, folder: Path) -> str:
    """A log-in that a check may take away, and codes of things that are there."""
    lines = ["[auth.openapi.session]", f'api_key = "{told["session"]}"']
    for name, code in told["codes"].items():
        for end in ("", "days/") if name == "placements" else ("",):
            lines += ["[[operations]]", f'include-path = "/api/v1/{name}/{{code}}/{end}"']
            lines += [f'parameters = {{ "path.code" = "{code}" }}']
    file = folder / "schemathesis.toml"
    file.write_text("\n".join(lines))
    return str(file)


def walked(base: str, told: dict, folder: Path) -> str:
    """All operations with all checks."""
    schema, report = f"{base}/api/v1/schema/", folder / "report.ndjson"
    if not wait_until(lambda: answers(schema), seconds=90):
        raise Broken("the product does not answer")
    program = Path(sys.executable).with_name("schemathesis")
    call(
        [
            *(str(program), "--config-file", configured(told, folder), "run", schema),
            *("--url", base),
            *("--checks", "all", "-n", str(EXAMPLES), "--seed", "1"),
            *("--report-ndjson-path", str(report), "--no-color"),
        ],
        dict(os.environ),
        folder,
    )
    statuses: Counter = Counter()
    operations = set()
    for line in report.read_text().splitlines():
        _count(json.loads(line), statuses, operations)
    expect("operations walked", len(operations), OPERATIONS)
    expect("server errors", sum(n for s, n in statuses.items() if s >= 500), 0)
    shown = ", ".join(f"{n} × {status}" for status, n in sorted(statuses.items()))
    total = f"{len(operations)} operations, {sum(statuses.values())} requests"
    return f"{total}, all as described: {shown}"


def _count(thing, statuses: Counter, operations: set) -> None:
    """Find every answer of the report, and which operation it was of."""
    if isinstance(thing, list):
        for part in thing:
            _count(part, statuses, operations)
    if not isinstance(thing, dict):
        return
    if isinstance(thing.get("status_code"), int):
        statuses[thing["status_code"]] += 1
    if isinstance(thing.get("label"), str) and thing["label"].startswith("GET /"):
        operations.add(thing["label"])
    for part in thing.values():
        _count(part, statuses, operations)


if __name__ == "__main__":
    from tests.drills.alone import main

    main(["api"])
