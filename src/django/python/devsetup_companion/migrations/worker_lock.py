"""The advisory lock by which a worker that outlives devsetup keeps the next devsetup waiting."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator, Optional, Sequence

from django.db.backends.signals import connection_created

from devsetup_companion.tenants.tenant_database import database_alias


@contextmanager
def holding_worker_lock(keys: Optional[Sequence[int]], shard: Optional[Sequence[int]] = None) -> Iterator[None]:
    """
    Every connection to the tenant database that opens inside takes `pg_advisory_lock_shared(k1, k2)` first and holds it
    until it closes; that of its shard before it, so that whoever sees the first can see whose it is. It must be a handler
    and not one statement: django-tenants closes the connection after each schema.
    """
    if keys is None:
        yield
        return
    pairs = [[int(key) for key in pair] for pair in (shard, keys) if pair is not None]

    def take(connection: Any, **_rest: Any) -> None:
        if connection.alias == database_alias() and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                for pair in pairs:
                    cursor.execute("SELECT pg_advisory_lock_shared(%s::int, %s::int)", pair)

    connection_created.connect(take, weak=False)
    try:
        yield
    finally:
        connection_created.disconnect(take)
