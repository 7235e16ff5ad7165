"""What the developer sees while things start."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def line(text: str) -> None:
    """One line on stdout, at once also when that is a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """One indented line about how it goes."""
    line(f"  {text}")


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Say how long the block took, when it went well."""
    begin = time.monotonic()
    yield
    note(f"{what}: {time.monotonic() - begin:.1f} s")
