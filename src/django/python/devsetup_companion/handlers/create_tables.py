"""`create-tables`: creates the tables of one schema that its recorded migrations should have created."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, List, Optional, Set

from django.core.management.sql import emit_post_migrate_signal
from django.db import NotSupportedError, transaction

from devsetup_companion.errors import CompanionFailure, request_error
from devsetup_companion.examination.absent_tables import Absent, absent_tables
from devsetup_companion.examination.expected_places import Place, Tables, all_places, done_migrations, enter, leave, tables_in
from devsetup_companion.migrations.in_one_transaction import in_one_transaction
from devsetup_companion.migrations.preset_migrations import PresetExecutor, dotted, preset_executor
from devsetup_companion.migrations.warm import use_warm
from devsetup_companion.migrations.worker_lock import holding_worker_lock
from devsetup_companion.tenants import tenant_database

Progress = Callable[[Dict[str, Any]], None]


def create_tables(params: Dict[str, Any], progress: Progress) -> Dict[str, Any]:
    """
    `create-tables` of the protocol. All of it is one transaction, and neither rows of django_migrations nor tables that exist are
    touched. Raises TABLES_NOT_CREATED, and then nothing has changed.
    """
    use_warm()
    schema: Optional[str] = params.get("schema")
    connection = tenant_database.tenant_connection()
    with holding_worker_lock(params.get("workerLock"), params.get("shardLock")):
        place = next((place for place in all_places(connection) if schema in place.schemas), None)
        if place is None:
            return {"tables": [], "replayed": []}
        place = place._replace(schemas=[schema])
        executor = preset_executor(place.applied, schema)
        tables = tables_in(place, executor, connection)
        absent = list(absent_tables(connection, [(place, tables)]))
        enter(connection, place)
        try:
            replayed = _create(connection, executor, tables, absent)
        except Exception as error:
            where = "" if schema is None else " in schema %s" % schema
            if isinstance(error, CompanionFailure):
                message = "The tables cannot be created%s: %s" % (where, error.message)
                raise CompanionFailure(error.code, message, data={"schema": schema, **error.data}) from error.__cause__
            described = request_error(error)
            message = "The tables cannot be created%s: %s: %s" % (where, described["type"], described["message"])
            raise CompanionFailure("TABLES_NOT_CREATED", message, data={"schema": schema}) from error
        finally:
            leave(connection, place)
    return {"tables": sorted(name for lack in absent for name in lack.tables), "replayed": replayed}


def _create(connection: Any, executor: PresetExecutor, tables: Tables, absent: List[Absent]) -> List[str]:
    entire = {lack.app for lack in absent if lack.entire}
    missing = {name for lack in absent if not lack.entire for name in lack.tables}
    # The schema editor of SQLite insists on it, before the transaction.
    if connection.vendor == "sqlite":
        connection.disable_constraint_checking()
    try:
        with transaction.atomic(using=connection.alias):
            replayed = _replay(connection, executor, entire)
            _add(connection, executor, [table for table in tables.certain if table.table in missing], missing)
            if not executor.pending():
                # Permissions and content types, as `migrate` creates them at its end.
                emit_post_migrate_signal(0, False, connection.alias)
    finally:
        if connection.vendor == "sqlite":
            connection.enable_constraint_checking()
    return replayed


def _replay(connection: Any, executor: PresetExecutor, apps: Set[str]) -> List[str]:
    """Applies the recorded migrations of these apps, of which no table exists, in the order and over the states of a first run."""
    replayed: List[str] = []
    if not apps:
        return replayed
    state = executor._create_project_state()
    for migration in done_migrations(executor):
        if migration.app_label not in apps:
            migration.mutate_state(state, preserve=False)
            continue
        # Rendered first, as the executor does: operations then keep it up to date.
        state.apps  # noqa: B018
        with connection.schema_editor(atomic=True) as editor:
            state = _apply(migration, state, editor)
        if connection.vendor == "postgresql":
            # Rows with deferred constraints would forbid the next migration to alter their table in this transaction.
            connection.check_constraints()
        replayed.append(dotted(migration.app_label, migration.name))
    return replayed


def _apply(migration: Any, state: Any, editor: Any) -> Any:
    try:
        return in_one_transaction(migration).apply(state, editor)
    except Exception as error:
        name = dotted(migration.app_label, migration.name)
        described = request_error(error)
        if migration.atomic or not _wants_no_transaction(error, described):
            raise
        message = "%s is not atomic, and what it does cannot be done in one transaction with the rest (%s: %s)" % (
            name,
            described["type"],
            described["message"].strip(),
        )
        raise CompanionFailure("TABLES_NOT_CREATED", message, data={"migration": name}) from error


def _wants_no_transaction(error: BaseException, described: Dict[str, Any]) -> bool:
    """PostgreSQL refuses a statement inside a transaction (25001), or Django an operation, or code ended the transaction itself."""
    if described["data"].get("sqlstate") == "25001":
        return True
    return isinstance(error, (NotSupportedError, transaction.TransactionManagementError))


def _add(connection: Any, executor: PresetExecutor, tables: Iterable[Any], missing: Set[str]) -> None:
    """Single tables of an app that has others, as the applied migrations leave them. Rows that migrations put there are not repeated."""
    wanted = list(tables)
    if not wanted:
        return
    models = executor._create_project_state(with_applied_migrations=True).apps
    own = {table.table for table in wanted if table.field is None}
    with connection.schema_editor(atomic=True) as editor:
        for table in wanted:
            model = models.get_model(table.app, table.model)
            if table.field is None:
                editor.create_model(model)
            elif model._meta.db_table not in own:
                # Otherwise its model has brought it.
                editor.create_model(model._meta.get_field(table.field).remote_field.through)
