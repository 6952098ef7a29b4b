"""Where the tenants are kept: models and settings of a project that uses schemas, and small questions about schemas."""

from __future__ import annotations

from typing import Any, FrozenSet, List, Optional, Set, Tuple

from django.apps import apps
from django.conf import settings
from django.db import connections

from devsetup_companion.tenants.databases import database_alias

#: (app label, migration name)
MigrationKey = Tuple[str, str]


def tenant_connection() -> Any:
    """Django's connection to the database that is migrated; opens nothing by itself."""
    return connections[database_alias()]


def public_schema() -> str:
    """The schema of the shared apps."""
    return str(getattr(settings, "PUBLIC_SCHEMA_NAME", "public"))


def tenant_model() -> Any:
    """The project's tenant model."""
    return apps.get_model(settings.TENANT_MODEL)


def domain_model() -> Optional[Any]:
    """The project's domain model; None where it has none (a name in the settings without a model behind it is none)."""
    name = getattr(settings, "TENANT_DOMAIN_MODEL", None)
    try:
        return apps.get_model(name) if name else None
    except (LookupError, ValueError):
        return None


def type_field() -> Optional[str]:
    """The field of the tenant model that names its type; None unless several tenant types are on."""
    if not getattr(settings, "HAS_MULTI_TYPE_TENANTS", False):
        return None
    return getattr(settings, "MULTI_TYPE_DATABASE_FIELD", "") or None


def tenants(model: Any) -> Any:
    """The rows django-tenants itself works on (`Model.objects`, which a project may have narrowed)."""
    manager = getattr(model, "objects", model._default_manager)
    return manager.using(database_alias())


def template_schemas() -> Set[str]:
    """Schemas that new tenants are cloned from, and those every search path includes: they have no row on purpose."""
    types = getattr(settings, "TENANT_TYPES", {}) or {}
    named = [getattr(settings, "TENANT_BASE_SCHEMA", None), *getattr(settings, "PG_EXTRA_SEARCH_PATHS", [])]
    named += [kind.get("BASE_SCHEMA") for kind in types.values() if isinstance(kind, dict)]
    return {str(name) for name in named if name}


def quote(identifier: str) -> str:
    """
    A PostgreSQL identifier. Django's quote_name leaves a name that begins and ends with a quote as it is, and escapes
    nothing, so it cannot be used for names that come from a table.
    """
    return '"' + identifier.replace('"', '""') + '"'


def columns(connection: Any, model: Any) -> Set[str]:
    """Columns of the model's table as the current search path finds it; empty while there is no such table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_catalog.pg_attribute"
            " WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped",
            [connection.ops.quote_name(model._meta.db_table)],
        )
        return {row[0] for row in cursor.fetchall()}


def schema_exists(connection: Any, schema: str) -> bool:
    """Exact, unlike django-tenants 3, which compares in lower case."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = %s", [schema])
        return cursor.fetchone() is not None


def applied_in(connection: Any, schema: str) -> Optional[FrozenSet[MigrationKey]]:
    """The rows of a schema's django_migrations; None while it has no such table. Independent of the search path."""
    table = quote(schema) + "." + quote("django_migrations")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        if not cursor.fetchone()[0]:
            return None
        cursor.execute("SELECT app, name FROM " + table)
        return frozenset((app, name) for app, name in cursor.fetchall())


def type_of(schema: str) -> Optional[str]:
    """The tenant type of a schema's row; None without tenant types or without a row."""
    field = type_field()
    if field is None:
        return None
    found: List[Any] = list(tenants(tenant_model()).filter(schema_name=schema).values_list(field, flat=True))
    return str(found[0]) if found else None
