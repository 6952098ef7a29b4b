"""How long a statement waits for a lock that another session holds, set on every connection Django opens."""

from __future__ import annotations

import re
from typing import Any, Callable, List

from django.db.backends.signals import connection_created

#: These let others read and write while they wait, and one that gives up leaves an invalid index behind: they may wait.
_HARMLESS = re.compile(r"\b(?:INDEX|REINDEX|DETACH)\b.*\bCONCURRENTLY\b", re.IGNORECASE | re.DOTALL)

_sessions: List[int] = []


def limit_lock_waits(milliseconds: int) -> None:
    """
    From now on, in this process and those forked from it. By a handler and not by the settings' OPTIONS: neither the URL nor a
    pooler that refuses start-up parameters has to know. django-tenants closes the connection after each schema.
    """

    def limit(connection: Any, **_rest: Any) -> None:
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            # Without a unit it is milliseconds.
            cursor.execute("SELECT set_config('lock_timeout', %s, false), pg_backend_pid()", [str(milliseconds)])
            _sessions.append(int(cursor.fetchone()[1]))
        if not any(getattr(wrapper, "is_lock_limit", False) for wrapper in connection.execute_wrappers):
            connection.execute_wrappers.append(_unlimited(milliseconds))

    connection_created.connect(limit, weak=False)


def opened_sessions() -> List[int]:
    """Server processes of the connections this process has opened under the limit, the newest last."""
    return list(_sessions)


def _unlimited(milliseconds: int) -> Callable[..., Any]:
    def wrapper(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if not isinstance(sql, str) or _HARMLESS.search(sql) is None:
            return execute(sql, params, many, context)
        execute("SET lock_timeout = 0", None, False, context)
        try:
            return execute(sql, params, many, context)
        finally:
            if not context["connection"].in_atomic_block:
                execute("SET lock_timeout = %d" % milliseconds, None, False, context)

    wrapper.is_lock_limit = True  # type: ignore[attr-defined]
    return wrapper
