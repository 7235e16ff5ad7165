"""Real HTTP over kept connections: throughput with several at once, the time of one after another.

The client runs on the same processors as what it measures, in every measurement alike.
"""

from __future__ import annotations

import gzip
import http.client
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

TOKEN = "b" * 32  # the CSRF secret: any, as long as cookie and header agree
FORM = "application/x-www-form-urlencoded"
DEVICE = "device"  # DEVICE_COOKIE_NAME in development


@dataclass(frozen=True)
class Ask:
    """One request; `form` makes it a POST."""

    path: str
    session: str
    form: dict[str, str] | None = None
    device: str = ""  # of who has no account

    @property
    def headers(self) -> dict[str, str]:
        who = f"{DEVICE}={self.device}" if self.device else f"sessionid={self.session}"
        found = {"Cookie": f"{who}; csrftoken={TOKEN}"}
        return found | {"X-CSRFToken": TOKEN, "Content-Type": FORM} if self.form else found


class Line:
    """One kept connection, opened anew when the server closed it."""

    def __init__(self, address: tuple[str, int]):
        self._connection = http.client.HTTPConnection(*address, timeout=60)

    def send(self, ask: Ask) -> tuple[int, bytes, str]:
        """The status, the body and where a redirect leads."""
        verb = "GET" if ask.form is None else "POST"
        body = None if ask.form is None else urlencode(ask.form)
        try:
            return self._send(verb, ask, body)
        except (http.client.RemoteDisconnected, ConnectionError):
            self._connection.close()
            return self._send(verb, ask, body)

    def _send(self, verb: str, ask: Ask, body: str | None) -> tuple[int, bytes, str]:
        self._connection.request(verb, ask.path, body, ask.headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read(), answer.headers.get("Location", "")

    def close(self) -> None:
        self._connection.close()


def throughput(
    address: tuple[str, int], asks: Sequence[Ask], is_right: Callable, lines: int = 8
) -> float:
    """Requests a second, each sent once, over so many connections. RuntimeError for a wrong one."""
    waiting, wrong = iter(list(asks)), []
    lock = threading.Lock()

    def work() -> None:
        line = Line(address)
        while True:
            with lock:
                ask = next(waiting, None)
            if ask is None:
                break
            try:
                answer: object = line.send(ask)
            except OSError as error:
                answer = error
            if isinstance(answer, OSError) or not is_right(answer):
                wrong.append(answer)
        line.close()

    threads = [threading.Thread(target=work) for _ in range(lines)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    if wrong:
        raise RuntimeError(f"{len(wrong)} wrong answers, such as {wrong[0]!r:.300}")
    return len(asks) / took


def times(address: tuple[str, int], ask: Ask, count: int, warm: int = 5) -> list[float]:
    """Milliseconds of each of `count` requests, one after another, after `warm` uncounted ones."""
    line, found = Line(address), []
    for number in range(count + warm):
        began = time.perf_counter()
        status, body, _where = line.send(ask)
        took = (time.perf_counter() - began) * 1000
        if status != 200:
            raise RuntimeError(f"{ask.path} answers {status}: {body[:300]!r}")
        if number >= warm:
            found.append(took)
    line.close()
    return found


def sizes(address: tuple[str, int], ask: Ask) -> tuple[int, int]:
    """Bytes of a page, and as the web server in front compresses it."""
    line = Line(address)
    _status, body, _where = line.send(ask)
    line.close()
    return len(body), len(gzip.compress(body, 6))


def percentile(values: list[float], share: float) -> float:
    """The value that this share (0 to 1) of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
