"""How long a statement waits for a lock that another session holds, set on every connection Django opens."""

from __future__ import annotations

from typing import Any, List

from django.db.backends.signals import connection_created

from devsetup_companion.migrations.sql_words import runs_concurrently

#: Transaction status of libpq: outside of a transaction, and nothing runs.
_IDLE = 0

_sessions: List[int] = []


def limit_lock_waits(milliseconds: int, order: str) -> None:
    """
    From now on, in this process and those forked from it. By a handler and not by the settings' OPTIONS: neither the URL nor a
    pooler that refuses start-up parameters has to know. django-tenants closes the connection after each schema.

    To be called `"before"` and `"after"` Django is set up: what the project does when a connection opens has the limit, and sets no
    other one.
    """

    def limit(connection: Any, **_rest: Any) -> None:
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            # Without a unit it is milliseconds.
            cursor.execute("SELECT set_config('lock_timeout', %s, false), pg_backend_pid()", [str(milliseconds)])
            session = int(cursor.fetchone()[1])
        if session not in _sessions:
            _sessions.append(session)
        if _wait_for_indexes not in connection.execute_wrappers:
            connection.execute_wrappers.append(_wait_for_indexes)

    connection_created.connect(limit, weak=False, dispatch_uid="devsetup lock limit " + order)


def opened_sessions() -> List[int]:
    """Server processes of the connections this process has opened under the limit, the newest last."""
    return list(_sessions)


def _wait_for_indexes(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
    """
    No limit for statements that run concurrently: they let others read and write while they wait, and one that gives up leaves
    an invalid index behind. Afterwards the limit is what it was, which may be one that the migration has set itself.
    """
    connection = context["connection"]
    if not _is_idle(connection) or not runs_concurrently(_text_of(sql, connection)):
        return execute(sql, params, many, context)
    before = _ask(connection, "SHOW lock_timeout")
    _set_limit(connection, "0")
    try:
        return execute(sql, params, many, context)
    finally:
        # Otherwise the session was lost: there is nothing to restore.
        if _is_idle(connection):
            _set_limit(connection, before)


def _is_idle(connection: Any) -> bool:
    """Open and outside of a transaction, whether Django or SQL began one."""
    session = connection.connection
    if session is None or connection.in_atomic_block or not connection.autocommit:
        return False
    return bool(session.info.transaction_status == _IDLE)


def _text_of(sql: Any, connection: Any) -> str:
    """Of text, or of what `psycopg.sql` composes."""
    if isinstance(sql, bytes):
        return sql.decode("utf-8", "replace")
    return sql.as_string(connection.connection) if hasattr(sql, "as_string") else str(sql)


def _set_limit(connection: Any, value: str) -> None:
    _ask(connection, "SELECT set_config('lock_timeout', %s, false)", value)


def _ask(connection: Any, sql: str, *params: str) -> str:
    """By a cursor of the driver: the migration's own cursor, and what wraps it, notice nothing."""
    with connection.connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return str(cursor.fetchone()[0])
