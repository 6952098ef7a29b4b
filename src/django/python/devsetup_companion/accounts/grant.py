"""Giving a user a password and all rights, wherever the project keeps them."""

from __future__ import annotations

from typing import Any, Iterator, List, Optional, Tuple

from django.db import transaction

from devsetup_companion.tenants import tenant_database
from devsetup_companion.tenants.tenancy import uses_tenant_schemas

FLAGS = ("is_superuser", "is_staff", "is_active")


def grant(user: Any, password: str, database: str) -> None:
    """On the user itself, and on the row of permissions that some projects keep for each user (in each tenant) instead."""
    with transaction.atomic(using=database):
        user.set_password(password)
        _raise_flags(user)
        user.save(using=database)
        for model, field in permission_models(user):
            row = model._base_manager.using(database).filter(**{field: user}).first() or _add_row(model, field, user, database)
            _raise_flags(row)
            row.save(using=database)


def permission_models(user: Any) -> Iterator[Tuple[Any, str]]:
    """Models with `is_superuser` of their own that belong to one user each, with the name of the field that says to which."""
    if any(field.name == "is_superuser" for field in user._meta.concrete_fields):
        return
    for relation in user._meta.related_objects:
        model = relation.related_model
        if relation.one_to_one and any(field.name == "is_superuser" for field in model._meta.concrete_fields):
            yield model, relation.field.name


def flags_of(row: Any) -> List[str]:
    """Those the model stores: some derive is_staff from a field of their own."""
    return [field.name for field in row._meta.concrete_fields if field.name in FLAGS]


def _raise_flags(row: Any) -> None:
    for flag in flags_of(row):
        setattr(row, flag, True)


def _add_row(model: Any, field: str, user: Any, database: str) -> Any:
    """By the tenant's own `add_user` where it has one (django-tenant-users), which also adds the user to the tenant."""
    tenant = _current_tenant(database)
    linked = getattr(user, "tenants", None)
    if tenant is not None and linked is not None and callable(getattr(tenant, "add_user", None)):
        if not linked.filter(pk=tenant.pk).exists():
            tenant.add_user(user, is_superuser=True, is_staff=True)
            row = model._base_manager.using(database).filter(**{field: user}).first()
            if row is not None:
                return row
    return model(**{field: user})


def _current_tenant(database: str) -> Optional[Any]:
    if not uses_tenant_schemas() or database != tenant_database.database_alias():
        return None
    schema = tenant_database.tenant_connection().schema_name
    found: Optional[Any] = tenant_database.tenants(tenant_database.tenant_model()).filter(schema_name=schema).first()
    return found
