"""A web process of its own that is sent files, so that its memory can be measured.

`python -m tests.hostile.child PLAN` with a JSON list of requests (see `Request`); writes a JSON
line per request and one at the end with the largest memory it ever had. The files are read from
disk as a socket would give them: nothing of them is in memory but what the product puts there.
"""

from __future__ import annotations

import json
import re
import resource
import shutil
import sys
import time
from html import unescape
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

TOKEN = "a" * 32
EDGE = "hostile"
# What a page says is wrong: beside a field, above a form, as a notice, or where an import stands.
ERRORS = re.compile(
    r'<(\w+)[^>]*(?:class="[^"]*(?:error|wrong|notice|callout)|role="alert")[^>]*>(.*?)</\1>', re.S
)


def body_of(request: dict) -> IO[bytes]:
    """A multipart body, fields and then one file, on disk."""
    body = TemporaryFile()  # noqa: SIM115 (closed with the process)
    for name, value in {**request["fields"], "csrfmiddlewaretoken": TOKEN}.items():
        head = f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        body.write(head.encode())
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="{request["field"]}"; '
    head += f'filename="{request["filename"]}"\r\nContent-Type: {request["kind"]}\r\n\r\n'
    body.write(head.encode())
    with Path(request["path"]).open("rb") as file:
        shutil.copyfileobj(file, body)
    body.write(f"\r\n--{EDGE}--\r\n".encode())
    return body


def call(application, method: str, url: str, cookies: dict, body: IO[bytes] | None = None):
    """One request as a server makes it: (status, headers, text)."""
    seen = {}
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": url,
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "192.0.2.7",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "testserver",
        "HTTP_COOKIE": "; ".join(f"{k}={v}" for k, v in {**cookies, "csrftoken": TOKEN}.items()),
        "wsgi.url_scheme": "http",
        "wsgi.input": body or BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
    }
    if body:
        environ["CONTENT_TYPE"] = f"multipart/form-data; boundary={EDGE}"
        environ["CONTENT_LENGTH"] = str(body.tell())
        body.seek(0)

    def start(status, headers, exc_info=None):
        seen.update(status=int(status[:3]), headers=dict(headers))

    answer = application(environ, start)
    text = b"".join(answer).decode("utf-8", "replace")
    answer.close()
    return seen["status"], seen["headers"], text


def messages(text: str) -> list[str]:
    found = (re.sub(r"<[^>]+>", " ", part) for _tag, part in ERRORS.findall(text))
    return [words for part in found if (words := " ".join(unescape(part).split()))]


def most_memory() -> int:
    """The most this process ever had, in MB.

    Not `getrusage`: its figure starts at that of the process that started this one.
    """
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) // 1024


def main(plan: Path) -> None:
    from stage.core.work.long_jobs import run_waiting
    from stage.wsgi import application

    for request in json.loads(plan.read_text()):
        body = body_of(request)
        began = time.perf_counter()
        status, headers, text = call(application, "POST", request["url"], request["cookies"], body)
        if request["imports"] and status == 302:
            run_waiting()
            status, _headers, text = call(
                application, "GET", headers["Location"], request["cookies"]
            )
        seconds = time.perf_counter() - began
        line = {
            "name": request["name"],
            "status": status,
            "seconds": round(seconds, 3),
            "messages": messages(text),
            "script": "<script>alert" in text,
            "megabytes": most_memory(),
        }
        print(json.dumps(line), flush=True)  # noqa: T201 (the answer to whoever started it)


if __name__ == "__main__":
    import django

    # A file that wins must not take the machine along; it shows as a fault of its request.
    resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, 3 * 2**30))

    django.setup()
    main(Path(sys.argv[1]))
