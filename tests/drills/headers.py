"""Drill: MDN's Observatory against the product as production runs it, over TLS on this machine.

Needs root (Observatory knows ports 80 and 443 only), openssl, node and Observatory itself:
`npm install --ignore-scripts --no-save --prefix var/npm @mdn/mdn-http-observatory@1.4.8`.
Where one of them is missing the drill fails: it gives no figure it did not measure.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from stage.devtools.embedded.engines import ROOT, temporary_engines
from stage.devtools.embedded.processes import wait_until
from tests.drills import Broken, expect

OBSERVATORY = ROOT / "var" / "npm" / "node_modules" / "@mdn" / "mdn-http-observatory"
SECRET = "only-for-this-drill-" * 4


def call(command: list, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=ROOT, env=environment or dict(os.environ), capture_output=True, text=True
    )
    if done.returncode:
        raise Broken(f"{command[:4]}: {done.stdout[-500:]}{done.stderr[-1500:]}")
    return done.stdout


def certificate(folder: Path) -> list[str]:
    """A certificate of our own for localhost, which only this drill trusts."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    words = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost".split()
    names = ["-addext", "subjectAltName=DNS:localhost"]
    call([*words, *names, "-keyout", str(key), "-out", str(cert)])
    return ["--certfile", str(cert), "--keyfile", str(key)]


def scan(folder: Path) -> dict:
    """What Observatory says of https://localhost."""
    for name, text in (("hsts-preload.json", "{}"), ("tld-list.json", '["localhost"]')):
        (OBSERVATORY / "conf" / name).write_text(text)
    trusts = os.environ | {"NODE_EXTRA_CA_CERTS": str(folder / "cert.pem")}
    return json.loads(call(["node", str(OBSERVATORY / "src" / "scan.js"), "localhost"], trusts))


def run(product=None) -> str:
    """The grade, and the warnings of `check --deploy`, which must be A+ and none."""
    if not OBSERVATORY.is_dir():
        raise Broken("not measured: Observatory is not installed (see this module's first lines)")
    if os.geteuid():
        raise Broken("not measured: ports 80 and 443 need root")
    with temporary_engines() as engines, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = (
            os.environ
            | engines.environment()
            | {
                "DJANGO_SETTINGS_MODULE": "stage.settings.production",
                "SECRET_KEY": SECRET,
                "ALLOWED_HOSTS": "localhost",
                "SITE_URL": "https://localhost",
                "STATIC_ROOT": str(folder / "static"),
                "TRUSTED_PROXY_COUNT": "0",
            }
        )
        environment["DATABASE_URL"] = environment["DATABASE_WEB_URL"]
        manage = [sys.executable, "manage.py"]
        owner = environment | {"DATABASE_URL": environment["DATABASE_OWNER_URL"]}
        call([*manage, "createcachetable"], owner)
        call([*manage, "migrate", "-v0"], owner)
        call([*manage, "collectstatic", "--noinput", "-v0"], environment)
        checked = call(
            [*manage, "check", "--deploy", "--database", "default", "--fail-level", "WARNING"],
            environment,
        )
        expect("check --deploy", "no issues (0 silenced)" in checked, True)
        found = served(folder, environment)
    summary = found.get("scan", found)
    failed = [k for k, v in found.get("tests", {}).items() if not v.get("pass")]
    expect("tests of Observatory that fail", failed, [])
    expect("grade", summary["grade"], "A+")
    tests = len(found["tests"])
    grade = f"Observatory {summary['grade']} {summary['score']}, {tests} of {tests} tests"
    return f"{grade}; check --deploy 0 warnings"


def served(folder: Path, environment: dict[str, str]) -> dict:
    """Scan while the product is served on both ports."""
    gunicorn = [sys.executable, "-m", "gunicorn", "stage.wsgi", "--no-control-socket", "-w", "1"]
    log = (folder / "log").open("wb")
    servers = [
        subprocess.Popen([*gunicorn, "--bind", bind, *more], cwd=ROOT, env=environment, stderr=log)
        for bind, more in (("127.0.0.1:443", certificate(folder)), ("127.0.0.1:80", []))
    ]
    try:
        curl = ["curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}"]
        for url in ("https://localhost/inloggen/", "http://localhost/"):
            up = wait_until(
                lambda url=url: (
                    subprocess.run([*curl, url], capture_output=True).stdout[:1] in (b"2", b"3")
                ),
                seconds=30,
            )
            if not up:
                raise Broken(f"{url} does not answer: {(folder / 'log').read_text()[-800:]}")
        return scan(folder)
    finally:
        for server in servers:
            server.terminate()
            server.wait(10)
        log.close()


if __name__ == "__main__":
    from tests.drills.alone import main

    main(["headers"])
