"""What the databases lack that devsetup does not migrate: the part `otherDatabases` of `inspect`."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connections
from django.db.migrations.executor import MigrationExecutor

from devsetup_companion.tenants.databases import other_databases

#: A database that does not answer must not hold up the inspection of the one that matters.
_CONNECT_SECONDS = 3


def inspect_others() -> List[Dict[str, Any]]:
    """One entry for each that needs a `migrate --database`: {alias, pending, error}; one of the last two is None."""
    return [_inspect(other["alias"]) for other in other_databases() if other["needsMigrations"]]


def _inspect(alias: str) -> Dict[str, Any]:
    pending: Optional[int] = None
    reason: Optional[str] = None
    try:
        connection = connections[alias]
        if connection.vendor == "postgresql":
            connection.settings_dict.setdefault("OPTIONS", {}).setdefault("connect_timeout", _CONNECT_SECONDS)
        executor = MigrationExecutor(connection)
        pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except (Error, ImproperlyConfigured, ImportError) as error:
        # No server, no access or no driver: the inspection continues without it.
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return {"alias": alias, "pending": pending, "error": reason}
