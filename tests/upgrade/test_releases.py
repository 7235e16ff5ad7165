"""An upgrade from each release, with its data: nothing is lost, and the walls stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.upgrade import releases

DUMPS = sorted(releases.DUMPS.glob("*.sql.gz"))


def test_there_is_a_release_to_come_from():
    assert DUMPS


def test_a_released_migration_is_never_changed_nor_taken_away():
    there = {str(path): releases.digest(path) for path in releases.migrations()}
    released = releases.frozen()
    assert len(released) > 6
    assert {path: there.get(path) for path in released} == released


@pytest.mark.parametrize("dump", DUMPS, ids=lambda path: path.name.partition(".")[0])
def test_its_data_comes_through_and_the_walls_stand(dump: Path):
    with releases.restored(dump) as engines:
        before = releases.rows(engines)
        assert before["schools_student"] > 50
        assert before["agreements_signature"] > 20
        releases.run(engines, "migrate", "-v0")
        said = releases.run(engines, "walls", "--check", check=False)
        assert said.returncode == 0, said.stdout + said.stderr
        releases.run(engines, "check", "--database", "default")
        after = releases.rows(engines)
    assert {name: after.get(name) for name in before} == before | changed(after)
    if "core_auditwaiting" not in before:
        unsealed = before["core_auditentry"] - before["core_auditseal"]
        assert after["core_auditwaiting"] == unsealed > 0


def changed(after: dict[str, int]) -> dict[str, int]:
    """Tables that an upgrade fills by itself: its steps, and a line for each new table."""
    own = ("django_migrations", "django_content_type", "auth_permission")
    return {name: after[name] for name in own}
