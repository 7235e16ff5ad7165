"""What goes to the database and how often one waits for it, as libpq's own trace tells it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def messages() -> Iterator[list[str]]:
    """Gives a list that holds, after the block, each message this thread sent and waited for."""
    connection.ensure_connection()
    line = connection.connection.pgconn
    sent: list[str] = []
    with tempfile.TemporaryFile("w+") as trace:
        line.trace(trace.fileno())
        try:
            yield sent
        finally:
            line.untrace()
        trace.seek(0)
        # Each message begins with its moment and its direction; a text may go on over lines.
        for part in re.split(r"^[\d-]{10} [\d:.]+\t", trace.read(), flags=re.M):
            if part.startswith("F"):
                sent.append(part.split("\t", 3)[-1])
