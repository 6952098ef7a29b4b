"""What besides Django's own operations may create an extension before a migration needs it."""

from __future__ import annotations

import inspect
import re
import weakref
from typing import Any, Iterator, NamedTuple, Optional

from django.core.management import get_commands
from django.db.backends.signals import connection_created
from django.db.migrations.operations import RunPython
from django.db.models import signals

from devsetup_companion.examination.code_of_models import only_uses_models
from devsetup_companion.examination.operations import flat, sql_texts
from devsetup_companion.migrations.preset_migrations import dotted
from devsetup_companion.tenants import tenant_database
from devsetup_companion.tenants.tenancy import uses_tenant_schemas

#: Packages of which it is known that they create none, but for PostGIS (see needed_extensions).
_KNOWN = ("django.", "django_tenants.", "devsetup_companion.", "builtins")

#: SQL that calls what is not in its text.
_CALLS = re.compile(r"\b(?:select|call|do|execute|perform)\b", re.IGNORECASE)

#: Code that creates extensions, whatever their names.
_CREATES = re.compile(
    r"\b[Cc](?:REATE|reate)\s+(?i:extension)\b|\b[A-Z]\w*Extension\b|\b(?:create|ensure|install|enable|add)_\w*extension"
)


class Creator(NamedTuple):
    """Code that runs before, and may create extensions."""

    #: e.g. `receiver shop.signals.prepare of pre_migrate`
    name: str
    #: It is written there that it creates some.
    is_certain: bool


def around_migrations(connection: Any) -> Iterator[Creator]:
    """What runs when Django connects and before it migrates."""
    for signal, label in ((signals.pre_migrate, "pre_migrate"), (connection_created, "connection_created")):
        yield from _receivers(signal, label)
    for cls in type(connection).__mro__[:-1]:
        if not _is_known(cls):
            yield _creator("database engine %s" % cls.__module__, cls)
    commands = get_commands()
    for name in ("migrate", "migrate_schemas"):
        app = commands.get(name)
        if app is not None and not _is_known_name(getattr(app, "__module__", None) or str(app)):
            yield Creator("command %s of %s" % (name, app), False)
    if uses_tenant_schemas():
        yield from _around_tenants()


def _around_tenants() -> Iterator[Creator]:
    model = tenant_database.tenant_model()
    for name in ("create_schema", "save"):
        if not _is_known(getattr(model, name)):
            yield _creator("%s() of %s" % (name, model._meta.label), getattr(model, name))
    for signal, label in ((signals.pre_save, "pre_save"), (signals.post_save, "post_save")):
        yield from _receivers(signal, label, model)


def of_migration(migration: Any) -> Iterator[Creator]:
    """What a migration does by other means than its operations."""
    if not _is_known(type(migration).apply):
        yield _creator("apply() of %s" % _label(migration), type(migration))


def of_operation(operation: Any, migration: Any) -> Iterator[Creator]:
    """What an operation runs that is not Django's."""
    parts = list(flat([operation]))
    for one in parts if operation in parts else [operation, *parts]:
        if not _is_known(type(one).database_forwards):
            yield _creator("operation %s of %s" % (type(one).__name__, _label(migration)), type(one))
        code = getattr(one, "code", None)
        if isinstance(one, RunPython) and not _is_known(code):
            creator = _creator("function %s of %s" % (getattr(code, "__name__", "?"), _label(migration)), code)
            if creator.is_certain or not only_uses_models(code, _is_known_name):
                yield creator
        for text in sql_texts(one):
            if _CALLS.search(text):
                yield Creator("SQL of %s" % _label(migration), False)


def _label(migration: Any) -> str:
    return dotted(migration.app_label, migration.name)


def _receivers(signal: Any, label: str, sender: Optional[Any] = None) -> Iterator[Creator]:
    """Of all senders, or of this one."""
    for entry in signal.receivers:
        if sender is not None and entry[0][1] != id(sender):
            continue
        receiver = entry[1]() if isinstance(entry[1], weakref.ReferenceType) else entry[1]
        if receiver is not None and not _is_known(receiver):
            name = getattr(receiver, "__qualname__", type(receiver).__name__)
            yield _creator("receiver %s.%s of %s" % (_module(receiver), name, label), receiver)


def _creator(name: str, code: Any) -> Creator:
    try:
        source = inspect.getsource(code)
    except (OSError, TypeError):
        # Not written in a file: a callable object, a function of C.
        source = ""
    return Creator(name, bool(_CREATES.search(source)))


def _is_known(code: Any) -> bool:
    return _is_known_name(_module(code))


def _is_known_name(module: str) -> bool:
    return (module + ".").startswith(_KNOWN)


def _module(code: Any) -> str:
    return str(getattr(code, "__module__", None) or type(code).__module__)
