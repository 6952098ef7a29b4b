"""Columns that applied migrations should have made and that are not there."""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, Iterable, Iterator, List, NamedTuple, Optional, Sequence, Set, Tuple

from django.db.migrations.recorder import MigrationRecorder

from devsetup_companion.examination.expected_tables import Expected, expected_tables
from devsetup_companion.examination.present_columns import Missing, Pair, missing_in_database, missing_in_schemas
from devsetup_companion.examination.unsure_models import unsure_models
from devsetup_companion.migrations.preset_migrations import orphaned_names, parse_dotted, preset_executor
from devsetup_companion.tenants import tenant_database
from devsetup_companion.tenants.same_rows import same_rows
from devsetup_companion.tenants.tenancy import uses_tenant_schemas
from devsetup_companion.tenants.tenant_database import MigrationKey
from devsetup_companion.tenants.tenant_rows import all_schemas, tenant_rows

Applied = FrozenSet[MigrationKey]
#: app, model, table, columns
Lack = Tuple[str, str, str, Tuple[str, ...]]


class Place(NamedTuple):
    """Schemas with the same rows in django_migrations and the same type of tenant."""

    schemas: List[str]
    tenant_type: Optional[str]


def examine() -> Optional[List[Dict[str, Any]]]:
    """
    By app, model and lack, as the protocol has it; None where the database is of a kind whose catalogue is not known here.
    Nothing is said of models whose tables were changed by other means, and of apps with applied migrations that are not in
    the code.
    """
    lacks: Dict[Lack, List[Optional[str]]] = {}
    for expected, missing in _with_tenants() if uses_tenant_schemas() else _without_tenants():
        if missing is None:
            return None
        for schema, pairs in missing.items():
            for lack in _lacks(expected, pairs):
                lacks.setdefault(lack, []).append(schema)
    return [
        {"app": app, "model": model, "table": table, "columns": list(columns), "schemas": lacks[app, model, table, columns]}
        for app, model, table, columns in sorted(lacks)
    ]


def _without_tenants() -> Iterator[Tuple[List[Expected], Optional[Missing]]]:
    connection = tenant_database.tenant_connection()
    recorder = MigrationRecorder(connection)
    if recorder.has_table():
        expected = _expected(connection, frozenset(recorder.applied_migrations()))
        yield expected, missing_in_database(connection, _pairs(expected))


def _with_tenants() -> Iterator[Tuple[List[Expected], Optional[Missing]]]:
    connection = tenant_database.tenant_connection()
    connection.set_schema_to_public()
    public = tenant_database.public_schema()
    rows, _ = tenant_rows(connection)
    initialised = {name for name, has_table in all_schemas(connection).items() if has_table}
    for place in _places(connection, public, [row for row in rows or () if row[0] in initialised - {public}]):
        first = place.schemas[0]
        applied = tenant_database.applied_in(connection, first)
        if applied is None:
            continue
        if first != public:
            connection.set_schema(first, tenant_type=place.tenant_type)
        expected = _expected(connection, applied, first)
        connection.set_schema_to_public()
        yield expected, missing_in_schemas(connection, place.schemas, _pairs(expected))


def _places(connection: Any, public: str, rows: Sequence[Tuple[str, Optional[str]]]) -> Iterator[Place]:
    yield Place([public], None)
    types = dict(rows)
    for same in same_rows(connection, [schema for schema, _ in rows]):
        for kind in dict.fromkeys(types[schema] for schema in same):
            yield Place([schema for schema in same if types[schema] == kind], kind)


def _expected(connection: Any, applied: Applied, schema: Optional[str] = None) -> List[Expected]:
    executor = preset_executor(applied, schema)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    done = [migration for migration, _ in plan if (migration.app_label, migration.name) in executor.loader.applied_migrations]
    unsure = unsure_models(done)
    orphaned = {parse_dotted(name)[0] for name in orphaned_names(applied, executor.loader)}
    state = executor._create_project_state(with_applied_migrations=True)
    return [
        table
        for table in expected_tables(state, connection)
        if table.app not in orphaned and not unsure.covers(table.app, table.model, table.table)
    ]


def _pairs(expected: Iterable[Expected]) -> Set[Pair]:
    return {(table.table, column) for table in expected for column in ("", *table.columns)}


def _lacks(expected: Iterable[Expected], missing: Set[Pair]) -> Iterator[Lack]:
    for table in expected:
        if (table.table, "") in missing:
            yield table.app, table.model, table.table, ()
            continue
        columns = tuple(column for column in table.columns if (table.table, column) in missing)
        if columns:
            yield table.app, table.model, table.table, columns
