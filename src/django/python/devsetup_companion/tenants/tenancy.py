"""Whether the project really runs django-tenants, and in which list of apps a model lives."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Optional


def describe_tenancy(commands: Mapping[str, str]) -> Dict[str, Any]:
    """`Tenancy` of protocol.ts. Settings decide, not what is installed: every condition that is not met is a reason."""
    obstacle = _find_obstacle(commands)
    if obstacle is not None:
        return {"mode": "shared", "reason": obstacle}
    from django.conf import settings
    from django_tenants.utils import get_public_schema_name, get_tenant_model

    from devsetup_companion.tenants.databases import has_engine, tenant_rows_alias

    return {
        "mode": "schemas",
        "library": _library(),
        "tenantModel": str(settings.TENANT_MODEL),
        "rowsAlias": tenant_rows_alias(),
        "hasDefault": has_engine("default"),
        "domainModel": _domain_model(),
        "publicSchema": str(get_public_schema_name()),
        "tenantTypes": tenant_types(),
        "autoCreateSchema": bool(getattr(get_tenant_model(), "auto_create_schema", True)),
        "extraSearchPaths": [str(name) for name in getattr(settings, "PG_EXTRA_SEARCH_PATHS", None) or ()],
    }


def _find_obstacle(commands: Mapping[str, str]) -> Optional[str]:
    from django.apps import apps
    from django.conf import settings
    from django.db import connections

    from devsetup_companion.tenants.databases import database_alias

    if not apps.is_installed("django_tenants"):
        return "django_tenants is not in INSTALLED_APPS"
    engine = str((connections.databases.get(database_alias()) or {}).get("ENGINE") or "")
    if not _is_tenant_engine(engine):
        return "django_tenants is installed, but the database engine is %s" % (engine or "not set")
    if "migrate_schemas" not in commands:
        return "django_tenants is installed, but there is no command migrate_schemas"
    if not getattr(settings, "TENANT_MODEL", None):
        return "django_tenants is installed, but TENANT_MODEL is not set"
    return None


def _is_tenant_engine(engine: str) -> bool:
    from django.core.exceptions import ImproperlyConfigured
    from django.db import connections
    from django.utils.connection import ConnectionDoesNotExist

    from devsetup_companion.tenants.databases import database_alias

    try:
        return hasattr(connections[database_alias()], "set_schema")
    except (ConnectionDoesNotExist, ImproperlyConfigured, ImportError):
        # The driver or the entry is missing: only the name is left to judge by.
        return "tenant" in engine


def uses_tenant_schemas() -> bool:
    """The same question inside a request."""
    from django.core.management import get_commands

    return _find_obstacle(get_commands()) is None


def _library() -> str:
    from importlib import metadata

    try:
        return "django-tenants %s" % metadata.version("django-tenants")
    except metadata.PackageNotFoundError:
        # A checkout on sys.path without metadata.
        return "django-tenants"


def _domain_model() -> Optional[str]:
    from django.apps import apps
    from django.conf import settings

    label = getattr(settings, "TENANT_DOMAIN_MODEL", None)
    if not label:
        return None
    try:
        apps.get_model(label)
    except (LookupError, ValueError):
        # Named in the settings, absent in the code: django-tenants works without it until somebody asks for a domain.
        return None
    return str(label)


def tenant_types() -> List[str]:
    """Keys of TENANT_TYPES where several tenant types are on, else []."""
    from django.conf import settings
    from django_tenants.utils import has_multi_type_tenants

    return [str(key) for key in settings.TENANT_TYPES] if has_multi_type_tenants() else []


def find_user_home(app_label: str) -> str:
    """`shared`, `tenant` or `both`: which lists of apps hold the app."""
    from django.conf import settings

    if tenant_types():
        from django_tenants.utils import get_public_schema_name

        public = get_public_schema_name()
        lists = {name: list(entry["APPS"]) for name, entry in settings.TENANT_TYPES.items()}
        shared = lists.pop(public, [])
        tenant = [app for entries in lists.values() for app in entries]
    else:
        shared, tenant = list(settings.SHARED_APPS), list(settings.TENANT_APPS)
    in_shared, in_tenant = holds_app(shared, app_label), holds_app(tenant, app_label)
    if in_shared and in_tenant:
        return "both"
    return "tenant" if in_tenant else "shared"


def holds_app(entries: Iterable[str], app_label: str) -> bool:
    """Entries are dotted paths of packages or of AppConfig classes, as in INSTALLED_APPS."""
    from django.apps import apps

    config = apps.get_app_config(app_label)
    names = {config.name, "%s.%s" % (type(config).__module__, type(config).__qualname__)}
    return any(entry in names for entry in entries)
