"""Tenants that have domains, none of which is the primary one."""

from __future__ import annotations

from typing import Dict, List, Optional

from devsetup_companion.tenants import tenant_database
from devsetup_companion.tenants.tenancy import uses_tenant_schemas


def tenants_without() -> Optional[List[str]]:
    """
    Their schemas in order of creation. None where there is nothing to ask: no tenants, no Domain model, one of its own without
    `is_primary`, or a table that is not there yet.
    """
    if not uses_tenant_schemas():
        return None
    model = tenant_database.domain_model()
    connection = tenant_database.tenant_connection()
    connection.set_schema_to_public()
    tenant = tenant_database.tenant_model()
    if model is None or "schema_name" not in tenant_database.columns(connection, tenant):
        return None
    columns = tenant_database.columns(connection, model)
    if not {"tenant", "is_primary"} <= {field.name for field in model._meta.concrete_fields if field.column in columns}:
        return None
    has_primary: Dict[str, bool] = {}
    rows = model._base_manager.using(connection.alias).values_list("tenant__schema_name", "is_primary")
    for schema, is_primary in rows:
        has_primary[str(schema)] = has_primary.get(str(schema), False) or bool(is_primary)
    # A project's own manager may hide tenants (deleted ones kept for a while): nobody looks for their domains.
    known = tenant_database.tenants(tenant).order_by("pk").values_list("schema_name", flat=True)
    return [str(schema) for schema in known if has_primary.get(str(schema)) is False]
