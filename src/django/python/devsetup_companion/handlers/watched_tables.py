"""The tables and columns that tell whether tenants, domains and the superuser are still as they were."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, Tuple

from django.contrib.auth import get_user_model

from devsetup_companion.accounts.grant import permission_models
from devsetup_companion.tenants import tenant_database
from devsetup_companion.tenants.tenancy import find_user_home, uses_tenant_schemas
from devsetup_companion.handlers.superuser import find_user
from devsetup_companion.tenants.visible_rows import read_by_manager
from devsetup_companion.tenants.user_schemas import in_schema, user_schemas, users_live_in

Table = Dict[str, Any]


def watched_tables(username: Optional[str], schemas: Optional[Sequence[str]]) -> Tuple[List[Table], List[str]]:
    """
    As the protocol's `WatchedTable`; `schema` None is whatever the connection's search path finds first. And sentences about what these
    tables do not show: a project's own manager may hide rows by columns of any table, by the time, by a function of the database.
    """
    tables: List[Table] = []
    obstacles: List[str] = []
    if uses_tenant_schemas():
        tenant, domain = tenant_database.tenant_model(), tenant_database.domain_model()
        read, obstacles = read_by_manager(tenant_database.tenants(tenant).all())
        # Every column: a project's own manager may hide rows by any of them.
        for model in dict.fromkeys([tenant, domain, *sorted(read, key=lambda each: each._meta.label)]):
            if model is not None:
                tables.extend(_tables(model, tenant_database.public_schema()))
    if username:
        model = get_user_model()
        read, more = read_by_manager(model._default_manager.all())
        others = read - {model, *model._meta.get_parent_list()}
        obstacles += more or ["the manager of %s reads %s" % (model._meta.label, each._meta.label) for each in others]
        for schema in user_schemas(schemas):
            place = tenant_database.public_schema() if schema and users_live_in() == "shared" else schema
            # As it is stored: managers change the spelling of what they are given.
            with in_schema(schema):
                user = find_user(username)
            value = username if user is None else str(user.get_username())
            tables.extend(_tables(model, place, (model.USERNAME_FIELD, value)))
            tables.extend([] if user is None else _tables_of_permissions(user, schema))
    return _unique(tables), obstacles


def _unique(tables: List[Table]) -> List[Table]:
    return [table for at, table in enumerate(tables) if table not in tables[:at]]


def _tables_of_permissions(user: Any, schema: Optional[str]) -> List[Table]:
    """Where a project keeps the rights of a user apart from the user."""
    tables: List[Table] = []
    for model, name in permission_models(user):
        is_shared = schema is None or find_user_home(model._meta.app_label) == "shared"
        place = tenant_database.public_schema() if schema and is_shared else schema
        tables.extend(_tables(model, place, (name, str(user.pk))))
    return tables


def _tables(model: Any, schema: Optional[str], only: Optional[Tuple[str, str]] = None) -> List[Table]:
    """The model's table and those it inherits; `only`: the rows with this value, where the table has the field."""
    tables: List[Table] = []
    for each in (model, *model._meta.get_parent_list()):
        fields = each._meta.local_concrete_fields
        # Logging in changes nothing that was asked for.
        columns = [field.column for field in fields if field.name != "last_login"]
        named = [field.column for field in fields if only is not None and field.name == only[0]]
        where = {"column": named[0], "value": only[1]} if named and only is not None else None
        tables.append({"schema": schema, "table": each._meta.db_table, "columns": columns, "where": where})
    return tables
