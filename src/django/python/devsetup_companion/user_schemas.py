"""Where the project's users live, and how to look at them there."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterable, Iterator, List, Optional, Sequence

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connections, router

from . import tenancy
from .errors import CompanionFailure


def users_live_in() -> str:
    """`shared`, `tenant` or `both`, by the lists of apps that hold the user model."""
    if not tenancy.uses_schemas():
        return "shared"
    label = get_user_model()._meta.app_label
    types = getattr(settings, "TENANT_TYPES", {}) if tenancy.type_field() else None
    if types:
        public = tenancy.public_schema()
        shared = _holds(types.get(public, {}).get("APPS", ()), label)
        tenant = any(_holds(kind.get("APPS", ()), label) for name, kind in types.items() if name != public)
    else:
        shared = _holds(getattr(settings, "SHARED_APPS", ()), label)
        tenant = _holds(getattr(settings, "TENANT_APPS", ()), label)
    if shared and tenant:
        return "both"
    return "tenant" if tenant else "shared"


def user_schemas(wanted: Optional[Sequence[str]]) -> List[Optional[str]]:
    """
    The schemas to look for a user in: those wanted, else public; [None] without tenant schemas. Raises
    SUPERUSER_SCHEMA_NEEDED where users live in tenants only and no tenant was named.
    """
    if not tenancy.uses_schemas():
        return [None]
    if wanted:
        return list(wanted)
    if users_live_in() == "tenant":
        model = settings.AUTH_USER_MODEL
        message = "%s lives in tenant schemas only: name the tenants the superuser belongs to" % model
        raise CompanionFailure("SUPERUSER_SCHEMA_NEEDED", message, data={"model": model})
    return [tenancy.public_schema()]


@contextmanager
def in_schema(schema: Optional[str]) -> Iterator[None]:
    """Sets the schema (with its tenant type) for what runs inside; None leaves everything as it is."""
    if schema is None:
        yield
        return
    connection = tenancy.tenant_connection()
    connection.set_schema_to_public()
    connection.set_schema(schema, tenant_type=tenancy.type_of(schema))
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
    own = tenancy.public_schema() if users_live_in() == "shared" else schema
    with connection.cursor() as cursor:
        name = tenancy.quote(own) + "." + tenancy.quote(model._meta.db_table)
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        return bool(cursor.fetchone()[0])


def user_database() -> str:
    """The database createsuperuser would be pointed at."""
    return str(router.db_for_write(get_user_model()))


def _holds(names: Iterable[str], label: str) -> bool:
    """By app name or by the path of its AppConfig, as the router of django-tenants compares."""
    config = apps.get_app_config(label)
    path = "%s.%s" % (config.__module__, config.__class__.__name__)
    return any(name in (config.name, path) for name in names)
