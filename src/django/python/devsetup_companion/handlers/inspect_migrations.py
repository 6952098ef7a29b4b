"""`inspect`: what is applied, pending and orphaned in every schema, in a number of queries that hardly grows."""

from __future__ import annotations

import hashlib
import os
from typing import Any, Callable, Dict, FrozenSet, List, Optional, Tuple

from django.apps import apps
from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder

from devsetup_companion.examination import model_changes, own_apps
from devsetup_companion.examination.absent_tables import absent_tables
from devsetup_companion.examination.expected_places import Place, Tables, places_of, tables_in
from devsetup_companion.examination.needed_extensions import needed_extensions
from devsetup_companion.examination.refusals import Fault, failing_checks, history_faults
from devsetup_companion.tenants import tenant_database
from devsetup_companion.handlers.other_databases import inspect_others
from devsetup_companion.places import is_project_file
from devsetup_companion.migrations.preset_migrations import PresetExecutor, dotted, orphaned_names, preset_executor
from devsetup_companion.tenants.announcements import marked_schemas
from devsetup_companion.tenants.templates import templates
from devsetup_companion.tenants.tenancy import uses_tenant_schemas
from devsetup_companion.tenants.same_rows import same_rows
from devsetup_companion.tenants.tenant_database import MigrationKey, quote
from devsetup_companion.tenants.tenant_rows import all_schemas, schema_creators, tenant_rows
from devsetup_companion.migrations.warm import use_warm

State = Dict[str, Any]
FaultPlaces = Tuple[Fault, List[Optional[str]]]


def inspect(params: Dict[str, Any], progress: Callable[[Dict[str, Any]], None]) -> Dict[str, Any]:
    """The `Inspection` of the protocol. Raises django.db exceptions as they are, and MIGRATIONS_BROKEN."""
    use_warm()
    connection = tenant_database.tenant_connection()
    if not uses_tenant_schemas():
        return _inspect_without_schemas(connection)
    connection.set_schema_to_public()
    public = tenant_database.public_schema()
    rows, domains = tenant_rows(connection)
    schemas = all_schemas(connection)
    initialised = [name for name, has_table in schemas.items() if has_table]
    applied = tenant_database.applied_in(connection, public)
    executor = preset_executor(applied or (), public)
    known = [row for row in rows or () if row[0] in initialised and row[0] != public]
    wanted = [] if applied is None else [_expected(Place([public], None, applied), executor, connection)]
    cloned = templates() if applied is not None else []
    bases = [(each.schema, each.tenant_type) for each in cloned if each.schema in initialised]
    groups, group_of, more, faults = _groups(connection, dict([*bases, *known]))
    bare: Optional[int] = None
    tenants: List[State] = []
    missing = [schema for schema, _ in rows or () if schema not in schemas and schema != public]
    creators = schema_creators(connection, missing)

    def group_for(schema: str) -> Optional[int]:
        nonlocal bare
        if schema in schemas and schema not in group_of and bare is None:
            bare = len(groups)
            groups.append(_group_state(None, preset_executor((), schema)))
        return group_of.get(schema, bare) if schema in schemas else None

    for schema, tenant_type in rows or ():
        if schema == public:
            continue
        tenants.append(
            {
                "schema": schema,
                "schemaExists": schema in schemas,
                "createsSchema": schema in schemas or schema in creators,
                "domains": domains.get(schema, []),
                "tenantType": tenant_type,
                "group": group_for(schema),
            }
        )
    named = {schema for schema, _ in rows or ()}
    bases_of_clones = [
        {
            "schema": each.schema,
            "setting": each.setting,
            "tenantType": each.tenant_type,
            "schemaExists": each.schema in schemas,
            "hasRow": each.schema in named,
            "group": group_for(each.schema),
        }
        for each in cloned
        # One of several tenant types says by its row alone which apps it has.
        if each.tenant_type or each.schema in named or tenant_database.type_field() is None
    ]
    has_public = any(schema == public for schema, _ in rows or ())
    return {
        **_shared(public, applied, executor, connection),
        "tenants": None if rows is None else tenants,
        "groups": groups,
        "templates": bases_of_clones,
        "unannounced": [schema for schema in marked_schemas(connection) if schema in named],
        "publicTenant": None if rows is None else {"exists": has_public, "domains": domains.get(public, [])},
        "straySchemas": _strays(initialised, rows),
        "absent": _absent(connection, [*wanted, *more]),
        "history": _history([(fault, [public]) for fault in history_faults(executor)] + faults),
        "fingerprint": _fingerprint(connection, applied, quote(public) + "." + quote("django_migrations")),
    }


def _inspect_without_schemas(connection: Any) -> Dict[str, Any]:
    recorder = MigrationRecorder(connection)
    applied = frozenset(recorder.applied_migrations()) if recorder.has_table() else None
    executor = preset_executor(applied or ())
    wanted = [] if applied is None else [_expected(Place([None], None, applied), executor, connection)]
    table = connection.ops.quote_name("django_migrations")
    return {
        **_shared(None, applied, executor, connection),
        "tenants": None,
        "groups": [],
        "templates": [],
        "unannounced": [],
        "publicTenant": None,
        "straySchemas": [],
        "absent": _absent(connection, wanted),
        "history": _history([(fault, [None]) for fault in history_faults(executor)]),
        "fingerprint": _fingerprint(connection, applied, table),
    }


def _shared(
    schema: Optional[str], applied: Optional[FrozenSet[MigrationKey]], executor: PresetExecutor, connection: Any
) -> State:
    """What is the same with and without tenant schemas; `executor` is that of the shared schema."""
    return {
        "shared": {"schema": schema, **_state(applied, executor)},
        "conflicts": _conflicts(executor),
        "unmigratedApps": _unmigrated_apps(executor),
        "failingChecks": failing_checks(connection) if executor.pending() else [],
        "extensions": needed_extensions(executor, connection),
        "otherDatabases": inspect_others(),
        "ownApps": own_apps.labels(),
        "squashes": own_apps.squashes(executor.loader),
        "modelChanges": [] if executor.pending() else _model_changes(executor),
    }


def _model_changes(executor: PresetExecutor) -> List[State]:
    """Of the project's own apps. What keeps Django from comparing them is for the doctor to say."""
    try:
        return [found for found in model_changes.changes_of(executor.loader) if found["own"]]
    except Exception:  # noqa: BLE001 - a project's own autodetector may raise anything.
        return []


def _state(applied: Optional[FrozenSet[MigrationKey]], executor: PresetExecutor) -> State:
    return {
        "initialised": applied is not None,
        # Of a squashed migration there are rows of what it replaced, too: it is one.
        "applied": len(set(executor.loader.graph.nodes) & set(executor.loader.applied_migrations)),
        "pending": [dotted(migration.app_label, migration.name) for migration in executor.pending()],
        "orphaned": orphaned_names(applied or (), executor.loader),
    }


def _group_state(applied: Optional[FrozenSet[MigrationKey]], executor: PresetExecutor) -> State:
    names = sorted(dotted(app, name) for app, name in applied or ())
    return {**_state(applied, executor), "appliedNames": names}


def _groups(
    connection: Any, types: Dict[str, Optional[str]]
) -> Tuple[List[State], Dict[str, int], List[Tuple[Place, Tables]], List[FaultPlaces]]:
    """
    Schemas with the same rows in django_migrations share a group; only one of each is read and computed. `types`: the type of each
    schema's tenant.
    """
    groups: List[State] = []
    group_of: Dict[str, int] = {}
    wanted: List[Tuple[Place, Tables]] = []
    faults: List[FaultPlaces] = []
    for same in same_rows(connection, list(types)):
        applied = tenant_database.applied_in(connection, same[0]) or frozenset()
        executor = preset_executor(applied, same[0])
        group_of.update({schema: len(groups) for schema in same})
        groups.append(_group_state(applied, executor))
        wanted += [_expected(place, executor, connection) for place in places_of(same, applied, types)]
        faults += [(fault, list(same)) for fault in history_faults(executor)]
    return groups, group_of, wanted, faults


def _expected(place: Place, executor: PresetExecutor, connection: Any) -> Tuple[Place, Tables]:
    return place, tables_in(place, executor, connection)


def _history(faults: List[FaultPlaces]) -> List[State]:
    places: Dict[Fault, List[Optional[str]]] = {}
    for fault, schemas in faults:
        places.setdefault(fault, []).extend(schemas)
    return [
        {"migration": migration, "dependency": dependency, "schemas": schemas}
        for (migration, dependency), schemas in sorted(places.items())
    ]


def _absent(connection: Any, wanted: List[Tuple[Place, Tables]]) -> List[State]:
    return [
        {"app": absent.app, "tables": list(absent.tables), "entire": absent.entire, "schemas": schemas}
        for absent, schemas in sorted(absent_tables(connection, wanted).items())
    ]


def _strays(initialised: List[str], rows: Optional[List[Tuple[str, Optional[str]]]]) -> List[str]:
    if rows is None:
        return []
    known = {tenant_database.public_schema(), *tenant_database.template_schemas(), *(row[0] for row in rows)}
    strays = [schema for schema in initialised if schema not in known]
    if strays:
        # A project's own manager may hide rows (deleted ones kept for a while): their schemas are not stray.
        model = tenant_database.tenant_model()
        hidden = model._base_manager.using(tenant_database.database_alias()).filter(schema_name__in=strays)
        strays = sorted(set(strays) - set(hidden.values_list("schema_name", flat=True)))
    return strays


def _conflicts(executor: PresetExecutor) -> Dict[str, List[str]]:
    return {app: sorted(names) for app, names in sorted(executor.loader.detect_conflicts().items())}


def _unmigrated_apps(executor: PresetExecutor) -> List[str]:
    """
    The project's own with tables and no migration: without a package of migrations, or with an empty one of which nothing is recorded.
    An installed package that ships no migrations is not for the project to correct.
    """

    def is_mendable(label: str) -> bool:
        config = apps.get_app_config(label)
        if not is_project_file(os.path.join(config.path, "")):
            return False
        return any(m._meta.managed and not m._meta.proxy for m in config.get_models())

    switched_off = {label for label, module in settings.MIGRATION_MODULES.items() if module is None}
    loader = executor.loader
    known = {label for label, _ in (*loader.disk_migrations, *loader.applied_migrations)}
    candidates = (set(loader.unmigrated_apps) | (set(loader.migrated_apps) - known)) - switched_off
    return sorted(label for label in candidates if is_mendable(label))


def _fingerprint(connection: Any, applied: Optional[FrozenSet[MigrationKey]], table: str) -> Optional[str]:
    """The moment of the first recorded migration and the identity of the database: neither changes with a restart."""
    if not applied:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(applied) FROM " + table)
        first = str(cursor.fetchone()[0])
        identity = str(connection.settings_dict.get("NAME"))
        if connection.vendor == "postgresql":
            cursor.execute("SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()")
            identity = str(cursor.fetchone()[0])
    return hashlib.sha256((identity + "\n" + first).encode()).hexdigest()[:32]
