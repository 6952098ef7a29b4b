"""Creates the schema of a tenant by the model's own method, which the project may override."""

from __future__ import annotations

import inspect
from typing import Any, Dict

from devsetup_companion.errors import CompanionFailure
from devsetup_companion.tenants import tenant_database


def create_empty_schema(connection: Any, tenant: Any) -> None:
    """
    As TenantMixin.create_schema does it, without its migrations, so that the schema stays for the next try if migrating
    fails. A project's own create_schema, and one that clones a template, is called as it is.
    """
    from django_tenants.models import TenantMixin
    from django_tenants.postgresql_backend.base import _check_schema_name
    from django_tenants.utils import get_creation_fakes_migrations

    if get_creation_fakes_migrations() or type(tenant).create_schema is not TenantMixin.create_schema:
        _call_create_schema(connection, tenant)
        _refuse_missing(connection, tenant)
        return
    _check_schema_name(tenant.schema_name)
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA " + tenant_database.quote(tenant.schema_name))


def create_missing_schema(connection: Any, tenant: Any) -> None:
    """Creates and migrates the schema of a tenant that was just saved, where neither `save` nor a signal did. Raises SCHEMA_MISSING."""
    if tenant_database.schema_exists(connection, tenant.schema_name):
        return
    _call_create_schema(connection, tenant)
    _refuse_missing(connection, tenant)
    send_post_schema_sync(tenant)


def send_post_schema_sync(tenant: Any) -> None:
    """What TenantMixin.save sends once the schema of a tenant is there."""
    from django_tenants.models import TenantMixin
    from django_tenants.signals import post_schema_sync

    post_schema_sync.send(sender=TenantMixin, tenant=tenant.serializable_fields())


def _call_create_schema(connection: Any, tenant: Any) -> None:
    """With those of the library's options that the project's own method still takes."""
    options: Dict[str, Any] = {"check_if_exists": True, "verbosity": 1}
    parameters = inspect.signature(tenant.create_schema).parameters
    if not any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters.values()):
        options = {name: value for name, value in options.items() if name in parameters}
    tenant.create_schema(**options)
    connection.set_schema_to_public()


def _refuse_missing(connection: Any, tenant: Any) -> None:
    schema = tenant.schema_name
    if not tenant_database.schema_exists(connection, schema):
        message = 'create_schema() of %s succeeded, but there is no schema "%s"' % (tenant._meta.label, schema)
        raise CompanionFailure("SCHEMA_MISSING", message, data={"schema": schema, "row": True})
