"""The migrations that were applied while a command ran, in whichever of its processes."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, List

from devsetup_companion.channel import Progress, encode
from devsetup_companion.migrations.migration_events import recording_migrations

ReadJournal = Callable[[], List[Dict[str, Any]]]


@contextmanager
def migration_journal(progress: Progress) -> Iterator[ReadJournal]:
    """
    Reports each migration as progress and gives a function that returns those applied so far (MigrationEvent), in the order
    they ended.
    """
    # A file and no list: processes that the command forks (django-tenants' multiprocessing executor) write to it as well.
    with tempfile.TemporaryFile() as journal:

        def emit(event: Dict[str, Any]) -> None:
            if event["kind"] == "migration":
                os.write(journal.fileno(), encode(event))
            progress(event)

        def applied() -> List[Dict[str, Any]]:
            journal.seek(0)
            return [json.loads(line) for line in journal]

        with recording_migrations(emit):
            yield applied
