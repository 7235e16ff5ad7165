"""Django's PostgreSQL engine plus a scope that lives exactly as long as one transaction.

The scope (`tenancy.current`) is sent before the first statement of a transaction and again whenever
it changes inside it, always with `is_local = true`: nothing outlives it, so
persistent connections and poolers in transaction mode are safe.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from stage.core.dutch.calendar import school_today
from stage.core.tenants.postgres.schema import SchemaEditor
from stage.core.tenants.tenancy import NOBODY, current

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


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that follows the tenant's scope."""

    SchemaEditorClass = SchemaEditor

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._scope_set: Any = None  # what the running transaction carries
        self._day_set: date | None = None  # and the day it was sent with
        self.execute_wrappers.append(self._with_scope)

    def _with_scope(self, execute, sql, params, many, context):
        want = current()
        if self._stands(want):
            return execute(sql, params, many, context)
        if self.get_autocommit():
            # Outside atomic(): a transaction of one statement, or the setting is lost at once.
            with transaction.atomic(using=self.alias):
                self._apply(want)
                return execute(sql, params, many, context)
        self._apply(want)
        return execute(sql, params, many, context)

    def _stands(self, want) -> bool:
        """Whether the transaction carries this scope already, and the day it is about."""
        if want is not self._scope_set:
            return want is NOBODY and self._scope_set is None
        return want.role not in DATED or self._day_set == school_today()

    def _apply(self, scope):
        # In a failed transaction only ROLLBACK may follow.
        if self.connection.info.transaction_status != TransactionStatus.INERROR:
            sql = SET_COMPANY_SCOPE if scope.role == "company" else SET_SCOPE
            self.connection.execute(sql, scope.settings())
            self._scope_set, self._day_set = scope, school_today()

    def get_new_connection(self, conn_params):
        self._scope_set = None
        return super().get_new_connection(conn_params)

    def _commit(self):
        self._scope_set = None
        return super()._commit()

    def _rollback(self):
        self._scope_set = None
        return super()._rollback()

    def _savepoint_rollback(self, sid):
        super()._savepoint_rollback(sid)
        self._scope_set = DIRTY  # settings fell back to their value at the savepoint
