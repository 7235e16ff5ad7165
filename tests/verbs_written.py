"""Pytest plugin: which verbs of the audit trail a run wrote; a whole run writes every one.

Listens where entries are stored (`audit.record_all`, the one door). Workers of pytest-xdist hand
what they heard to the process that started them, so the split over workers makes no difference.
The check is part of a whole run alone (`make test`): of a chosen few tests it says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest

HEARD = pytest.StashKey[set]()
# What `make test` leaves out; those tests are walks over pages.
WHOLE = ("", "not sweep")


def pytest_configure(config: pytest.Config) -> None:
    """Nothing heard yet."""
    config.stash[HEARD] = set()


@pytest.fixture(scope="session", autouse=True)
def _verbs_are_heard(request) -> Iterator[None]:
    """Every entry that is stored, with its verb."""
    from stage.core.record import audit

    heard, store = request.config.stash[HEARD], audit.record_all

    def listening(entries):
        entries = list(entries)
        store(entries)
        heard.update(entry.verb for entry in entries)

    with patch.object(audit, "record_all", listening):
        yield


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    """A worker is done: what it heard counts here."""
    node.config.stash[HEARD].update(getattr(node, "workeroutput", {}).get("verbs", ()))


def is_whole(config: pytest.Config) -> bool:
    """Whether all tests were asked for, and none was left out by name, mark or former failure."""
    asked = config.option
    chosen = asked.keyword or asked.deselect or getattr(asked, "lf", False)
    everything = config.args_source == pytest.Config.ArgsSource.TESTPATHS
    return everything and not chosen and not asked.collectonly and asked.markexpr in WHOLE


def unwritten(config: pytest.Config) -> list[str]:
    """The verbs that have words and that this run never wrote."""
    from stage.core.record.audit import VERBS

    return sorted(VERBS.keys() - config.stash[HEARD])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A worker tells; a whole green run in which a verb was not written is not green."""
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["verbs"] = sorted(config.stash[HEARD])
    elif exitstatus == 0 and is_whole(config) and unwritten(config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--verbs`: name them after any run."""
    parser.addoption("--verbs", action="store_true", help="name the verbs this run did not write")


def pytest_terminal_summary(terminalreporter, exitstatus: int, config: pytest.Config) -> None:
    """Which ones."""
    left = unwritten(config) if config.option.verbs or is_whole(config) else []
    if left:
        terminalreporter.section("verbs of the audit trail that no test wrote")
        for verb in left:
            terminalreporter.line(verb)
