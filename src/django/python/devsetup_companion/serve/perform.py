"""Performs one request in a process of its own and ends that process as Python would have ended it."""

from __future__ import annotations

import importlib
import os
from contextlib import nullcontext
from typing import Any, Callable, ContextManager, Dict, NoReturn, Optional, Sequence

from devsetup_companion.channel import Message, Progress, ReportPipe
from devsetup_companion.errors import plain_error, request_error
from devsetup_companion.interruption import note_interruptions
from devsetup_companion.serve.ending import finish_process
from devsetup_companion.start import addresses

#: A server that accepts a connection and never answers would be waited for without end.
CONNECT_SECONDS = "30"

Handler = Callable[[Dict[str, Any], Progress], Any]

# Method → module and function, imported in the child that needs it.
HANDLERS: Dict[str, str] = {
    "command-options": "handlers.commands:command_options",
    "run": "handlers.commands:run",
    "inspect": "handlers.inspect_migrations:inspect",
    "examine": "handlers.examine:examine",
    "inputs": "handlers.inputs:inputs",
    "migrate-tenants": "handlers.migrate_tenants:migrate_tenants",
    "create-tables": "handlers.create_tables:create_tables",
    "would-fake": "handlers.would_fake:would_fake",
    "ensure-tenant": "handlers.ensure_tenant:ensure_tenant",
    "inspect-superuser": "handlers.superuser:inspect_superuser",
    "ensure-superuser": "handlers.superuser:ensure_superuser",
}


def perform_and_leave(request: Message, report: ReportPipe) -> NoReturn:
    """Runs the handler, sends the result, lets the process finish like any Python program and exits."""
    note_interruptions()
    addresses.forget()
    is_failed = False
    try:
        params = request.get("params") or {}
        with _marked(params.get("sessionLock")):
            value = find_handler(str(request["method"]))(params, report.progress)
        report.value(value)
    except BaseException as raised:  # noqa: BLE001 - every failure of a request is its result.
        is_failed = True
        report.error(request_error(raised))
    try:
        # Last: an exit handler may end the process.
        finish_process()
    except KeyboardInterrupt:
        if not is_failed:
            report.error(plain_error("CANCELLED", "The request was cancelled."))
    os._exit(0)


def _marked(session_lock: Optional[Sequence[int]]) -> ContextManager[None]:
    """Its connections have a time limit, unless the settings or the environment set one, and a lock marks them as devsetup's."""
    os.environ.setdefault("PGCONNECT_TIMEOUT", CONNECT_SECONDS)
    if session_lock is None:
        return nullcontext()
    from devsetup_companion.migrations.worker_lock import holding_worker_lock

    return holding_worker_lock(session_lock)


def find_handler(method: str) -> Handler:
    """The function that answers a method; KeyError for a method that does not exist."""
    module, _, function = HANDLERS[method].partition(":")
    handler: Handler = getattr(importlib.import_module("devsetup_companion." + module), function)
    return handler
