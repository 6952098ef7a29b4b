"""Exact events of the migrations that run, whoever runs them: taken from Django's executor, never from printed text."""

from __future__ import annotations

import time
from contextlib import contextmanager
from functools import wraps
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

from django.db.migrations.executor import MigrationExecutor

Emit = Callable[[Dict[str, Any]], None]


@contextmanager
def recording_migrations(emit: Emit) -> Iterator[None]:
    """
    While it is open, every forwards migration that any MigrationExecutor of this process applies is reported to `emit` as
    `migration-started` and, once it is recorded, as `migration` (MigrationEvent of the protocol).
    """
    original_init, original_migrate = MigrationExecutor.__init__, MigrationExecutor.migrate

    @wraps(original_init)
    def init(self: Any, connection: Any, progress_callback: Optional[Callable[..., None]] = None, **rest: Any) -> None:
        original_init(self, connection, _Reporter(connection, progress_callback, emit), **rest)

    @wraps(original_migrate)
    def migrate(self: Any, targets: Any, plan: Optional[List[Tuple[Any, bool]]] = None, *args: Any, **rest: Any) -> Any:
        if isinstance(self.progress_callback, _Reporter):
            self.progress_callback.begin(plan)
        return original_migrate(self, targets, plan, *args, **rest)

    MigrationExecutor.__init__, MigrationExecutor.migrate = init, migrate
    try:
        yield
    finally:
        MigrationExecutor.__init__, MigrationExecutor.migrate = original_init, original_migrate


class _Reporter:
    """In the place of an executor's progress callback, which it calls as well."""

    def __init__(self, connection: Any, callback: Optional[Callable[..., None]], emit: Emit) -> None:
        self._connection, self._callback, self._emit = connection, callback, emit
        self._started = 0.0
        self.begin(None)

    def begin(self, plan: Optional[List[Tuple[Any, bool]]]) -> None:
        """Before the first migration. Without a plan (a program that calls the executor by itself) the total is not known."""
        self._number, self._total = 0, None if plan is None else len(plan)

    def __call__(self, action: str, migration: Any = None, fake: bool = False) -> None:
        if self._callback is not None:
            self._callback(action, migration, fake)
        if action not in ("apply_start", "apply_success"):
            return
        if action == "apply_start":
            self._number += 1
        event: Dict[str, Any] = {
            "schema": getattr(self._connection, "schema_name", None),
            "migration": "%s.%s" % (migration.app_label, migration.name),
            "number": self._number,
            "total": self._total,
        }
        if action == "apply_start":
            self._started = time.monotonic()
            self._emit({"kind": "migration-started", **event, "atomic": bool(migration.atomic)})
        else:
            seconds = round(time.monotonic() - self._started, 4)
            self._emit({"kind": "migration", **event, "faked": bool(fake), "seconds": seconds})
