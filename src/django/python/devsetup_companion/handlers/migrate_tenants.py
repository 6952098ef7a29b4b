"""`migrate-tenants`: brings tenant schemas up to date, one after the other, each with a result of its own."""

from __future__ import annotations

import signal
import time
from functools import partial
from typing import Any, Callable, Dict, List, Optional, Tuple

from django.core.management import get_commands, load_command_class
from django.db import connections

from devsetup_companion.tenants import tenant_database
from devsetup_companion.serve.apart import run_apart
from devsetup_companion.serve.forking import find_fork_obstacle
from devsetup_companion.errors import CompanionFailure, plain_error, request_error
from devsetup_companion.interruption import is_interruption
from devsetup_companion.migrations.atomic_records import record_in_transaction
from devsetup_companion.migrations.migration_events import recording_migrations
from devsetup_companion.migrations.preset_migrations import pending_names
from devsetup_companion.migrations.warm import use_warm
from devsetup_companion.migrations.worker_lock import holding_worker_lock
from devsetup_companion.tenants.announcements import announce, is_marked
from devsetup_companion.tenants.schema_creation import create_empty_schema, guard_schema_creation
from devsetup_companion.tenants.templates import type_of_schema

Progress = Callable[[Dict[str, Any]], None]


def migrate_tenants(params: Dict[str, Any], progress: Progress) -> Dict[str, Any]:
    """
    `migrate-tenants` of the protocol. A tenant that fails does not stop the next; an interruption does, after the
    running transaction was rolled back.
    """
    use_warm()
    record_in_transaction()
    guard_schema_creation()
    options = _options(bool(params.get("fakeInitial")))
    own = frozenset(str(schema) for schema in params.get("createSchemas") or [])
    results: List[Dict[str, Any]] = []
    schemas = [str(schema) for schema in params["schemas"]]
    repeats = bool(params.get("repeat"))
    with holding_worker_lock(params.get("workerLock"), params.get("shardLock"), bool(params.get("alone"))):
        for schema in schemas:
            progress({"kind": "tenant-started", "schema": schema})
            migrate = partial(_migrate_tenant, schema, options, progress, repeats, schema in own)
            apart = len(schemas) > 1 and find_fork_obstacle() is None
            result = _result_apart(schema, migrate) if apart else migrate()
            progress(result)
            results.append(result)
            if not apart:
                # What it leaves in this process must not reach the next one, which the client asks for again.
                break
    return {"results": results}


def _result_apart(schema: str, migrate: Callable[[], Dict[str, Any]]) -> Dict[str, Any]:
    """
    In a process for this tenant alone: it starts from what was prepared before the first tenant, and neither memory nor
    anything that code keeps in models or modules passes from one tenant to the next.
    """
    started = time.monotonic()
    ended = run_apart(migrate)
    if ended.interrupted:
        raise KeyboardInterrupt
    if ended.value is not None:
        return dict(ended.value)
    name = None if ended.signal is None else signal.Signals(ended.signal).name
    how = "ended unexpectedly with exit code %s" % ended.exit_code if name is None else "was ended by %s" % name
    data = {"signal": name, "exitCode": ended.exit_code}
    error = plain_error("CRASHED", 'The process migrating "%s" %s' % (schema, how), data)
    return _result(schema, started, "failed", _Seen(lambda _event: None), error)


def _options(fake_initial: bool) -> Dict[str, Any]:
    """
    What the project's own migrate_schemas would hand to each schema. Without system checks: they are the same for every
    schema and were made when the shared schema was migrated.
    """
    command = load_command_class(get_commands()["migrate_schemas"], "migrate_schemas")
    arguments = ["--tenant", "--noinput", *(["--fake-initial"] if fake_initial else [])]
    options = vars(command.create_parser("manage.py", "migrate_schemas").parse_args(arguments))
    options.pop("args", None)
    return {**options, "skip_checks": True}


def _migrate_tenant(
    schema: str, options: Dict[str, Any], progress: Progress, repeats: bool, creates: bool
) -> Dict[str, Any]:
    started = time.monotonic()
    seen = _Seen(progress)
    outcome: str = "failed"
    error: Optional[Dict[str, Any]] = None
    try:
        outcome = _bring_up_to_date(schema, options, seen, repeats, creates)
    except BaseException as failure:  # noqa: BLE001 - a result, not an end: the next tenant is tried whatever this one raised.
        if is_interruption(failure):
            raise
        error = request_error(failure)
        if error["code"] == "INTERNAL":
            error["code"] = "MIGRATION_FAILED"
    finally:
        _close()
    return _result(schema, started, outcome, seen, error)


def _result(
    schema: str, started: float, outcome: str, seen: "_Seen", error: Optional[Dict[str, Any]]
) -> Dict[str, Any]:
    return {
        "kind": "tenant",
        "schema": schema,
        "outcome": outcome,
        "seconds": round(time.monotonic() - started, 4),
        "applied": seen.applied,
        "faked": seen.faked,
        "schemaCreated": seen.schema_created,
        "failedMigration": seen.running if error is not None else None,
        "failedAtomic": seen.is_atomic if error is not None and seen.running is not None else None,
        "error": error,
    }


class _Seen:
    """What happened to one tenant so far."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.applied = 0
        self.faked: List[str] = []
        self.running: Optional[str] = None
        self.is_atomic = True
        self.schema_created = False

    def emit(self, event: Dict[str, Any]) -> None:
        """Counts a migration event and passes it on."""
        if event["kind"] == "migration-started":
            self.running = event["migration"]
            self.is_atomic = event["atomic"]
        else:
            self.running = None
            self.applied += 1
            if event["faked"]:
                self.faked.append(event["migration"])
        self._progress(event)


def _bring_up_to_date(schema: str, options: Dict[str, Any], seen: _Seen, repeats: bool, creates: bool) -> str:
    connection = tenant_database.tenant_connection()
    connection.set_schema_to_public()
    tenant_type = type_of_schema(schema)
    if tenant_database.type_field() is not None and tenant_type is None:
        message = 'Schema "%s" has no tenant row that says its type, so its apps are unknown' % schema
        raise CompanionFailure("TENANT_TYPE_UNKNOWN", message, data={"schema": schema})
    with recording_migrations(seen.emit):
        if not tenant_database.schema_exists(connection, schema):
            create_empty_schema(connection, _tenant_without_schema(schema, creates))
            seen.schema_created = True
        applied = tenant_database.applied_in(connection, schema)
        # What fails behind the last migration (permissions, content types) is repeated by running the command once more, and what
        # it does there no clone has.
        is_new = seen.schema_created or is_marked(connection, schema)
        if applied is not None and not repeats and not is_new and not pending_names(applied, schema):
            return "up-to-date"
        _run_migrations(schema, tenant_type, options)
    _check_converged(schema)
    if is_new:
        _announce(schema)
    return "migrated"


def _announce(schema: str) -> None:
    connection = tenant_database.tenant_connection()
    connection.set_schema_to_public()
    for tenant in tenant_database.tenants(tenant_database.tenant_model()).filter(schema_name=schema)[:1]:
        announce(connection, tenant)


def _run_migrations(schema: str, tenant_type: Optional[str], options: Dict[str, Any]) -> None:
    """The function every executor of django-tenants ends in: it sends its signals and runs Django's migrate command."""
    from django_tenants.migration_executors.base import run_migrations

    run_migrations((), dict(options), "devsetup", schema, tenant_type=tenant_type or "")


def _tenant_without_schema(schema: str, creates: bool) -> Any:
    found: Tuple[Any, ...] = tuple(tenant_database.tenants(tenant_database.tenant_model()).filter(schema_name=schema)[:1])
    if found and (creates or found[0].auto_create_schema):
        return found[0]
    if found:
        message = 'Tenant "%s" has no schema, and its model does not create schemas (auto_create_schema)' % schema
    else:
        message = 'There is neither a schema nor a tenant row named "%s"' % schema
    raise CompanionFailure("SCHEMA_MISSING", message, data={"schema": schema, "row": bool(found)})


def _check_converged(schema: str) -> None:
    """A migrate command that says it is done is believed only once the schema's own table says so too."""
    applied = tenant_database.applied_in(tenant_database.tenant_connection(), schema)
    left = pending_names(applied or frozenset(), schema)
    if left:
        message = 'Schema "%s" was migrated and still lacks %s' % (schema, ", ".join(left))
        raise CompanionFailure("NOT_CONVERGED", message, data={"schema": schema, "pending": list(left)})


def _close() -> None:
    """
    Leaves a connection the next tenant can use. One that was closed inside a transaction it never left cannot be opened
    again, so it is replaced.
    """
    alias = tenant_database.database_alias()
    connection = connections[alias]
    connection.close()
    if connection.in_atomic_block:
        del connections[alias]
    else:
        connection.set_schema_to_public()
