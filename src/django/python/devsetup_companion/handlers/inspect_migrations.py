"""`inspect`: what is applied, pending and orphaned in every schema, in a number of queries that hardly grows."""

from __future__ import annotations

import hashlib
import os
from typing import Any, Callable, Dict, FrozenSet, List, Optional, Tuple

from django.apps import apps
from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder

from devsetup_companion.tenants import tenant_database
from devsetup_companion.places import is_project_file
from devsetup_companion.migrations.preset_migrations import PresetExecutor, dotted, orphaned_names, preset_executor
from devsetup_companion.tenants.tenancy import uses_tenant_schemas
from devsetup_companion.tenants.tenant_database import MigrationKey, quote
from devsetup_companion.migrations.warm import use_warm

#: Schemas per query: each is one branch of a UNION, and a query takes a lock for every table it names.
BATCH = 100

State = Dict[str, Any]


def inspect(params: Dict[str, Any], progress: Callable[[Dict[str, Any]], None]) -> Dict[str, Any]:
    """The `Inspection` of the protocol. Raises django.db exceptions as they are, and MIGRATIONS_BROKEN."""
    use_warm()
    connection = tenant_database.tenant_connection()
    if not uses_tenant_schemas():
        return _inspect_without_schemas(connection)
    connection.set_schema_to_public()
    public = tenant_database.public_schema()
    rows, domains = _tenant_rows(connection)
    schemas = _schemas(connection)
    initialised = [name for name, has_table in schemas.items() if has_table]
    applied = tenant_database.applied_in(connection, public)
    executor = preset_executor(applied or (), public)
    groups, group_of = _groups(connection, [row[0] for row in rows or () if row[0] in initialised and row[0] != public])
    bare: Optional[int] = None
    tenants: List[State] = []
    for schema, tenant_type in rows or ():
        if schema == public:
            continue
        group = group_of.get(schema)
        if schema in schemas and group is None:
            if bare is None:
                bare = len(groups)
                groups.append(_group_state(None, schema))
            group = bare
        tenants.append(
            {
                "schema": schema,
                "schemaExists": schema in schemas,
                "domains": domains.get(schema, []),
                "tenantType": tenant_type,
                "group": group,
            }
        )
    has_public = any(schema == public for schema, _ in rows or ())
    return {
        "shared": {"schema": public, **_state(applied, executor)},
        "tenants": None if rows is None else tenants,
        "groups": groups,
        "publicTenant": None if rows is None else {"exists": has_public, "domains": domains.get(public, [])},
        "straySchemas": _strays(initialised, rows),
        "conflicts": _conflicts(executor),
        "unmigratedApps": _unmigrated_apps(executor),
        "fingerprint": _fingerprint(connection, applied, quote(public) + "." + quote("django_migrations")),
    }


def _inspect_without_schemas(connection: Any) -> Dict[str, Any]:
    recorder = MigrationRecorder(connection)
    applied = frozenset(recorder.applied_migrations()) if recorder.has_table() else None
    executor = preset_executor(applied or ())
    table = connection.ops.quote_name("django_migrations")
    return {
        "shared": {"schema": None, **_state(applied, executor)},
        "tenants": None,
        "groups": [],
        "publicTenant": None,
        "straySchemas": [],
        "conflicts": _conflicts(executor),
        "unmigratedApps": _unmigrated_apps(executor),
        "fingerprint": _fingerprint(connection, applied, table),
    }


def _state(applied: Optional[FrozenSet[MigrationKey]], executor: PresetExecutor) -> State:
    return {
        "initialised": applied is not None,
        "applied": len(applied or ()),
        "pending": [dotted(migration.app_label, migration.name) for migration in executor.pending()],
        "orphaned": orphaned_names(applied or (), executor.loader),
    }


def _group_state(applied: Optional[FrozenSet[MigrationKey]], schema: str) -> State:
    names = sorted(dotted(app, name) for app, name in applied or ())
    return {**_state(applied, preset_executor(applied or (), schema)), "appliedNames": names}


def _tenant_rows(connection: Any) -> Tuple[Optional[List[Tuple[str, Optional[str]]]], Dict[str, List[str]]]:
    """
    (schema, tenant type) by primary key, and the domains of each schema, the primary one first. None while the table is
    not there; a column that a pending migration will add is read as absent.
    """
    model = tenant_database.tenant_model()
    columns = tenant_database.columns(connection, model)
    if "schema_name" not in columns:
        return None, {}
    kind = tenant_database.type_field()
    fields = ["schema_name"]
    if kind is not None and model._meta.get_field(kind).column in columns:
        fields.append(kind)
    found = tenant_database.tenants(model).order_by("pk").values_list(*fields)
    rows = [(str(row[0]), str(row[1]) if len(row) > 1 and row[1] is not None else None) for row in found]
    return rows, _domains(connection)


def _domains(connection: Any) -> Dict[str, List[str]]:
    model = tenant_database.domain_model()
    if model is None:
        return {}
    columns = tenant_database.columns(connection, model)
    names = {field.name for field in model._meta.concrete_fields if field.column in columns}
    if not {"domain", "tenant"} <= names:
        return {}
    order = ["-is_primary", "pk"] if "is_primary" in names else ["pk"]
    result: Dict[str, List[str]] = {}
    rows = model._base_manager.using(connection.alias).order_by(*order).values_list("tenant__schema_name", "domain")
    for schema, domain in rows:
        result.setdefault(str(schema), []).append(str(domain))
    return result


def _schemas(connection: Any) -> Dict[str, bool]:
    """Every schema that is not PostgreSQL's own, and whether it holds django_migrations."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname, c.oid IS NOT NULL FROM pg_catalog.pg_namespace n"
            " LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid"
            " AND c.relname = 'django_migrations' AND c.relkind IN ('r', 'p')"
            " WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
        )
        return dict(cursor.fetchall())


def _groups(connection: Any, schemas: List[str]) -> Tuple[List[State], Dict[str, int]]:
    """Schemas with the same rows in django_migrations share a group; only one of each is read and computed."""
    index: Dict[Tuple[int, str], int] = {}
    group_of: Dict[str, int] = {}
    groups: List[State] = []
    for start in range(0, len(schemas), BATCH):
        batch = schemas[start : start + BATCH]
        for position, count, digest in _digests(connection, batch):
            schema = batch[position]
            key = (count, digest)
            if key not in index:
                index[key] = len(groups)
                groups.append(_group_state(tenant_database.applied_in(connection, schema), schema))
            group_of[schema] = index[key]
    return groups, group_of


def _digests(connection: Any, schemas: List[str]) -> List[Tuple[int, int, str]]:
    branch = (
        "SELECT %d, count(*), md5(coalesce(string_agg(m, chr(10) ORDER BY m COLLATE \"C\"), ''))"
        " FROM (SELECT DISTINCT app || '.' || name AS m FROM %s.django_migrations) AS t%d"
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(branch % (i, quote(schema), i) for i, schema in enumerate(schemas)))
        return sorted(cursor.fetchall())


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
    """The project's own: an installed package that ships no migrations is not for the project to mend."""

    def is_mendable(label: str) -> bool:
        config = apps.get_app_config(label)
        if not is_project_file(os.path.join(config.path, "")):
            return False
        return any(m._meta.managed and not m._meta.proxy for m in config.get_models())

    switched_off = {label for label, module in settings.MIGRATION_MODULES.items() if module is None}
    return sorted(label for label in executor.loader.unmigrated_apps if label not in switched_off and is_mendable(label))


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
