"""Creates the schemas of tenants: as django-tenants does it, with what it lacks where a run is cut short or a template is behind."""

from __future__ import annotations

import inspect
from typing import Any, Dict

from django.db import transaction

from devsetup_companion.errors import CompanionFailure
from devsetup_companion.tenants import tenant_database
from devsetup_companion.tenants.announcements import mark, unmark
from devsetup_companion.tenants.templates import clone, create_clone_function, template_for

#: On a tenant while it is saved: a schema that is created meanwhile is announced afterwards.
_ANNOUNCED = "_devsetup_is_announced"


def guard_schema_creation() -> None:
    """
    For everything in this process that saves a tenant: the project's commands, devsetup, the methods of a subclass.

    `create_schema` clones only a template that is up to date, and fakes only what that has recorded; a schema that `save` creates is
    noted until its signal was sent; and a receiver that fails does not drop a schema that was there before.
    """
    from django_tenants.models import TenantMixin

    if getattr(TenantMixin.create_schema, "_is_guarded", False):
        return
    create_schema, save = TenantMixin.create_schema, TenantMixin.save

    def guarded_create(self: Any, check_if_exists: bool = False, sync_schema: bool = True, verbosity: int = 1) -> Any:
        from django.core.management import call_command
        from django_tenants.utils import schema_exists

        if not sync_schema or (check_if_exists and schema_exists(self.schema_name)):
            return create_schema(self, check_if_exists=check_if_exists, sync_schema=sync_schema, verbosity=verbosity)
        connection = tenant_database.tenant_connection()
        _create(connection, self, bool(getattr(self, _ANNOUNCED, False)))
        options: Dict[str, Any] = {"tenant": True, "schema_name": self.schema_name}
        call_command("migrate_schemas", interactive=False, verbosity=verbosity, **options)
        connection.set_schema_to_public()
        return None

    def guarded_save(self: Any, *args: Any, **options: Any) -> Any:
        connection = tenant_database.tenant_connection()
        is_there = tenant_database.schema_exists(connection, self.schema_name)
        if is_there:
            # Saving a new tenant that fails drops its schema, even one that was there before: that of the public tenant, too.
            self._drop_schema = lambda force_drop=False: None
        setattr(self, _ANNOUNCED, True)
        try:
            result = save(self, *args, **options)
        finally:
            delattr(self, _ANNOUNCED)
            self.__dict__.pop("_drop_schema", None)
        if not is_there:
            unmark(connection, self.schema_name)
        return result

    guarded_create._is_guarded = True  # type: ignore[attr-defined]
    TenantMixin.create_schema = guarded_create
    TenantMixin.save = guarded_save


def create_empty_schema(connection: Any, tenant: Any) -> None:
    """
    As TenantMixin.create_schema does it, without its migrations, so that the schema stays for the next try if migrating
    fails. A project's own create_schema is called as it is.
    """
    from django_tenants.models import TenantMixin
    from django_tenants.postgresql_backend.base import _check_schema_name

    if type(tenant).create_schema is TenantMixin.create_schema:
        _check_schema_name(tenant.schema_name)
        _create(connection, tenant, True)
        return
    setattr(tenant, _ANNOUNCED, True)
    _call_create_schema(connection, tenant)
    _refuse_missing(connection, tenant)
    mark(connection, tenant.schema_name)


def create_missing_schema(connection: Any, tenant: Any) -> None:
    """Creates and migrates the schema of a tenant that was just saved, where neither `save` nor a signal did. Raises SCHEMA_MISSING."""
    if tenant_database.schema_exists(connection, tenant.schema_name):
        return
    _call_create_schema(connection, tenant)
    _refuse_missing(connection, tenant)


def _create(connection: Any, tenant: Any, is_announced: bool) -> None:
    """The schema, empty or cloned, with the note that its signal is still to be sent: all of it or nothing."""
    template = template_for(connection, tenant)
    if template is not None:
        create_clone_function()
    with transaction.atomic(using=connection.alias):
        if template is None:
            with connection.cursor() as cursor:
                cursor.execute("CREATE SCHEMA " + tenant_database.quote(tenant.schema_name))
        else:
            clone(connection, template, tenant)
        if is_announced:
            mark(connection, tenant.schema_name)


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
