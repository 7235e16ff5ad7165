"""The clock of the tests of placements: some weeks before the world's period."""

from datetime import UTC, datetime

import pytest
import time_machine


@pytest.fixture(autouse=True)
def before_the_period():
    with time_machine.travel(datetime(2026, 12, 1, 9, tzinfo=UTC)):
        yield
