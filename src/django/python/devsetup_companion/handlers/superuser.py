"""`inspect-superuser` and `ensure-superuser`: one named superuser, created by Django's own createsuperuser."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, List, Optional

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from devsetup_companion.errors import CompanionFailure
from devsetup_companion.tenants.tenant_fields import describe_field
from devsetup_companion.tenants.user_schemas import has_user_table, in_schema, user_database, user_schemas

Progress = Callable[[Dict[str, Any]], None]

PASSWORD_VARIABLE = "DJANGO_SUPERUSER_PASSWORD"
FLAGS = ("is_superuser", "is_staff", "is_active")


def inspect_superuser(params: Dict[str, Any], progress: Progress) -> Dict[str, Any]:
    """Changes nothing: `exists` or `missing`; `differs` says whether `update` would change anything."""
    return _each_schema(params, write=False)


def ensure_superuser(params: Dict[str, Any], progress: Progress) -> Dict[str, Any]:
    """
    Creates the user where it is missing; touches an existing one only with `update`. `missing`: there is no user table
    yet. Raises SUPERUSER_SCHEMA_NEEDED, SUPERUSER_FIELDS_MISSING and SUPERUSER_REJECTED.
    """
    return _each_schema(params, write=True)


def _each_schema(params: Dict[str, Any], write: bool) -> Dict[str, Any]:
    username, password = str(params["username"]), str(params.get("password") or "")
    fields = {str(name).lower(): value for name, value in (params.get("fields") or {}).items()}
    schemas = user_schemas(params.get("schemas"))
    outcomes: List[str] = []
    users: List[Any] = []
    missing_in: List[Optional[str]] = []
    differs = False
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
            elif params.get("update") and _differs(user, password):
                differs = True
                if write:
                    _update(user, password)
                    outcome = "updated"
            outcomes.append(outcome)
            if user is not None:
                users.append(user)
    return {
        "outcome": next((o for o in ("missing", "created", "updated") if o in outcomes), "exists"),
        "schemas": schemas,
        "missingIn": missing_in,
        "isSuperuser": bool(users) and all(getattr(user, "is_superuser", False) for user in users),
        "differs": differs and not write,
    }


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
        names = ", ".join(field["name"] for field in missing)
        message = "A superuser of %s also needs %s" % (model._meta.label, names)
        raise CompanionFailure("SUPERUSER_FIELDS_MISSING", message, data={"fields": missing})
    return values


def _create(username: str, password: str, values: Dict[str, Any]) -> Any:
    model = get_user_model()
    options = {**values, model.USERNAME_FIELD: username}
    try:
        if "" in values.values():
            # Older createsuperuser refuses a required field that is empty, although the model allows it. This call is
            # what the command ends in.
            model._default_manager.db_manager(user_database()).create_superuser(password=password, **options)
        else:
            with _environment(PASSWORD_VARIABLE, password):
                call_command("createsuperuser", interactive=False, database=user_database(), verbosity=0, **options)
    except (CommandError, IntegrityError) as error:
        # Only the first line: PostgreSQL's DETAIL shows the whole row, password hash included.
        reason = (str(error).strip().splitlines() or [""])[0]
        raise CompanionFailure("SUPERUSER_REJECTED", "The superuser was not created: " + reason) from None
    user = find_user(username)
    if user is None:
        message = "createsuperuser ended well, but %s %s cannot be found" % (model.USERNAME_FIELD, username)
        raise CompanionFailure("SUPERUSER_REJECTED", message)
    return user


def _differs(user: Any, password: str) -> bool:
    # Not user.check_password: that one saves a stronger hash when it can, and looking must not write.
    return not check_password(password, user.password) or not all(getattr(user, flag) for flag in _flags(user))


def _flags(user: Any) -> List[str]:
    """Those the model stores: some derive is_staff from a field of their own."""
    return [field.name for field in user._meta.concrete_fields if field.name in FLAGS]


def _update(user: Any, password: str) -> None:
    user.set_password(password)
    for flag in _flags(user):
        setattr(user, flag, True)
    user.save(using=user_database())


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
