"""Sees every migration that Django applies while a command runs, in whichever process, without reading its output."""

from __future__ import annotations

import json
import os
import tempfile
import time
from typing import Any, Callable, Dict, List, Optional

from devsetup_companion.channel import Progress, encode


class MigrationWatch:
    """Reports each migration as it starts and ends, and remembers those that ended."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        # In append mode, shared by processes that the command forks (django-tenants' multiprocessing executor).
        self._journal = tempfile.TemporaryFile()
        os.set_blocking(self._journal.fileno(), True)

    def start(self) -> None:
        """Wraps MigrationExecutor for the rest of this process."""
        from django.db.migrations.executor import MigrationExecutor

        original = MigrationExecutor.__init__
        watch = self

        def __init__(self: Any, connection: Any, progress_callback: Optional[Callable[..., None]] = None) -> None:
            original(self, connection, watch._callback(connection, progress_callback))

        MigrationExecutor.__init__ = __init__

    def _callback(self, connection: Any, wrapped: Optional[Callable[..., None]]) -> Callable[..., None]:
        started: List[float] = []

        def callback(action: str, migration: Any = None, fake: bool = False) -> None:
            if action == "apply_start":
                started[:] = [time.monotonic()]
                self._progress({"kind": "migration-started", **_identity(connection, migration)})
            elif action == "apply_success":
                seconds = time.monotonic() - started[0] if started else 0.0
                self._applied({"kind": "migration", **_identity(connection, migration), "faked": bool(fake), "seconds": seconds})
            if wrapped is not None:
                wrapped(action, migration, fake)

        return callback

    def _applied(self, event: Dict[str, Any]) -> None:
        os.write(self._journal.fileno(), encode(event))
        self._progress(event)

    def applied(self) -> List[Dict[str, Any]]:
        """Every migration applied so far, in the order they ended."""
        self._journal.seek(0)
        return [json.loads(line) for line in self._journal]


def _identity(connection: Any, migration: Any) -> Dict[str, Any]:
    return {
        "schema": getattr(connection, "schema_name", None),
        "migration": "%s.%s" % (migration.app_label, migration.name),
    }
