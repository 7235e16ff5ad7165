"""The supervisor of `make run`: what crashes is restarted, what keeps crashing ends it all."""

import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from stage.devtools.embedded import EngineError, Engines
from stage.devtools.embedded import __main__ as command_line
from stage.devtools.embedded import run as supervisor
from stage.devtools.embedded.run import Child, Stack, listen


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """A supervisor without engines, that gives a child one more chance."""
    monkeypatch.setattr(supervisor, "RESTARTS", 1)
    engines = Engines(tmp_path / "var")
    engines.lock()
    with listen(0, 1) as web, listen(0, 1) as mail:
        stack = Stack(engines, web=web, mail=mail)
        yield stack
        stack.stop()


def plan(stack: Stack, monkeypatch: pytest.MonkeyPatch, **programs: str) -> None:
    """Let the stack run small Python programs instead of its own."""
    children = [Child(name, [sys.executable, "-c", text]) for name, text in programs.items()]
    monkeypatch.setattr(stack, "_plan", lambda: children)
    stack.start(*programs)


def test_child_that_keeps_crashing_ends_everything_with_its_last_words(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plan(stack, monkeypatch, beat="import time; time.sleep(60)", web="print('kapot'); exit(3)")
    with pytest.raises(EngineError) as ended:
        stack.watch()
    assert "web crashed 2 times (last exit code 3)" in str(ended.value)
    assert str(ended.value).splitlines()[-2:] == ["kapot", "kapot"]
    assert "web crashed (exit code 3); restart 1 of 1" in capsys.readouterr().out
    beat = stack.children[0].process
    assert beat is not None
    stack.stop()
    assert not psutil.pid_exists(beat.pid)


def test_child_that_lived_long_has_its_restarts_back(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "HEALTHY_AFTER", 0)
    plan(stack, monkeypatch, worker="exit(1)")
    child = stack.children[0]
    for _ in range(2):
        assert child.process is not None
        stack._restart(child, child.process.wait(10))
    assert child.restarts == 1


def test_environment_gives_migrations_the_owner_and_requests_the_least(stack: Stack) -> None:
    worker, owner, web = (stack.environment(role) for role in ("worker", "owner", "web"))
    assert worker["DATABASE_URL"].startswith("postgres://stage_worker@/stage?")
    assert web["DATABASE_URL"].startswith("postgres://stage_app@/stage?")
    assert [name for name in web if name.startswith("DATABASE_")] == ["DATABASE_URL"]
    assert owner["DATABASE_URL"] == worker["DATABASE_OWNER_URL"]
    assert owner["DATABASE_URL"].startswith("postgres://stage_owner@/stage?")
    assert worker["EMAIL_PORT"] == str(stack.mail.getsockname()[1])


def test_shell_env_without_a_running_stack_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STAGE_VAR", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["stage.devtools.embedded", "shell-env"])
    assert command_line.main() == 1
    assert f"Nothing runs on {tmp_path}" in capsys.readouterr().err


def test_manage_without_a_running_stack_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STAGE_VAR", str(tmp_path))
    monkeypatch.setattr(
        sys, "argv", ["stage.devtools.embedded", "manage", "--", "walls", "--check"]
    )
    assert command_line.main() == 1
    assert f"Nothing runs on {tmp_path}" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["stage.devtools.embedded", "manage", "--"])
    assert command_line.main() == 1
    assert "Say which command" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "role"), [(["walls", "--check"], "stage_owner"), (["verify_audit"], "stage_worker")]
)
def test_manage_runs_on_the_running_stack_as_who_may(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, command: list[str], role: str
) -> None:
    ran: list[tuple[list[str], dict[str, str]]] = []
    supervisor.write_state(stack)
    monkeypatch.setenv("STAGE_VAR", str(stack.engines.var))
    monkeypatch.setattr(sys, "argv", ["stage.devtools.embedded", "manage", "--", *command])
    monkeypatch.setattr("os.execve", lambda path, words, env: ran.append((words, env)))
    assert command_line.main() == 0
    [(words, environment)] = ran
    assert words[1].endswith("/manage.py")
    assert words[2:] == command
    assert environment["DATABASE_URL"].startswith(f"postgres://{role}@/stage?")
    assert environment["REDIS_URL"] == stack.environment()["REDIS_URL"]


def test_reset_is_refused_while_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STAGE_VAR", str(tmp_path / "var"))
    monkeypatch.setattr(sys, "argv", ["stage.devtools.embedded", "reset"])
    running = Engines(tmp_path / "var")
    running.lock()
    assert command_line.main() == 1
    assert "Already running" in capsys.readouterr().err
    assert (tmp_path / "var").is_dir()
    running.stop()
    assert command_line.main() == 0
    assert not (tmp_path / "var").exists()
