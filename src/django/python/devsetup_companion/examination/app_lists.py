"""Which lists of apps hold what, and what of one list cannot do without what only the other has."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Optional, Set

from django.apps import apps
from django.conf import settings
from django.db import models, router

from devsetup_companion.tenants import tenant_database
from devsetup_companion.tenants.tenancy import holds_app, tenant_types, uses_tenant_schemas


def examine() -> Optional[Dict[str, Any]]:
    """`appLists` of the protocol; None without tenant schemas."""
    if not uses_tenant_schemas():
        return None
    tenant_database.tenant_connection().set_schema_to_public()
    shared, tenant = _lists()
    return {
        "shared": [label for label in apps.app_configs if holds_app(shared, label)],
        "tenant": [label for label in apps.app_configs if holds_app(tenant, label)],
        "withTables": sorted({model._meta.app_label for model in _with_tables()}),
        "stranded": _stranded(tenant),
        "tenantsServeAdmin": _tenants_serve("admin"),
    }


def _lists() -> Any:
    """SHARED_APPS and TENANT_APPS; of several tenant types the latter are all but the public one's."""
    if not tenant_types():
        return list(settings.SHARED_APPS), list(settings.TENANT_APPS)
    public = tenant_database.public_schema()
    types = settings.TENANT_TYPES
    return list(types[public]["APPS"]), [app for name in types if name != public for app in types[name]["APPS"]]


def _with_tables() -> Iterable[Any]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped:
            yield model


def _stranded(tenant_apps: List[str]) -> List[Dict[str, str]]:
    """Foreign keys of tables that the public schema has to tables that only tenants have: such a table cannot be made."""
    there = {model for model in _with_tables() if _is_public(model)}
    found = []
    for model in sorted(there, key=lambda model: str(model._meta.label)):
        for field in model._meta.local_fields:
            target = field.remote_field.model._meta.concrete_model if isinstance(field, models.ForeignKey) else None
            if target is None or not field.db_constraint or not target._meta.managed or target in there:
                continue
            if holds_app(tenant_apps, target._meta.app_label):
                name = "%s.%s" % (model._meta.label, field.name)
                found.append({"field": name, "to": str(target._meta.label)})
    return found


def _is_public(model: Any) -> bool:
    return bool(router.allow_migrate_model(tenant_database.database_alias(), model))


def _tenants_serve(namespace: str) -> Optional[bool]:
    """Whether URLs that tenants answer hold this application namespace; None where they cannot be loaded."""
    from django.urls import get_resolver

    try:
        return any(namespace in get_resolver(urlconf).app_dict for urlconf in _tenant_urlconfs())
    except Exception:  # noqa: BLE001 - Django's own checks load them too, and report what is wrong with them.
        return None


def _tenant_urlconfs() -> Set[str]:
    if not tenant_types():
        return {settings.ROOT_URLCONF}
    public = tenant_database.public_schema()
    return {entry["URLCONF"] for name, entry in settings.TENANT_TYPES.items() if name != public and "URLCONF" in entry}
