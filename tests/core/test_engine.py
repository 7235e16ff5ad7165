"""The scope and BEGIN travel with the first statement, and neither outlives its transaction."""

import socket

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from attendance.models import CheckIn
from stage.core.tenants.tenancy import NOBODY, SYSTEM, Scope, school_scope, use
from stage.schools.models import Student
from tests.attendance.helpers import MONDAY, at
from tests.clients import client_of
from tests.messages import messages

LEFT = (
    "SELECT current_user = session_user, coalesce(current_setting('app.school', true), ''),"
    " coalesce(current_setting('app.pairs', true), '')"
)


def left() -> tuple:
    """What the connection carries outside a transaction: whether the log-in role, which school."""
    with use(NOBODY), connection.cursor() as cursor:
        cursor.execute(LEFT)
        return cursor.fetchone()


NOTHING = (True, "", "")


def test_begin_scope_and_first_statement_are_one_message(committed_world):
    with messages() as sent, use(school_scope(committed_world.berk.school)), transaction.atomic():
        assert Student.objects.count() == 3
        assert Student.objects.filter(pk=0).count() == 0
    assert len(sent) == 3
    assert [sent[0].count(word) for word in ("BEGIN;", "set_config('role'", "COUNT")] == [1, 1, 1]
    assert "set_config" not in sent[1]
    assert "COMMIT" in sent[2]


def test_a_statement_by_itself_is_one_message(committed_world):
    with messages() as sent, use(school_scope(committed_world.berk.school)):
        assert Student.objects.count() == 3
    assert len(sent) == 1
    assert left() == NOTHING


def test_nothing_is_sent_for_a_transaction_that_asked_nothing(committed_world):
    with messages() as sent, use(school_scope(committed_world.berk.school)), transaction.atomic():
        pass
    assert sent == []


def test_a_write_by_itself_stays_and_a_failed_one_leaves_nothing(committed_world):
    student = committed_world.berk.students[0]
    with use(SYSTEM):
        assert Student.objects.filter(pk=student.pk).update(first_name="Anders") == 1
        with pytest.raises(IntegrityError):
            Student.objects.filter(pk=student.pk).update(school_id=0)
        assert left() == NOTHING
        assert Student.objects.get(pk=student.pk).first_name == "Anders"


@pytest.mark.parametrize("first", [True, False], ids=["first statement", "later one"])
def test_a_failed_transaction_takes_nothing_more_and_leaves_nothing(committed_world, first):
    berk = school_scope(committed_world.berk.school)
    with pytest.raises(DatabaseError), use(berk), transaction.atomic():
        if not first:
            Student.objects.count()
        with connection.cursor() as cursor:
            try:
                cursor.execute("SELECT 1/0")
            except DatabaseError:
                with use(SYSTEM):  # another scope is not sent into it either
                    cursor.execute("SELECT 1")
    assert left() == NOTHING
    with use(berk):
        assert Student.objects.count() == 3


def test_a_refused_scope_fails_alone(committed_world):
    with pytest.raises(DatabaseError), use(Scope("unheard_of")):
        Student.objects.count()
    assert left() == NOTHING
    with use(school_scope(committed_world.els.school)), transaction.atomic():
        assert set(Student.objects.values_list("school", flat=True)) == {
            committed_world.els.school.pk
        }


def test_scopes_within_savepoints_fall_back(committed_world):
    berk, els = (school_scope(w.school) for w in (committed_world.berk, committed_world.els))

    def seen() -> set[int]:
        return set(Student.objects.values_list("school", flat=True))

    with use(berk), transaction.atomic():
        with transaction.atomic(), use(els):  # the savepoint is what the transaction begins with
            assert seen() == {els.school}
        assert seen() == {berk.school}
        with pytest.raises(DatabaseError), transaction.atomic(), use(els):
            Student.objects.update(school_id=0)
        assert seen() == {berk.school}
        with pytest.raises(RuntimeError), transaction.atomic(), use(els):
            assert seen() == {els.school}
            raise RuntimeError
        assert seen() == {berk.school}
    assert left() == NOTHING


def test_text_with_percents_and_many_rows_goes_through(committed_world):
    with use(school_scope(committed_world.berk.school)), connection.cursor() as cursor:
        cursor.execute("SELECT 'a%b', '%s'")
        assert cursor.fetchone() == ("a%b", "%s")
        cursor.execute("SELECT %(word)s, 'a%%b', current_setting('app.school')", {"word": "x';"})
        assert cursor.fetchone() == ("x';", "a%b", str(committed_world.berk.school.pk))
        cursor.executemany("SELECT set_config('app.student', %s, true)", [["1"], ["2"]])
    assert left() == NOTHING


def test_a_driver_cursor_inside_a_transaction_enters_first(committed_world):
    with use(school_scope(committed_world.berk.school)), transaction.atomic():
        connection.enter()
        found = connection.connection.execute("SELECT current_setting('app.school')").fetchone()
    assert found == (str(committed_world.berk.school.pk),)
    assert left() == NOTHING


def test_autocommit_is_not_switched_within_a_transaction(committed_world):
    with use(SYSTEM), transaction.atomic():
        assert Student.objects.count() == 9
        with pytest.raises(DatabaseError):
            connection.set_autocommit(True, force_begin_transaction_with_broken_autocommit=False)
    assert left() == NOTHING


# --- a kept connection ---


def begin_request() -> None:
    connection.close_if_unusable_or_obsolete()
    connection.health_check_enabled = True


def test_a_kept_connection_is_not_asked_whether_it_is_there(committed_world):
    left()
    with messages() as sent:
        begin_request()
        left()
    assert len(sent) == 1


def test_a_connection_that_the_server_closed_is_made_anew(committed_world):
    left()
    before = connection.connection.info.backend_pid
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    other.close()
    begin_request()
    assert left() == NOTHING
    assert connection.connection.info.backend_pid != before


def test_a_line_that_was_cut_is_made_anew(committed_world):
    left()
    before = connection.connection.info.backend_pid
    with socket.socket(fileno=socket.dup(connection.connection.pgconn.socket)) as line:
        line.shutdown(socket.SHUT_RDWR)
    begin_request()
    assert left() == NOTHING
    assert connection.connection.info.backend_pid != before


# --- whole requests; docs/benchmarks.md has what they were ---


def test_a_check_in_waits_for_the_database_seven_times(committed_world):
    berk, location = committed_world.berk, committed_world.noord.locations[0]
    with at(MONDAY, "08:02"):
        client = client_of(berk.logins[0])
        client.get(reverse("attendance:scan_open", args=[location.poster_code]))
        begin_request()
        with messages() as sent:
            answer = client.post(
                reverse("attendance:check_in"),
                {"code": location.poster_code, "method": "poster"},
            )
        assert answer["Location"] == reverse("attendance:check_in_done")
    with use(SYSTEM):
        assert CheckIn.objects.count() == 1
    assert len(sent) <= 7, [text[:99] for text in sent]


def test_a_home_waits_once_for_each_statement(committed_world):
    with at(MONDAY, "08:02"):
        client = client_of(committed_world.berk.logins[0])
        client.get(reverse("web:home"))
        begin_request()
        with messages() as sent:
            assert client.get(reverse("web:home")).status_code == 200
    assert len(sent) <= 26, [text[:99] for text in sent]  # 25 statements and COMMIT
