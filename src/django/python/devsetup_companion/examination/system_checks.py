"""Django's own system checks, as `manage.py check` runs them."""

from __future__ import annotations

import traceback
from typing import Any, Dict, List, Optional

from django.conf import settings
from django.core import checks
from django.db import connections
from django.db.models.base import ModelBase

from devsetup_companion.errors import request_error
from devsetup_companion.start import unset_settings
from devsetup_companion.tenants.databases import database_alias


def examine(database: bool) -> List[Dict[str, Any]]:
    """`check` and, with a database, `check --database` for the database that is migrated; without deployment checks and what settings silence."""
    if database:
        set_public = getattr(connections[database_alias()], "set_schema_to_public", None)
        if set_public is not None:
            set_public()
    databases = [database_alias()] if database else None
    try:
        messages = checks.run_checks(app_configs=None, include_deployment_checks=False, databases=databases)
    except Exception as error:
        if not unset_settings.raised_by(error):
            raise
        return [raised(error)]
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


def raised(error: BaseException) -> Dict[str, Any]:
    """The exception of a check as a message: with the variables that are not set, else with the place and the settings that were read."""
    failure = request_error(error)
    text = "%s: %s" % (failure["type"], failure["message"])
    unset = [
        "%s holds None, because %s is not set (%s:%d)" % (one["setting"], one["name"], one["place"]["file"], one["place"]["line"])
        for one in unset_settings.raised_by(error)
    ]
    read = sorted(name for name in unset_settings.settings_read(error) if hasattr(settings, name))
    hint = "Set the variable, or write a value into the settings." if unset else None
    if read and not unset:
        hint = "Check the value of %s in the settings." % ", ".join(read)
    message = "%s (%s)" % (text, "; ".join(unset) or _place_of(error))
    return {"id": None, "level": checks.CRITICAL, "message": message, "hint": hint, "object": None}


def _place_of(error: BaseException) -> str:
    """The innermost frame."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return "%s in %s:%d" % (frame.name, frame.filename, frame.lineno or 0)


def _name_of(what: Any) -> Optional[str]:
    """As the message itself prints it."""
    if what is None:
        return None
    return str(what._meta.label) if isinstance(what, ModelBase) else str(what)
