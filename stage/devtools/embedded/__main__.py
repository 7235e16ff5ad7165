"""The command line: run, shell-env, psql, manage, temporary and reset."""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys

from stage.devtools.embedded.console import line
from stage.devtools.embedded.engines import (
    DATABASE,
    ROOT,
    Engines,
    default_var,
    postgres_program,
    socket_folder,
    temporary_engines,
)
from stage.devtools.embedded.errors import EngineError
from stage.devtools.embedded.run import run


def main() -> int:
    """Do what was asked; 1 with a message that explains itself when that cannot be."""
    options = arguments().parse_args()
    try:
        return options.command(options) or 0
    except EngineError as error:
        sys.stderr.write(f"\n{error}\n")
        return 1


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stage.devtools.embedded", description=__doc__)
    commands = parser.add_subparsers(required=True)

    command = commands.add_parser("run", help="run the whole product until Ctrl-C")
    command.add_argument("--with-parent", action="store_true", help="end when the parent ends")
    command.set_defaults(command=run_product)

    command = commands.add_parser("shell-env", help="exports for a shell, of the running stack")
    command.set_defaults(command=shell_env)

    command = commands.add_parser("psql", help="psql on the running stack's database")
    command.add_argument("--role", default="postgres", help="log-in role (default: postgres)")
    command.add_argument("rest", nargs="*", metavar="ARGUMENT", help="for psql, after --")
    command.set_defaults(command=psql)

    command = commands.add_parser("manage", help="manage.py on the running stack")
    command.add_argument("rest", nargs=argparse.REMAINDER, metavar="ARGUMENT", help="after --")
    command.set_defaults(command=manage)

    command = commands.add_parser("temporary", help="run a command with engines of its own")
    command.add_argument("rest", nargs=argparse.REMAINDER, metavar="COMMAND")
    command.set_defaults(command=temporary)

    command = commands.add_parser("reset", help="delete all data, unless the stack runs")
    command.set_defaults(command=reset)
    return parser


def run_product(options: argparse.Namespace) -> None:
    port = os.environ.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65000:
        raise EngineError(f"PORT is {port!r}; it must be a number from 1 to 64999.")
    run(default_var(), port=int(port), with_parent=options.with_parent)


def shell_env(_options: argparse.Namespace) -> None:
    for name, value in running_environment().items():
        line(f"export {name}={shlex.quote(value)}")


def psql(options: argparse.Namespace) -> None:
    running_environment()
    host = str(socket_folder(default_var()))
    program = str(postgres_program("psql"))
    line = [program, "-h", host, "-U", options.role, "-d", DATABASE, *options.rest]
    os.execv(program, line)  # noqa: S606 - nothing of the shell is wanted here


# What changes or lays tables is the owner's; everything else runs as the product itself.
OWNERS = ("createcachetable", "migrate", "sqlflush", "walls")


def manage(options: argparse.Namespace) -> None:
    rest = options.rest[1:] if options.rest[:1] == ["--"] else options.rest
    if not rest:
        raise EngineError('Say which command: make manage ARGS="walls --check"')
    environment = running_environment()
    if rest[0] in OWNERS:
        environment["DATABASE_URL"] = environment["DATABASE_OWNER_URL"]
    program = [sys.executable, str(ROOT / "manage.py"), *rest]
    os.execve(sys.executable, program, os.environ | environment)  # noqa: S606 - no shell


def temporary(options: argparse.Namespace) -> int:
    rest = options.rest[1:] if options.rest[:1] == ["--"] else options.rest
    if not rest:
        raise EngineError(
            "Say which command: python -m stage.devtools.embedded temporary -- COMMAND …"
        )
    with temporary_engines(createdb=True) as engines:
        env = os.environ | engines.environment()
        return subprocess.run(rest, env=env, check=False).returncode  # noqa: S603


def reset(_options: argparse.Namespace) -> None:
    var = default_var()
    if not var.exists():
        return
    engines = Engines(var)
    engines.lock()
    try:
        shutil.rmtree(var)
    finally:
        engines.stop()


def running_environment() -> dict[str, str]:
    """The variables of the stack that runs on our folder; EngineError when none does."""
    var = default_var()
    try:
        state = json.loads((var / "stack.json").read_text())
        os.kill(state["pid"], 0)
    except (OSError, ValueError, KeyError):
        raise EngineError(f"Nothing runs on {var}; start it with `make run`.") from None
    environment: dict[str, str] = state["environment"]
    return environment


if __name__ == "__main__":
    sys.exit(main())
