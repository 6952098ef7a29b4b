"""Which database of the settings is migrated, and which others the project writes to: every guard asks here."""

from __future__ import annotations

import functools
from typing import Any, Dict, Iterator, List

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, router

#: What Django puts where an entry of DATABASES has no ENGINE.
_NO_ENGINE = "django.db.backends.dummy"


@functools.lru_cache(maxsize=None)
def database_alias() -> str:
    """
    The alias of the database that devsetup guards, migrates and inspects: `TENANT_DB_ALIAS` where django-tenants is
    installed; else the first that has an engine and that the routers let migrate, of: the one of the tenant model,
    `default`, the others as DATABASES lists them; else `default`. Opens no connection.
    """
    has_tenants = apps.is_installed("django_tenants")
    named = getattr(settings, "TENANT_DB_ALIAS", None)
    if has_tenants and named:
        return str(named)
    candidates = [*(_tenant_model_alias() if has_tenants else ()), DEFAULT_DB_ALIAS, *connections.databases]
    return next((alias for alias in candidates if has_engine(alias) and _may_migrate(alias)), DEFAULT_DB_ALIAS)


@functools.lru_cache(maxsize=None)
def tenant_rows_alias() -> str:
    """Where the routers have the rows of the tenant model written; only with TENANT_MODEL."""
    return next(_tenant_model_alias(), database_alias())


def other_databases() -> List[Dict[str, Any]]:
    """
    Every further alias that a model is written to, that needs a `migrate --database` of its own, or that django-tenants
    opens (it saves domains inside `transaction.atomic()`, which means `default`), as {alias, isWritten, needsMigrations}.
    A replica that is only read is none of these, even where the routers let it migrate.
    """
    main = database_alias()
    others = [alias for alias in connections.databases if alias != main and has_engine(alias)]
    if not others:
        return []
    models = list(apps.get_models(include_auto_created=True))
    written = {model: _written_to(model) for model in models}
    found = []
    for alias in others:
        needs = any(
            _has_table(model) and _allows(alias, model) and (written[model] == alias or not _allows(main, model))
            for model in models
        )
        is_written = alias in written.values()
        if needs or is_written or (alias == DEFAULT_DB_ALIAS and apps.is_installed("django_tenants")):
            found.append({"alias": alias, "isWritten": is_written, "needsMigrations": needs})
    return found


def has_engine(alias: str) -> bool:
    """Whether there is such an entry with more than Django's stand-in for a missing ENGINE."""
    engine = (connections.databases.get(alias) or {}).get("ENGINE")
    return bool(engine) and engine != _NO_ENGINE


def _may_migrate(alias: str) -> bool:
    if not settings.DATABASE_ROUTERS:
        return True
    return any(_has_table(model) and _allows(alias, model) for model in apps.get_models())


def _has_table(model: Any) -> bool:
    return bool(model._meta.managed and not model._meta.proxy and not model._meta.swapped)


def _allows(alias: str, model: Any) -> bool:
    try:
        return bool(router.allow_migrate_model(alias, model))
    except Exception:  # noqa: BLE001 - A router is the project's code; where it matters Django asks it again and reports it.
        return alias == DEFAULT_DB_ALIAS


def _written_to(model: Any) -> str:
    try:
        return str(router.db_for_write(model))
    except Exception:  # noqa: BLE001 - As above.
        return database_alias()


def _tenant_model_alias() -> Iterator[str]:
    try:
        model = apps.get_model(settings.TENANT_MODEL)
    except (AttributeError, LookupError, ValueError):
        # Without the model there are no tenants; the description reports it.
        return
    try:
        yield str(router.db_for_write(model))
    except Exception:  # noqa: BLE001 - As above.
        return
