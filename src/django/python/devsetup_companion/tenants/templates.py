"""The schemas that new tenants are cloned from (TENANT_CREATION_FAKES_MIGRATIONS)."""

from __future__ import annotations

from typing import Any, List, NamedTuple, Optional, Tuple

from django.apps import apps
from django.conf import settings

from devsetup_companion.errors import CompanionFailure
from devsetup_companion.migrations.preset_migrations import pending_names
from devsetup_companion.tenants import tenant_database
from devsetup_companion.tenants.tenancy import holds_app

#: So many pending migrations are named in a message.
_SHOWN = 3


class Template(NamedTuple):
    schema: str
    #: The setting that names it, as it is written in Python.
    setting: str
    #: The only type whose tenants are cloned from it; None without tenant types, or where several are.
    tenant_type: Optional[str]


def templates() -> List[Template]:
    """
    Those of the settings that this django-tenants reads, without the public schema: shared migrations bring that up to date. [] where
    new tenants are not cloned.
    """
    if not getattr(settings, "TENANT_CREATION_FAKES_MIGRATIONS", False):
        return []
    base = getattr(settings, "TENANT_BASE_SCHEMA", None)
    if not getattr(settings, "HAS_MULTI_TYPE_TENANTS", False):
        return [Template(str(base), "TENANT_BASE_SCHEMA", None)] if base and base != tenant_database.public_schema() else []
    found: List[Template] = []
    others: List[str] = []
    for name, kind in settings.TENANT_TYPES.items():
        own = kind.get("BASE_SCHEMA") if _knows_types() else None
        if own:
            found.append(Template(str(own), 'TENANT_TYPES["%s"]["BASE_SCHEMA"]' % name, str(name)))
        elif name != tenant_database.public_schema():
            others.append(str(name))
    if base and others:
        found.append(Template(str(base), "TENANT_BASE_SCHEMA", others[0] if len(others) == 1 else None))
    merged = {}
    for template in found:
        known = merged.get(template.schema)
        merged[template.schema] = template if known is None else known._replace(tenant_type=None)
    merged.pop(tenant_database.public_schema(), None)
    return list(merged.values())


def type_of_schema(schema: str) -> Optional[str]:
    """The type of the tenant with this schema, or, without a row, of the tenants that are cloned from it."""
    found = tenant_database.type_of(schema)
    return found or next((each.tenant_type for each in templates() if each.schema == schema), None)


def template_for(connection: Any, tenant: Any) -> Optional[str]:
    """
    The schema to clone for this tenant; None: its schema is created empty. A schema of another tenant type, and usually the public
    one, holds other tables and yet records the same migrations: it is not cloned. Raises TEMPLATE_BEHIND and TEMPLATE_MISSING.
    """
    from django_tenants.utils import get_creation_fakes_migrations

    name = _name_for(tenant) if get_creation_fakes_migrations() else None
    if name is None or name == tenant.schema_name:
        return None
    setting = next((each.setting for each in templates() if each.schema == name), "TENANT_BASE_SCHEMA")
    data = {"template": name, "setting": setting}
    if not tenant_database.schema_exists(connection, name):
        if _creates_without():
            return None
        message = 'New tenants are cloned from the schema "%s" (%s), which does not exist' % (name, setting)
        raise CompanionFailure("TEMPLATE_MISSING", message, data=data)
    if tenant_database.type_field() is not None and type_of_schema(name) not in (None, tenant.get_tenant_type()):
        return None
    if name == tenant_database.public_schema() and not _has_public_all_apps(tenant):
        return None
    left = pending_names(tenant_database.applied_in(connection, name) or frozenset(), name)
    if left:
        named = ", ".join(left[:_SHOWN]) + (" and %d more" % (len(left) - _SHOWN) if len(left) > _SHOWN else "")
        message = 'New tenants are cloned from the schema "%s" (%s), which lacks %s' % (name, setting, named)
        raise CompanionFailure("TEMPLATE_BEHIND", message, data={**data, "pending": list(left)})
    return name


def _has_public_all_apps(tenant: Any) -> bool:
    """Whether every app of this tenant is shared as well."""
    if tenant_database.type_field() is None:
        shared, own = settings.SHARED_APPS, settings.TENANT_APPS
    else:
        kinds = settings.TENANT_TYPES
        shared, own = kinds[tenant_database.public_schema()]["APPS"], kinds[tenant.get_tenant_type()]["APPS"]
    return all(holds_app(shared, label) for label in apps.app_configs if holds_app(own, label))


def _name_for(tenant: Any) -> Optional[str]:
    from django_tenants.utils import get_tenant_base_schema

    found = tenant.get_base_schema() if _knows_types() else get_tenant_base_schema()
    return str(found) if found else None


def _knows_types() -> bool:
    """django-tenants 4 reads BASE_SCHEMA of TENANT_TYPES."""
    from django_tenants.models import TenantMixin

    return hasattr(TenantMixin, "get_base_schema")


#: The same versions create a tenant's schema empty where the one to clone is missing; older ones fail.
_creates_without = _knows_types


def clone(connection: Any, template: str, tenant: Any) -> None:
    """Clones inside a transaction; every migration that the template has recorded is then recorded, and no other."""
    import inspect

    from django_tenants.clone import CloneSchema

    cloner = CloneSchema()
    # Its function was created before; older versions commit after they have created it.
    cloner._create_clone_schema_function = lambda: None
    modes: Tuple[Any, ...] = (tenant.clone_mode,) if "clone_mode" in inspect.signature(cloner.clone_schema).parameters else ()
    cloner.clone_schema(template, tenant.schema_name, *modes)
    connection.set_schema_to_public()
    source, target = (tenant_database.quote(name) + ".django_migrations" for name in (template, tenant.schema_name))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO %(target)s (app, name, applied) SELECT DISTINCT t.app, t.name, now() FROM %(source)s t"
            " WHERE NOT EXISTS (SELECT 1 FROM %(target)s n WHERE n.app = t.app AND n.name = t.name)"
            % {"source": source, "target": target}
        )


def create_clone_function() -> None:
    """Replaced for every clone, as the library does: in a transaction of its own, since two that replace it at once collide."""
    from django_tenants.clone import CloneSchema

    CloneSchema()._create_clone_schema_function()
