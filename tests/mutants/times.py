"""Pytest plugin: how long each test took, for who tries the quick ones first."""

from __future__ import annotations

import json
from collections import defaultdict

import pytest

from tests.mutants.covering import TIMES

_seconds: dict[str, float] = defaultdict(float)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """One phase of a test is done; setting up the database itself is nobody's."""
    if report.when == "call":
        _seconds[report.nodeid] += report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Workers of pytest-xdist tell all to the process that started them."""
    if not hasattr(session.config, "workerinput"):
        TIMES.write_text(json.dumps(_seconds))
