"""Django's PostgreSQL engine plus a scope that lives exactly as long as one transaction.

The scope (`tenancy.current`) goes ahead of the first statement of a transaction, and again whenever
it changes inside it, always with `is_local = true`: nothing outlives it, so persistent connections
and poolers in transaction mode are safe.

It travels in the same message as that statement, and so does BEGIN: one wait for the database, not
three. A statement outside `atomic()` is a message of its own with its scope before it, which
PostgreSQL runs as one transaction. Decision 25.
"""

import select
from contextlib import nullcontext
from datetime import date
from typing import Any

from django.db import transaction
from django.db.backends.postgresql import base
from psycopg import ClientCursor
from psycopg.pq import ConnStatus, TransactionStatus

from stage.core.dutch.calendar import school_today
from stage.core.tenants.postgres.schema import SchemaEditor
from stage.core.tenants.tenancy import NOBODY, Scope, current

SET_SCOPE = (
    "SELECT set_config('role', %s, true), set_config('app.school', %s, true),"
    " set_config('app.student', %s, true), set_config('app.companies', %s, true),"
    " set_config('app.schools', %s, true), set_config('app.regions', %s, true),"
    " set_config('app.actor', %s, true), set_config('app.today', %s, true)"
)
# Only policies of company people read these; what they hold under another role opens nothing.
SET_COMPANY_SCOPE = SET_SCOPE + (
    ", set_config('app.pairs', %s, true), set_config('app.contact_pairs', %s, true),"
    " set_config('app.signatory_pairs', %s, true), set_config('app.placements', %s, true),"
    " set_config('app.invitations', %s, true)"
)
DATED = ("student", "company")  # roles whose policies read what day it is
DIRTY = object()  # neither None nor a scope: the next statement sets it again


class Cursor(base.CursorMixin, ClientCursor):
    """Sends what goes ahead of a statement in the same message.

    One that the driver made by itself (`connection.connection.execute`) knows no scope: see
    `DatabaseWrapper.enter`.
    """

    database: "DatabaseWrapper | None" = None

    def execute(self, query, params=None, **kwargs):
        database = self.database
        ahead = database.ahead() if database else []
        if database is None or not ahead:
            return super().execute(query, params, **kwargs)
        # On a line of its own, since an error quotes the line it is in.
        super().execute(";\n".join([*ahead, self.mogrify(query, params)]), **kwargs)
        self.set_result(len(ahead))
        database.went_ahead()
        return self

    def executemany(self, query, params_seq, **kwargs):
        if self.database is None:
            return super().executemany(query, params_seq, **kwargs)
        alone = self.database.get_autocommit()
        with transaction.atomic(using=self.database.alias) if alone else nullcontext():
            self.database.enter()
            return super().executemany(query, params_seq, **kwargs)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that follows the tenant's scope."""

    SchemaEditorClass = SchemaEditor

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._scope_set: Any = None  # what the running transaction carries
        self._day_set: date | None = None  # and the day it was sent with
        self._words: tuple[Scope, date, str] | None = None  # the last scope as a statement

    def ahead(self) -> list[str]:
        """What must go before the next statement: BEGIN, the scope, both or nothing."""
        status = self.connection.info.transaction_status
        if status == TransactionStatus.INERROR:
            return []  # only ROLLBACK may follow
        begun = self.get_autocommit() or status != TransactionStatus.IDLE
        want = current()
        return ([] if begun else ["BEGIN"]) + ([] if self._stands(want) else [self._said(want)])

    def went_ahead(self) -> None:
        """The database took what `ahead` gave."""
        if not self.get_autocommit():
            self._scope_set, self._day_set = current(), school_today()

    def enter(self) -> None:
        """Send it now, for who goes on with the driver's own connection inside `atomic()`."""
        self.ensure_connection()
        if ahead := self.ahead():
            with self.wrap_database_errors:
                self.connection.execute(";".join(ahead))
            self.went_ahead()

    def _stands(self, want: Scope) -> bool:
        """Whether the transaction carries this scope already, and the day it is about."""
        if want is not self._scope_set:
            return want is NOBODY and self._scope_set is None
        return want.role not in DATED or self._day_set == school_today()

    def _said(self, scope: Scope) -> str:
        """The statement that sets this scope today; as a rule the one of a moment ago."""
        today = school_today()
        if self._words is None or self._words[0] is not scope or self._words[1] != today:
            sql = SET_COMPANY_SCOPE if scope.role == "company" else SET_SCOPE
            said = Cursor(self.connection).mogrify(sql, scope.settings())
            self._words = (scope, today, said)
        return self._words[2]

    def get_connection_params(self):
        return super().get_connection_params() | {"cursor_factory": Cursor}

    def get_new_connection(self, conn_params):
        self._scope_set = self._words = None
        return super().get_new_connection(conn_params)

    def create_cursor(self, name=None):
        cursor = super().create_cursor(name)
        cursor.database = self
        return cursor

    def is_usable(self) -> bool:
        """Whether a kept connection is still there: without a question, unless it has news.

        A server that went away has closed the line, which can be read here. One that fell silent
        shows in neither way; connections are not kept long.
        """
        raw = self.connection
        if raw is None or self.errors_occurred or raw.pgconn.status != ConnStatus.OK:
            return super().is_usable()
        line = select.poll()
        line.register(raw.pgconn.socket, select.POLLIN | select.POLLPRI)
        return super().is_usable() if line.poll(0) else True

    def _set_autocommit(self, autocommit):
        # The driver's BEGIN would be a message by itself; `ahead` gives ours. Asking for what is
        # so already still refuses it in the middle of a transaction.
        super()._set_autocommit(True)

    def _commit(self):
        self._scope_set = None
        return super()._commit()

    def _rollback(self):
        self._scope_set = None
        return super()._rollback()

    def _savepoint_rollback(self, sid):
        super()._savepoint_rollback(sid)
        self._scope_set = DIRTY  # settings fell back to their value at the savepoint
