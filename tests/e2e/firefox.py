"""Firefox ESR as phones have it, spoken to by WebDriver BiDi, the protocol it has itself.

The browser library of the other tests drives a Firefox of its own making only, not this one.
"""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

MISSING = "Firefox ESR is not here: scripts/browser.sh gets it"
# Nothing of a fresh profile that would ask a network or stand over the page.
PREFERENCES = {
    "app.normandy.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "remote.log.level": "Error",
}


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    """One browser with an empty profile and one tab."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    assert program, MISSING
    profile.mkdir(parents=True)
    lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines))
    with (profile / "firefox.log").open("wb") as log:
        process = subprocess.Popen(
            [program, "--headless", "--no-remote", "--profile", str(profile)]
            + ["--remote-debugging-port", "0"],
            stdout=log,
            stderr=log,
        )
    try:
        with connect(_address(process, profile), max_size=None, proxy=None) as wire:
            yield Firefox(wire)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def _address(process: subprocess.Popen, profile: Path, seconds: int = 60) -> str:
    """Where it listens: it writes that down when it does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, (profile / "firefox.log").read_text()[-2000:]
        try:
            server = json.loads((profile / "WebDriverBiDiServer.json").read_text())
        except (OSError, ValueError):
            time.sleep(0.1)
        else:
            return f"ws://{server['ws_host']}:{server['ws_port']}/session"
    raise AssertionError("Firefox did not listen: " + (profile / "firefox.log").read_text()[-2000:])


class Firefox:
    """What a person does in one."""

    def __init__(self, wire: ClientConnection):
        self._wire = wire
        self._numbers = itertools.count(1)
        self._ask("session.new", capabilities={})
        self._tab = self._ask("browsingContext.getTree")["contexts"][0]["context"]

    def _ask(self, method: str, **params: Any) -> dict:
        """Say one thing and give its answer; events are of no use here."""
        number = next(self._numbers)
        self._wire.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            said = json.loads(self._wire.recv(60))
            if said.get("id") == number:
                assert said["type"] == "success", f"{method}: {said}"
                return said["result"]

    def log_in(self, cookies: list[dict]) -> None:
        for cookie in cookies:
            host = cookie["url"].split("//")[1].split(":")[0].rstrip("/")
            value = {"type": "string", "value": cookie["value"]}
            self._ask(
                "storage.setCookie", cookie={"name": cookie["name"], "value": value, "domain": host}
            )

    def before_pages(self, function: str) -> None:
        """Run a function in every page to come, before its own scripts."""
        self._ask("script.addPreloadScript", functionDeclaration=function)

    def open(self, url: str) -> None:
        self._ask("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def run(self, expression: str) -> Any:
        """What JavaScript says in the page; a text, a number, yes or no, or nothing."""
        said = self._ask(
            "script.evaluate",
            expression=expression,
            target={"context": self._tab},
            awaitPromise=True,
        )
        assert said["type"] == "success", said
        return said["result"].get("value")

    def sees(self, text: str) -> None:
        self.until(f"document.body.innerText.includes({json.dumps(text)})", text)

    def press(self, name: str) -> None:
        """Click the button or link with this name, where a finger would."""
        find = (
            "[...document.querySelectorAll('main button, main a')]"
            f".find(e => e.innerText.trim() === {json.dumps(name)} && e.checkVisibility())"
        )
        self.until(f"!!{find}", name)
        element = self._ask(
            "script.evaluate",
            expression=find,
            target={"context": self._tab},
            awaitPromise=False,
        )["result"]["sharedId"]
        finger = {"type": "pointer", "id": "finger", "parameters": {"pointerType": "touch"}}
        origin = {"type": "element", "element": {"sharedId": element}}
        self.run(f"{find}.scrollIntoView({{block: 'center'}})")
        self._ask(
            "input.performActions",
            context=self._tab,
            actions=[
                finger
                | {
                    "actions": [
                        {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
                        {"type": "pointerDown", "button": 0},
                        {"type": "pointerUp", "button": 0},
                    ]
                }
            ],
        )

    def until(self, expression: str, what: str, seconds: int = 20) -> None:
        """Wait until an expression is true; between two pages nothing is."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if self.run(expression):
                    return
            except AssertionError:
                pass
            time.sleep(0.1)
        seen = self.run("location.href + '\\n' + document.body.innerText")
        raise AssertionError(f"{what}: not in {seconds} s on {seen}")
