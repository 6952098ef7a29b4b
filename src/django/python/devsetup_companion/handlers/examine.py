"""`examine`: what Django's own checks, models and migrations say of the project."""

from __future__ import annotations

from typing import Any, Callable, Dict

from devsetup_companion.errors import request_error
from devsetup_companion.examination import app_lists, drift, extensions, model_changes, own_apps, settings, system_checks
from devsetup_companion.interruption import is_interruption
from devsetup_companion.migrations.warm import use_warm
from devsetup_companion.tenants import primary_domains

Part = Callable[[], Any]

#: What a part is where it could not be examined.
_NOTHING: Dict[str, Any] = {
    "systemChecks": [],
    "settings": settings.NOTHING,
    "modelChanges": [],
    "minimumServerVersion": None,
    "extensions": [],
    "drift": None,
    "tenantsWithoutPrimaryDomain": None,
    "appLists": None,
    "ownApps": [],
    "squashes": [],
}


def examine(params: Dict[str, Any], progress: Callable[[Dict[str, Any]], None]) -> Dict[str, Any]:
    """The `Examination` of the protocol. A part that fails is told under `failures`, and the others go on."""
    use_warm()
    database = bool(params.get("database"))
    parts: Dict[str, Part] = {
        "settings": settings.examine,
        "modelChanges": model_changes.examine,
        "minimumServerVersion": _minimum_server_version,
        "extensions": extensions.examine,
        "ownApps": own_apps.labels,
        "squashes": own_apps.squashes,
    }
    if database:
        parts.update(drift=drift.examine, tenantsWithoutPrimaryDomain=primary_domains.tenants_without)
    # Loads the project's URLs, which may do anything.
    parts["appLists"] = app_lists.examine
    # Last: a check of the project may do anything.
    parts["systemChecks"] = lambda: system_checks.examine(database)
    found: Dict[str, Any] = {}
    failures: Dict[str, str] = {}
    for name, part in parts.items():
        try:
            found[name] = part()
        except BaseException as error:  # noqa: BLE001 - SystemExit too: what one part meets is not the others' business.
            if is_interruption(error):
                raise
            failures[name] = _first_line(error)
    return {**_NOTHING, **found, "failures": failures}


def _minimum_server_version() -> Any:
    """A class attribute of Django's backend: nothing is opened."""
    from django.db import connections

    from devsetup_companion.tenants.databases import database_alias

    version = getattr(connections[database_alias()].features, "minimum_database_version", None)
    return None if version is None else list(version)


def _first_line(error: BaseException) -> str:
    described = request_error(error)
    lines = str(described["message"]).strip().splitlines()
    message = lines[0] if lines else ""
    return message if described["type"] is None else "%s: %s" % (described["type"], message)
