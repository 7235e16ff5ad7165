"""The engines out of wheels: they start, stop, and leave nothing behind however they end."""

import os
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from stage.devtools.embedded import EngineError, Engines, account
from stage.devtools.embedded.engines import (
    ROOT,
    postgres_program,
    socket_folder,
    temporary_engines,
)
from stage.devtools.embedded.mail import Mailbox
from stage.devtools.embedded.processes import spawn, stop, wait_until
from stage.devtools.embedded.run import listen

HOLDER = """
import sys, time
from pathlib import Path
from stage.devtools.embedded import Engines
engines = Engines(Path(sys.argv[1])).start()
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture
def var() -> Iterator[Path]:
    """A data folder that every account can walk to, as the mode `nobody` needs."""
    with tempfile.TemporaryDirectory(prefix="stage-test-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "var"


@pytest.fixture
def holder(var: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that runs engines on `var`."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(var)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def processes_on(var: Path) -> list[str]:
    """The names of living processes whose command line names the folder."""
    found = []
    for process in psutil.process_iter(["name", "cmdline", "status"]):
        words = " ".join(process.info["cmdline"] or [])
        if str(var) in words and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process.info["name"])
    return found


def session_user(engines: Engines, role: str) -> str:
    with psycopg.connect(engines.database_url(role)) as connection:
        return connection.execute("SELECT session_user").fetchone()[0]


def test_engines_answer_and_stop(var: Path) -> None:
    engines = Engines(var).start()
    try:
        assert session_user(engines, "stage_app") == "stage_app"
        with redis.Redis(unix_socket_path=str(engines.sockets / "redis.sock")) as client:
            assert client.ping() is True
    finally:
        engines.stop()
    assert processes_on(var) == []
    assert list(engines.pids.iterdir()) == []


def test_cluster_knows_the_case_of_accented_letters(var: Path) -> None:
    with_engines = Engines(var).start()
    try:
        with psycopg.connect(with_engines.database_url("stage_app")) as connection:
            row = connection.execute("SELECT upper('é'), 'René' ILIKE '%RENÉ%'").fetchone()
    finally:
        with_engines.stop()
    assert row == ("É", True)


def test_data_survives_a_restart_and_roles_are_made_right_again(var: Path) -> None:
    engines = Engines(var).start()
    with psycopg.connect(engines.database_url("stage_owner")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    with engines.connect() as admin:
        admin.execute("ALTER ROLE stage_app BYPASSRLS")
    engines.stop()
    engines = Engines(var).start()
    try:
        with psycopg.connect(engines.database_url("stage_owner")) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
        with engines.connect() as admin:
            strong = admin.execute(
                "SELECT rolname FROM pg_roles WHERE rolname LIKE 'stage%'"
                " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"
            ).fetchall()
        assert strong == []
    finally:
        engines.stop()


def test_app_may_become_an_audience_but_inherits_nothing(var: Path) -> None:
    engines = Engines(var).start()
    try:
        with psycopg.connect(engines.database_url("stage_owner")) as owner:
            owner.execute("CREATE TABLE child AS SELECT 'Noor' AS name")
            owner.execute("GRANT SELECT ON child TO stage_school")
        with psycopg.connect(engines.database_url("stage_app")) as app:
            app.execute("SET ROLE stage_school")
            assert app.execute("SELECT name FROM child").fetchone() == ("Noor",)
            app.execute("RESET ROLE")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("SELECT name FROM child")
        with (
            psycopg.connect(engines.database_url("stage_app")) as app,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            app.execute("CREATE TABLE mine (id int)")
    finally:
        engines.stop()


def test_killed_parent_leaves_nothing_and_next_start_works(
    var: Path, holder: subprocess.Popen[bytes]
) -> None:
    assert sorted(set(processes_on(var)) & {"postgres", "redis-server"}) == [
        "postgres",
        "redis-server",
    ]
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert wait_until(lambda: processes_on(var) == [], seconds=5)
    engines = Engines(var).start()
    try:
        assert session_user(engines, "stage_app") == "stage_app"
    finally:
        engines.stop()


def test_second_copy_is_refused_with_the_process_to_stop(var: Path) -> None:
    first = Engines(var).start()
    try:
        with pytest.raises(EngineError, match=rf"process {os.getpid()}\)"):
            Engines(var).start()
        assert session_user(first, "stage_app") == "stage_app"
    finally:
        first.stop()


def test_stale_files_of_a_power_cut_do_not_stop_a_start(var: Path) -> None:
    engines = Engines(var).start()
    engines.stop()
    engines.sockets.mkdir(exist_ok=True)
    stranger = os.getpid()  # lives, and is no PostgreSQL
    (engines.data / "postmaster.pid").write_text(f"{stranger}\n{engines.data}\n")
    (engines.pids / "postgres.pid").write_text(f"{stranger} 1.0")
    for name in (".s.PGSQL.5432", "redis.sock"):
        with socket.socket(socket.AF_UNIX) as left_over:
            left_over.bind(str(engines.sockets / name))
    (engines.sockets / ".s.PGSQL.5432.lock").write_text(f"{stranger}\n")
    engines = Engines(var).start()
    try:
        assert session_user(engines, "stage_app") == "stage_app"
    finally:
        engines.stop()


@pytest.mark.parametrize("folder", ["d" * 120, "map met spaties, en komma's"])
def test_long_and_odd_paths_put_the_sockets_elsewhere(var: Path, folder: str) -> None:
    engines = Engines(var / folder).start()
    try:
        assert not engines.sockets.is_relative_to(var)
        assert engines.sockets.stat().st_mode & 0o777 == 0o700
        assert session_user(engines, "stage_owner") == "stage_owner"
    finally:
        engines.stop()
    assert not engines.sockets.exists()


def test_two_folders_side_by_side() -> None:
    with temporary_engines() as one, temporary_engines() as other:
        with psycopg.connect(one.database_url("stage_owner")) as connection:
            connection.execute("CREATE TABLE only_here (id int)")
        with psycopg.connect(other.database_url("stage_owner")) as connection:
            row = connection.execute("SELECT to_regclass('only_here')").fetchone()
        assert one.var.exists()
    assert row == (None,)
    assert not one.var.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user has one mode only")
def test_root_without_user_namespaces_runs_as_nobody(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        account.require_open_to_all(postgres_program("postgres").parent)
    except EngineError as closed:
        pytest.skip(str(closed))
    Engines(var).start().stop()
    monkeypatch.setenv("STAGE_EMBEDDED_MODE", "nobody")
    engines = Engines(var).start()
    try:
        assert session_user(engines, "stage_app") == "stage_app"
        assert engines.data.owner() == "nobody"
    finally:
        engines.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as nobody")
def test_closed_folder_is_named(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGE_EMBEDDED_MODE", "nobody")
    var.mkdir()
    closed = var / "thuis"
    closed.mkdir(mode=0o700)
    with pytest.raises(EngineError, match=str(closed)):
        Engines(closed / "var").start()


def test_unknown_mode_is_refused(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGE_EMBEDDED_MODE", "anders")
    with pytest.raises(EngineError, match="plain, namespace, nobody"):
        Engines(var)


def test_sockets_of_a_short_path_stay_inside() -> None:
    assert socket_folder(Path("/srv/stage/var")) == Path("/srv/stage/var/run")


def test_port_in_use_takes_the_next_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with listen(0, 1) as taken:
        port = taken.getsockname()[1]
        with listen(port, 20) as second:
            chosen = second.getsockname()[1]
        assert chosen > port
        assert f"port {port} is in use, taking {chosen}" in capsys.readouterr().out
        with pytest.raises(EngineError, match="all in use"):
            listen(port, 1)


def test_mail_sink_stores_what_it_receives(tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"] = "Stageplek bij Bakkerij Wöhrle"
    message.set_content("Kun je maandag komen kijken?")
    with listen(0, 1) as listener:
        sink = spawn(
            [sys.executable, "-P", ROOT / "stage/devtools/embedded/mail.py"]
            + [tmp_path / "mail", str(listener.fileno())],
            pid_file=tmp_path / "mail.pid",
            pass_fds=(listener.fileno(),),
        )
        try:
            with smtplib.SMTP("127.0.0.1", listener.getsockname()[1], timeout=10) as client:
                client.send_message(message, "school@example.nl", ["bakker@example.nl"])
        finally:
            stop(sink, signum=signal.SIGTERM, seconds=5)
    assert sink.returncode == 0
    [stored] = (tmp_path / "mail").iterdir()
    text = stored.read_bytes()
    assert stored.suffix == ".eml"
    assert text.startswith(b"X-MailFrom: school@example.nl\r\nX-RcptTo: bakker@example.nl\r\n")
    assert b"Kun je maandag komen kijken?" in text


def test_mail_sink_keeps_the_newest(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path, kept=2)
    names = []
    for number in range(3):
        names.append(mailbox.store("a@example.nl", ["b@example.nl"], f"nr {number}").name)
        time.sleep(0.001)
    assert sorted(path.name for path in tmp_path.iterdir()) == names[1:]
    assert len(list(Mailbox(tmp_path, kept=1).folder.iterdir())) == 1
