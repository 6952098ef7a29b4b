"""The tenants as their table has them, and the schemas there are."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Set, Tuple

from devsetup_companion.tenants import tenant_database


def tenant_rows(connection: Any) -> Tuple[Optional[List[Tuple[str, Optional[str]]]], Dict[str, List[str]]]:
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


def schema_creators(connection: Any, schemas: List[str]) -> Set[str]:
    """
    Of the tenants with these schemas, those whose `auto_create_schema` is true. It may be a field, a property, or set in `__init__`:
    only a row can tell. Where a pending migration will add a column, rows cannot be loaded, and the class has to.
    """
    if not schemas:
        return set()
    model = tenant_database.tenant_model()
    if {field.column for field in model._meta.concrete_fields} <= tenant_database.columns(connection, model):
        rows = tenant_database.tenants(model).filter(schema_name__in=schemas)
        return {str(row.schema_name) for row in rows if row.auto_create_schema}
    return set(schemas) if model.auto_create_schema else set()


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


def all_schemas(connection: Any) -> Dict[str, bool]:
    """Every schema that is not PostgreSQL's own, and whether it holds django_migrations."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname, c.oid IS NOT NULL FROM pg_catalog.pg_namespace n"
            " LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid"
            " AND c.relname = 'django_migrations' AND c.relkind IN ('r', 'p')"
            " WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
        )
        return dict(cursor.fetchall())
