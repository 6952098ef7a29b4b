"""`inspect-superuser` and `ensure-superuser`: one named superuser, created by Django's own createsuperuser."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, List, Optional

from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import IntegrityError

from devsetup_companion.accounts.grant import grant
from devsetup_companion.accounts.rights import lacks
from devsetup_companion.errors import CompanionFailure, sqlstate
from devsetup_companion.tenants.tenant_fields import describe_field
from devsetup_companion.tenants.user_schemas import has_user_table, in_schema, user_database, user_schemas

Progress = Callable[[Dict[str, Any]], None]

PASSWORD_VARIABLE = "DJANGO_SUPERUSER_PASSWORD"
NOT_NULL_VIOLATION = "23502"


def inspect_superuser(params: Dict[str, Any], progress: Progress) -> Dict[str, Any]:
    """Changes nothing: `exists` or `missing`; `lacking` says what `update` would change."""
    return _each_schema(params, write=False)


def ensure_superuser(params: Dict[str, Any], progress: Progress) -> Dict[str, Any]:
    """
    Creates the user where it is missing; touches an existing one only with `update`. `missing`: there is no user table
    yet. Raises SUPERUSER_SCHEMA_NEEDED, SUPERUSER_FIELDS_MISSING, SUPERUSER_REJECTED and SUPERUSER_INCOMPLETE.
    """
    return _each_schema(params, write=True)


def _each_schema(params: Dict[str, Any], write: bool) -> Dict[str, Any]:
    username, password = str(params["username"]), str(params.get("password") or "")
    fields = {str(name).lower(): value for name, value in (params.get("fields") or {}).items()}
    schemas = user_schemas(params.get("schemas"))
    outcomes: List[str] = []
    lacking: List[Dict[str, Any]] = []
    missing_in: List[Optional[str]] = []
    for schema in schemas:
        with in_schema(schema):
            if not has_user_table(schema):
                outcomes.append("missing")
                missing_in.append(schema)
                continue
            user, outcome = find_user(username), "exists"
            if user is None:
                values = _required_values(fields)
                outcome = "missing"
                if write:
                    user = _create(username, password, values)
                    outcome = "created"
                else:
                    missing_in.append(schema)
            missing = [] if user is None else lacks(user, password)
            # One that was created for another schema a moment ago is devsetup's own: it gets its rights here, too.
            if missing and write and (params.get("update") or "created" in [outcome, *outcomes]):
                _complete(user, username, password, schema)
                missing = []
                outcome = "updated" if outcome == "exists" else outcome
            outcomes.append(outcome)
            if missing:
                lacking.append({"schema": schema, "lacks": missing})
    return {
        "outcome": next((o for o in ("missing", "created", "updated") if o in outcomes), "exists"),
        "schemas": schemas,
        "missingIn": missing_in,
        "lacking": lacking,
    }


def _complete(user: Any, username: str, password: str, schema: Optional[str]) -> None:
    """Gives the user what it lacks, and checks the user as it is stored afterwards. Raises SUPERUSER_INCOMPLETE."""
    grant(user, password, user_database())
    again = find_user(username)
    missing = lacks(again, password)
    if missing:
        message = "The superuser still lacks: " + ", ".join(missing)
        raise CompanionFailure("SUPERUSER_INCOMPLETE", message, data={"schema": schema, "lacks": missing})


def find_user(username: str) -> Optional[Any]:
    """By natural key, in the spellings under which managers commonly store what they are given."""
    model = get_user_model()
    manager = model._default_manager.db_manager(user_database())
    for spelling in _spellings(model, username):
        try:
            if hasattr(manager, "get_by_natural_key"):
                return manager.get_by_natural_key(spelling)
            return manager.get(**{model.USERNAME_FIELD: spelling})
        except model.DoesNotExist:
            continue
    return None


def _spellings(model: Any, username: str) -> List[str]:
    found = [username]
    if hasattr(model, "normalize_username"):
        found.append(str(model.normalize_username(username)))
    if "@" in username:
        name, _, host = username.rpartition("@")
        found += [name + "@" + host.lower(), username.lower()]
    return list(dict.fromkeys(found))


def _required_values(fields: Dict[str, Any]) -> Dict[str, Any]:
    """Values for REQUIRED_FIELDS; an empty one where the model allows it, and all that are missing in one error."""
    model = get_user_model()
    values: Dict[str, Any] = {}
    missing: List[Dict[str, Any]] = []
    for name in model.REQUIRED_FIELDS:
        field = model._meta.get_field(name)
        value = fields.get(name.lower(), os.environ.get("DJANGO_SUPERUSER_" + name.upper()))
        if value in (None, "") and not field.blank:
            missing.append(describe_field(field))
        elif field.many_to_many:
            values[name] = [part.strip() for part in str(value).split(",")] if value else ""
        else:
            values[name] = "" if value is None else str(value)
    if missing:
        raise _fields_missing(missing)
    return values


def _fields_missing(missing: List[Dict[str, Any]]) -> CompanionFailure:
    names = ", ".join(field["name"] for field in missing)
    message = "A superuser of %s also needs %s" % (get_user_model()._meta.label, names)
    return CompanionFailure("SUPERUSER_FIELDS_MISSING", message, data={"fields": missing})


def _further_values() -> Dict[str, Any]:
    """Fields that createsuperuser does not ask for, although the table does: from variables of the same form."""
    model = get_user_model()
    known = {*model.REQUIRED_FIELDS, model.USERNAME_FIELD, "password"}
    fields = [field for field in model._meta.concrete_fields if field.name not in known and not field.primary_key]
    given = {field.attname: os.environ.get("DJANGO_SUPERUSER_" + field.name.upper(), "") for field in fields if not field.null}
    return {name: value for name, value in given.items() if value}


def _missing_column(error: IntegrityError) -> Optional[Any]:
    """The field of the user model that the server says may not be empty."""
    if sqlstate(error.__cause__) != NOT_NULL_VIOLATION:
        return None
    details = getattr(error.__cause__, "diag", None)
    meta = get_user_model()._meta
    if getattr(details, "table_name", None) != meta.db_table:
        return None
    column = getattr(details, "column_name", None)
    return next((field for field in meta.concrete_fields if field.column == column), None)


def _create(username: str, password: str, values: Dict[str, Any]) -> Any:
    model = get_user_model()
    further = _further_values()
    options = {**values, **further, model.USERNAME_FIELD: username}
    try:
        if further or "" in values.values():
            # Older createsuperuser refuses a required field that is empty, although the model allows it, and none takes
            # further ones. This call is what the command ends in.
            model._default_manager.db_manager(user_database()).create_superuser(password=password, **options)
        else:
            with _environment(PASSWORD_VARIABLE, password):
                call_command(_createsuperuser(), interactive=False, database=user_database(), verbosity=0, **options)
    except (CommandError, IntegrityError, TypeError, ValueError, ValidationError, ObjectDoesNotExist) as error:
        field = _missing_column(error) if isinstance(error, IntegrityError) else None
        if field is not None:
            raise _fields_missing([describe_field(field)]) from None
        # Only the first line: PostgreSQL's DETAIL shows the whole row, password hash included.
        reason = (str(error).strip().splitlines() or [""])[0]
        raise CompanionFailure("SUPERUSER_REJECTED", "The superuser was not created: " + reason) from None
    user = find_user(username)
    if user is None:
        message = "createsuperuser ended well, but %s %s cannot be found" % (model.USERNAME_FIELD, username)
        raise CompanionFailure("SUPERUSER_REJECTED", message)
    return user


def _createsuperuser() -> Any:
    """Without its check for pending migrations, which opens `default` even if the users are in another database."""
    provider = get_commands()["createsuperuser"]
    command = load_command_class(provider, "createsuperuser") if isinstance(provider, str) else provider
    command.requires_migrations_checks = False
    return command


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
