"""Django's own system checks, as `manage.py check` runs them."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from django.core import checks
from django.db import connections
from django.db.models.base import ModelBase

from devsetup_companion.tenants.databases import database_alias


def examine(database: bool) -> List[Dict[str, Any]]:
    """`check` and, with a database, `check --database` for the database that is migrated; without deployment checks and what settings silence."""
    if database:
        set_public = getattr(connections[database_alias()], "set_schema_to_public", None)
        if set_public is not None:
            set_public()
    messages = checks.run_checks(
        app_configs=None, include_deployment_checks=False, databases=[database_alias()] if database else None
    )
    return [described(message) for message in messages if not message.is_silenced()]


def described(message: Any) -> Dict[str, Any]:
    """As `SystemCheckMessage` of the protocol."""
    return {
        "id": None if message.id is None else str(message.id),
        "level": int(message.level),
        "message": str(message.msg),
        "hint": None if message.hint is None else str(message.hint),
        "object": _name_of(message.obj),
    }


def _name_of(what: Any) -> Optional[str]:
    """As the message itself prints it."""
    if what is None:
        return None
    return str(what._meta.label) if isinstance(what, ModelBase) else str(what)
