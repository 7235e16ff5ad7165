"""A school's tasks: lists that wait to be checked or brought in."""

from stage.core.work.jobs import every
from stage.schools.imports import runs


@every(20)
def run_imports() -> int:
    """Check and write imports; woken by a person's action, and a net for what was left behind."""
    return runs.run_waiting()
