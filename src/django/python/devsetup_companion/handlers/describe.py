"""What devsetup wants to know about the project: `Description` of protocol.ts. Opens no database connection."""

from __future__ import annotations

import os
import sys
from typing import Any, Dict, FrozenSet, Optional

from devsetup_companion.start import environment, variables
from devsetup_companion.tenants.tenancy import describe_tenancy, find_user_home

# What decides where a connection leads and how it is protected: a client of the same server needs it as well.
_CLIENT_OPTIONS = frozenset(
    "host hostaddr port dbname user password passfile service servicefile options target_session_attrs channel_binding"
    " sslmode sslrootcert sslcert sslkey sslpassword sslcrl sslcrldir sslcertmode sslnegotiation ssl_min_protocol_version"
    " gssencmode require_auth requirepeer conninfo dsn assume_role".split()
)


def describe(start_seconds: float, exported: FrozenSet[str], left: FrozenSet[str]) -> Dict[str, Any]:
    """
    The description without `mode` and `modeReason`, which the server knows. `exported`: variables that devsetup has set from env
    files, whose values the project's own reader may have replaced; `left`: those of files that the project has not opened.
    """
    import django
    from django.conf import settings
    from django.core.management import get_commands

    from devsetup_companion.tenants.databases import database_alias, other_databases

    commands = {name: app if isinstance(app, str) else type(app).__module__ for name, app in get_commands().items()}
    tenancy = describe_tenancy(commands)
    return {
        "pid": os.getpid(),
        "python": sys.executable,
        "django": django.get_version(),
        "startSeconds": start_seconds,
        "settingsModule": os.environ.get("DJANGO_SETTINGS_MODULE") or getattr(settings, "SETTINGS_MODULE", None),
        "debug": bool(settings.DEBUG),
        "secretKey": _secret_key(settings),
        "database": describe_database(database_alias()),
        "otherDatabases": [{**describe_database(other["alias"]), **other} for other in other_databases()],
        "installedApps": [str(app) for app in settings.INSTALLED_APPS],
        "commands": commands,
        "tenancy": tenancy,
        "user": _describe_user(tenancy),
        "unsetVariables": list(environment.missed_variables()),
        "fileVariables": {name: variables.peek(name) for name in sorted(exported)},
        "ownVariables": sorted(exported - left),
    }


def _secret_key(settings: Any) -> str:
    from django.core.exceptions import ImproperlyConfigured

    try:
        return str(settings.SECRET_KEY or "")
    except ImproperlyConfigured:
        # Django refuses an empty key only when it is read: '' says the same.
        return ""


def describe_database(alias: str) -> Dict[str, Any]:
    """This database as the settings have it."""
    from django.db import connections

    values = connections.databases.get(alias) or {}
    options = dict(values.get("OPTIONS") or {})
    name = values.get("NAME")
    if name is None:
        # As Django does, which then connects to `postgres`.
        options.pop("service", None)
    return {
        "alias": alias,
        "engine": str(values.get("ENGINE") or ""),
        "vendor": find_vendor(alias),
        "name": None if name in (None, "") else str(name),
        "host": str(values.get("HOST") or ""),
        "port": str(values.get("PORT") or ""),
        "user": str(values.get("USER") or ""),
        "password": str(values.get("PASSWORD") or ""),
        "options": {key: str(options[key]) for key in sorted(_CLIENT_OPTIONS & options.keys()) if options[key] not in (None, "")},
    }


def find_vendor(alias: str) -> Optional[str]:
    """`connection.vendor`; None where the engine cannot be loaded (its driver or the entry of DATABASES does not exist)."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import connections
    from django.utils.connection import ConnectionDoesNotExist

    try:
        return str(connections[alias].vendor)
    except (ConnectionDoesNotExist, ImproperlyConfigured, ImportError):
        # The first request that needs the database reports it with its traceback.
        return None


def _describe_user(tenancy: Dict[str, Any]) -> Dict[str, Any]:
    from django.contrib.auth import get_user_model
    from django.core.exceptions import ImproperlyConfigured

    try:
        model = get_user_model()
    except (ImproperlyConfigured, RuntimeError):
        # A project without django.contrib.auth has no users.
        return {"model": "", "usernameField": "", "requiredFields": [], "livesIn": "shared"}
    return {
        "model": model._meta.label,
        "usernameField": model.USERNAME_FIELD,
        "requiredFields": [str(field) for field in model.REQUIRED_FIELDS],
        "livesIn": find_user_home(model._meta.app_label) if tenancy["mode"] == "schemas" else "shared",
    }
