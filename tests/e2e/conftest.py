"""The whole product, as `make run` starts it, driven by real browsers."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.e2e import sessions
from tests.e2e.keys import KeyboardPerson
from tests.e2e.mailbox import Mailbox
from tests.e2e.people import Person

ROOT = Path(__file__).resolve().parents[2]


def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.e2e)
            # With several workers, each with a product of its own, a file stays together.
            if item.get_closest_marker("xdist_group") is None:
                item.add_marker(pytest.mark.xdist_group(Path(item.fspath).stem))


@dataclass
class Stack:
    """The running product."""

    url: str
    var: Path
    environment: dict[str, str]

    @property
    def mailbox(self) -> Mailbox:
        return Mailbox(self.var / "mail")

    def manage(self, *words: str) -> str:
        """Run a management command beside the running product."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def stack(tmp_path_factory) -> Iterator[Stack]:
    """Everything: engines, migrations, demo data, mail server, worker, beat, web.

    E2E_STACK names the var of a product that runs already, to write tests against.
    """
    if running := os.environ.get("E2E_STACK"):
        yield _stack_at(Path(running))
        return
    var = tmp_path_factory.mktemp("product") / "var"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clean = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("DATABASE_", "REDIS_", "PYTEST")) and k != "DJANGO_SETTINGS_MODULE"
    }
    log = (tmp_path_factory.getbasetemp() / "product.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "stage.devtools.embedded", "run", "--with-parent"],
        cwd=ROOT,
        env={**clean, "STAGE_VAR": str(var), "PORT": str(port), "UNDO_SECONDS": "6"},
        stdout=log,
        stderr=log,
        stdin=subprocess.DEVNULL,
    )
    try:
        yield _wait(process, var, Path(log.name))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        log.close()


def _stack_at(var: Path) -> Stack:
    state = json.loads((var / "stack.json").read_text())
    return Stack(state["url"], var, state["environment"])


def _wait(process: subprocess.Popen, var: Path, log: Path, seconds: int = 300) -> Stack:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()[-3000:]
        if "Ready in" in log.read_text(errors="replace"):
            stack = _stack_at(var)
            with urllib.request.urlopen(f"{stack.url}/inloggen/") as answer:
                assert answer.status == 200
            return stack
        time.sleep(0.3)
    raise AssertionError("the product did not start: " + log.read_text()[-3000:])


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for all: a second one in the same process is refused."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright) -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    browser = playwright.chromium.launch(executable_path=program)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def crowd(stack) -> dict:
    """Who can be logged in, and the addresses that hold a secret."""
    return sessions.cookies_of(stack.manage("shell", "-c", sessions.COMMAND))


@pytest.fixture
def person(stack, browser) -> Iterator:
    """Make people, each with a browser of their own; afterwards no console may hold an error."""
    yield from _people(Person, stack, browser)


@pytest.fixture
def keyboard_person(stack, browser) -> Iterator:
    """The same for people without a mouse."""
    yield from _people(KeyboardPerson, stack, browser)


def _people(kind: type[Person], stack: Stack, browser: Browser) -> Iterator:
    made: list[Person] = []

    def make(name: str, *, phone: bool = False) -> Person:
        made.append(kind(name, stack, browser, phone=phone))
        return made[-1]

    yield make
    for someone in made:
        someone.close()
    assert {p.name: p.errors for p in made if p.errors} == {}
