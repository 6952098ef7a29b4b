"""The advisory lock by which a worker that outlives devsetup keeps the next devsetup waiting."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import Any, Iterator, List, Optional, Sequence

from django.db.backends.signals import connection_created

from devsetup_companion.tenants.tenant_database import database_alias

FIRST_PAUSE = 0.02
LONGEST_PAUSE = 0.5
#: How long one waits to be alone before it continues next to the other workers.
ALONE_SECONDS = 600


@contextmanager
def holding_worker_lock(
    keys: Optional[Sequence[int]], shard: Optional[Sequence[int]] = None, alone: bool = False
) -> Iterator[None]:
    """
    Every connection to the tenant database that opens inside takes the lock `keys` shared first and holds it until it closes;
    that of its shard before it, so that a session that sees the first can see which shard it is of. It must be a handler and
    not one statement: django-tenants closes the connection after each schema. With `alone` the lock is taken exclusively: the workers of other
    shards, which hold it shared, are waited for, and wait.
    """
    if keys is None:
        yield
        return
    holders: List[Any] = []

    def take(connection: Any, **_rest: Any) -> None:
        if connection.alias != database_alias() or connection.vendor != "postgresql":
            return
        if any(holder is not connection and _is_open(holder) for holder in holders):
            # Another connection of this process holds the lock exclusively: this one would wait for it forever.
            return
        with connection.cursor() as cursor:
            if shard is not None:
                _lock(cursor, "pg_try_advisory_lock_shared", shard)
            if alone and _lock(cursor, "pg_try_advisory_lock", keys, ALONE_SECONDS):
                holders[:] = [connection]
            else:
                _lock(cursor, "pg_try_advisory_lock_shared", keys)

    connection_created.connect(take, weak=False)
    try:
        yield
    finally:
        connection_created.disconnect(take)


def _is_open(connection: Any) -> bool:
    """Of Django's connection; one that was closed inside a transaction keeps the driver's."""
    return connection.connection is not None and not connection.connection.closed


def _lock(cursor: Any, function: str, key: Sequence[int], seconds: Optional[float] = None) -> bool:
    """
    False after `seconds` without success. Tried again and again: a blocking call would be ended by lock_timeout, and a
    session that waits for an exclusive lock holds up those that ask for a shared one.
    """
    ends = None if seconds is None else time.monotonic() + seconds
    pause = FIRST_PAUSE
    while True:
        cursor.execute("SELECT " + function + "(%s::int, %s::int)", [int(part) for part in key])
        if cursor.fetchone()[0]:
            return True
        if ends is not None and time.monotonic() > ends:
            print("devsetup: other workers still migrate; continuing next to them", file=sys.stderr)
            return False
        time.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
