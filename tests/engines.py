"""Pytest plugin: engines of our own for one test run.

Named in `addopts` (`-p tests.engines`), because pytest-django reads the settings, and with them
DATABASE_URL, before any conftest.py. A DATABASE_URL that is already set is used as it is; workers
of pytest-xdist get it from the process that started them.
"""

import os
from contextlib import ExitStack

import pytest

# Importing stage.devtools.embedded imports stage.celery, which would otherwise choose the settings.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stage.settings.test")

_running = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Start the engines; the test database is made by the owner role, which may do that here."""
    if "PYTEST_XDIST_WORKER" in os.environ or os.environ.get("DATABASE_URL"):
        return
    from stage.devtools.embedded import EngineError
    from stage.devtools.embedded.engines import temporary_engines

    try:
        engines = _running.enter_context(temporary_engines(createdb=True))
    except EngineError as error:
        raise pytest.UsageError(str(error)) from None
    owner = engines.environment()["DATABASE_OWNER_URL"]
    os.environ.update(engines.environment() | {"DATABASE_URL": owner})
    _running.callback(_forget, list(engines.environment()))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop the engines and delete their folder."""
    _running.close()


def _forget(names: list[str]) -> None:
    for name in names:
        os.environ.pop(name, None)
