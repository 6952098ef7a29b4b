"""`would-fake`: the initial migrations that --fake-initial would record as applied, because their tables are there."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Set, Tuple

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.models import CreateModel

from devsetup_companion.migrations.preset_migrations import dotted, parse_dotted
from devsetup_companion.migrations.warm import use_warm
from devsetup_companion.tenants import tenant_database
from devsetup_companion.tenants.tenancy import uses_tenant_schemas

#: Schemas that are looked at exactly: a warning need not name more.
MOST_SCHEMAS = 50


def would_fake(params: Dict[str, Any], progress: Callable[[Dict[str, Any]], None]) -> Dict[str, Any]:
    """
    `would-fake` of the protocol. One query finds the schemas in which a table of a pending initial migration exists; only
    those are asked of Django, which compares tables (and added columns) by name as it would when it migrates.
    """
    use_warm()
    connection = tenant_database.tenant_connection()
    found: List[Dict[str, str]] = []
    looked = 0
    for group in params["groups"]:
        pending = [parse_dotted(str(name)) for name in group["pending"]]
        schemas = _with_tables(connection, group["schemas"], _created_tables(connection, set(pending)))
        for schema in schemas[: max(0, MOST_SCHEMAS - looked)]:
            looked += 1
            if schema is not None and uses_tenant_schemas():
                connection.set_schema(schema)
            executor = MigrationExecutor(connection)
            for key in pending:
                migration = executor.loader.graph.nodes.get(key)
                if migration is not None and executor.detect_soft_applied(None, migration)[0]:
                    found.append({"schema": schema, "migration": dotted(*key)})
    return {"found": found}


def _created_tables(connection: Any, pending: Set[Tuple[str, str]]) -> Set[str]:
    """Tables the initial ones among these migrations create, as far as their names can be told from the operation alone."""
    loader = MigrationExecutor(connection).loader
    tables: Set[str] = set()
    for (app, name), migration in loader.disk_migrations.items():
        first = not any(dependency[0] == app for dependency in migration.dependencies)
        if (app, name) not in pending or migration.initial is False or (migration.initial is None and not first):
            continue
        for operation in migration.operations:
            if isinstance(operation, CreateModel):
                tables.add(str(operation.options.get("db_table") or "%s_%s" % (app, operation.name.lower())))
    return tables


def _with_tables(connection: Any, schemas: List[Any], tables: Set[str]) -> List[Any]:
    if not tables or connection.vendor != "postgresql":
        return list(schemas) if tables else []
    if schemas == [None]:
        return [None] if tables & set(connection.introspection.table_names()) else []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = ANY(%s) AND c.relname = ANY(%s) AND c.relkind IN ('r', 'p')",
            [list(schemas), sorted(tables)],
        )
        there = {row[0] for row in cursor.fetchall()}
    return [schema for schema in schemas if schema in there]
