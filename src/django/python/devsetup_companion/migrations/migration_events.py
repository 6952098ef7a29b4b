"""Exact events of the migrations that run, whoever runs them: taken from Django's executor, never from printed text."""

from __future__ import annotations

import time
from contextlib import contextmanager
from functools import wraps
from typing import Any, Callable, Dict, Iterator, Optional

from django.db.migrations.executor import MigrationExecutor

Emit = Callable[[Dict[str, Any]], None]


@contextmanager
def recording_migrations(emit: Emit) -> Iterator[None]:
    """
    While it is open, every forwards migration that any MigrationExecutor of this process applies is told to `emit` as
    `migration-started` and, once it is recorded, as `migration` (MigrationEvent of the protocol).
    """
    original = MigrationExecutor.__init__

    @wraps(original)
    def init(self: Any, connection: Any, progress_callback: Optional[Callable[..., None]] = None, **rest: Any) -> None:
        original(self, connection, _reporting(connection, progress_callback, emit), **rest)

    MigrationExecutor.__init__ = init
    try:
        yield
    finally:
        MigrationExecutor.__init__ = original


def _reporting(connection: Any, callback: Optional[Callable[..., None]], emit: Emit) -> Callable[..., None]:
    started = [0.0]

    def report(action: str, migration: Any = None, fake: bool = False) -> None:
        if callback is not None:
            callback(action, migration, fake)
        if action not in ("apply_start", "apply_success"):
            return
        event: Dict[str, Any] = {
            "schema": getattr(connection, "schema_name", None),
            "migration": "%s.%s" % (migration.app_label, migration.name),
        }
        if action == "apply_start":
            started[0] = time.monotonic()
            emit({"kind": "migration-started", **event, "atomic": bool(migration.atomic)})
        else:
            seconds = round(time.monotonic() - started[0], 4)
            emit({"kind": "migration", **event, "faked": bool(fake), "seconds": seconds})

    return report
