"""Schemas in the same state, and the tables that this state stands for in them."""

from __future__ import annotations

from typing import Any, FrozenSet, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from django.db.migrations.recorder import MigrationRecorder

from devsetup_companion.examination.expected_tables import Expected, expected_tables
from devsetup_companion.examination.unsure_models import unsure_models
from devsetup_companion.migrations.preset_migrations import PresetExecutor, orphaned_names, parse_dotted
from devsetup_companion.tenants import tenant_database
from devsetup_companion.tenants.same_rows import same_rows
from devsetup_companion.tenants.tenancy import uses_tenant_schemas
from devsetup_companion.tenants.tenant_database import MigrationKey
from devsetup_companion.tenants.tenant_rows import all_schemas, tenant_rows

Applied = FrozenSet[MigrationKey]


class Place(NamedTuple):
    """Schemas with the same rows in django_migrations and the same type of tenant; [None] without tenant schemas."""

    schemas: Sequence[Optional[str]]
    tenant_type: Optional[str]
    applied: Applied


class Tables(NamedTuple):
    """`doubtful`: tables that migrations changed by means other than Django's operations: they may be elsewhere, or gone."""

    certain: List[Expected]
    doubtful: List[Expected]


def all_places(connection: Any) -> Iterator[Place]:
    """Every schema in which migrations are recorded: that of the shared apps first, then those of the tenants."""
    if not uses_tenant_schemas():
        recorder = MigrationRecorder(connection)
        if recorder.has_table():
            yield Place([None], None, frozenset(recorder.applied_migrations()))
        return
    connection.set_schema_to_public()
    public = tenant_database.public_schema()
    rows, _ = tenant_rows(connection)
    initialised = {name for name, has_table in all_schemas(connection).items() if has_table}
    types = dict(row for row in rows or () if row[0] in initialised - {public})
    for same in [[public], *same_rows(connection, list(types))]:
        applied = tenant_database.applied_in(connection, same[0])
        if applied is not None:
            yield from places_of(same, applied, types)


def places_of(same: Sequence[str], applied: Applied, types: Any) -> Iterator[Place]:
    """Schemas with the same rows, by the type of their tenants."""
    for kind in dict.fromkeys(types.get(schema) for schema in same):
        yield Place([schema for schema in same if types.get(schema) == kind], kind, applied)


def tables_in(place: Place, executor: PresetExecutor, connection: Any) -> Tables:
    """What the applied migrations should have created. Nothing is expected of apps with applied migrations that are not in the code."""
    unsure = unsure_models(done_migrations(executor))
    orphaned = {parse_dotted(name)[0] for name in orphaned_names(place.applied, executor.loader)}
    state = executor._create_project_state(with_applied_migrations=True)
    tables = Tables([], [])
    enter(connection, place)
    for table in expected_tables(state, connection):
        if table.app not in orphaned:
            kind = tables.doubtful if unsure.covers(table.app, table.model, table.table) else tables.certain
            kind.append(table)
    leave(connection, place)
    return tables


def done_migrations(executor: PresetExecutor) -> List[Any]:
    """The applied migrations that are in the code, in Django's order."""
    plan: List[Tuple[Any, bool]] = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    applied = executor.loader.applied_migrations
    return [migration for migration, _ in plan if (migration.app_label, migration.name) in applied]


def enter(connection: Any, place: Place) -> None:
    """Sets the schema, by which routers decide."""
    first = place.schemas[0]
    if first is not None and first != tenant_database.public_schema():
        connection.set_schema(first, tenant_type=place.tenant_type)


def leave(connection: Any, place: Place) -> None:
    """Undoes `enter`."""
    if place.schemas[0] is not None:
        connection.set_schema_to_public()
