"""The tables and columns that tell whether tenants, domains and the superuser are still as they were."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence

from django.contrib.auth import get_user_model

from devsetup_companion.tenants import tenant_database
from devsetup_companion.tenants.tenancy import uses_tenant_schemas
from devsetup_companion.handlers.superuser import find_user
from devsetup_companion.tenants.user_schemas import in_schema, user_schemas, users_live_in

Table = Dict[str, Any]


def watched_tables(username: Optional[str], schemas: Optional[Sequence[str]]) -> List[Table]:
    """As the protocol's `WatchedTable`; `schema` None is whatever the connection's search path finds first."""
    tables: List[Table] = []
    if uses_tenant_schemas():
        for model in (tenant_database.tenant_model(), tenant_database.domain_model()):
            if model is not None:
                wanted = ("schema_name", tenant_database.type_field(), "domain", "tenant", "is_primary")
                tables.append(_table(model, tenant_database.public_schema(), wanted))
    if username:
        model = get_user_model()
        for schema in user_schemas(schemas):
            place = tenant_database.public_schema() if schema and users_live_in() == "shared" else schema
            table = _table(model, place, (model.USERNAME_FIELD, "is_superuser"))
            column = model._meta.get_field(model.USERNAME_FIELD).column
            # As it is stored: managers change the spelling of what they are given.
            with in_schema(schema):
                user = find_user(username)
            value = username if user is None else str(user.get_username())
            tables.append({**table, "where": {"column": column, "value": value}})
    return tables


def _table(model: Any, schema: Optional[str], wanted: Sequence[Optional[str]]) -> Table:
    columns = [field.column for field in model._meta.concrete_fields if field.name in wanted]
    return {"schema": schema, "table": model._meta.db_table, "columns": columns, "where": None}
