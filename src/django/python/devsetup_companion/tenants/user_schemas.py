"""Where the project's users live, and how to look at them there."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator, List, Optional, Sequence

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connections, router

from devsetup_companion.tenants import tenant_database
from devsetup_companion.errors import CompanionFailure
from devsetup_companion.tenants.tenancy import find_user_home, uses_tenant_schemas


def users_live_in() -> str:
    """`shared`, `tenant` or `both`, by the lists of apps that hold the user model."""
    return find_user_home(get_user_model()._meta.app_label) if uses_tenant_schemas() else "shared"


def user_schemas(wanted: Optional[Sequence[str]]) -> List[Optional[str]]:
    """
    The schemas to look for a user in: those wanted, else public; [None] without tenant schemas. Raises
    SUPERUSER_SCHEMA_NEEDED where users live in tenants only and no tenant was named.
    """
    if not uses_tenant_schemas():
        return [None]
    if wanted:
        return list(wanted)
    if users_live_in() == "tenant":
        model = settings.AUTH_USER_MODEL
        message = "%s lives in tenant schemas only: name the tenants the superuser belongs to" % model
        raise CompanionFailure("SUPERUSER_SCHEMA_NEEDED", message, data={"model": model})
    return [tenant_database.public_schema()]


@contextmanager
def in_schema(schema: Optional[str]) -> Iterator[None]:
    """Sets the schema (with its tenant type) for what runs inside; None leaves everything as it is."""
    if schema is None:
        yield
        return
    connection = tenant_database.tenant_connection()
    connection.set_schema_to_public()
    connection.set_schema(schema, tenant_type=tenant_database.type_of(schema))
    try:
        yield
    finally:
        connection.set_schema_to_public()


def has_user_table(schema: Optional[str]) -> bool:
    """
    Whether the user table is in this very schema: the search path of a tenant also shows the table of public, where
    users of both places are kept apart.
    """
    model = get_user_model()
    connection = connections[user_database()]
    if schema is None:
        with connection.cursor() as cursor:
            return model._meta.db_table in connection.introspection.table_names(cursor)
    own = tenant_database.public_schema() if users_live_in() == "shared" else schema
    with connection.cursor() as cursor:
        name = tenant_database.quote(own) + "." + tenant_database.quote(model._meta.db_table)
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        return bool(cursor.fetchone()[0])


def user_database() -> str:
    """The database createsuperuser would be pointed at."""
    return str(router.db_for_write(get_user_model()))
