"""Failures as the protocol carries them: `CompanionError` of protocol.ts as a dict."""

from __future__ import annotations

import importlib.util
import os
import sys
import traceback
from typing import Any, Dict, Iterator, List, Optional

from devsetup_companion.interruption import is_interruption
from devsetup_companion.places import find_place, is_companion_file, is_project_file

ErrorDict = Dict[str, Any]

#: lock_not_available, deadlock_detected.
LOCK_STATES = ("55P03", "40P01")
UNIQUE_VIOLATION = "23505"
INTERNAL_ERROR = "XX000"

#: Of a message and of a traceback.
MOST_CHARACTERS = 100_000


class CompanionFailure(Exception):
    """An expected failure of a request; `code` is one of those listed at `CompanionError.code` in protocol.ts."""

    def __init__(self, code: str, message: str, data: Optional[Dict[str, Any]] = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data: Dict[str, Any] = data or {}


def plain_error(code: str, message: str, data: Optional[Dict[str, Any]] = None) -> ErrorDict:
    """A failure without an exception behind it."""
    return {"code": code, "type": None, "message": message, "traceback": "", "place": None, "data": data or {}}


def describe_exception(error: BaseException, code: str, data: Optional[Dict[str, Any]] = None) -> ErrorDict:
    """Everything the user needs to know about an exception, under the given code."""
    return {
        "code": code,
        "type": type_name(error),
        "message": _shortened(_message(error)),
        "traceback": _shortened(traceback_text(error)),
        "place": find_place(error),
        "data": {**_further_facts(error), **(data or {})},
    }


def _further_facts(error: BaseException) -> Dict[str, Any]:
    try:
        return {**_server_facts(error), **_lacking_fields(error)}
    except Exception:  # noqa: BLE001 - attributes of a project's exceptions run its code; without them the failure is still reported.
        return {}


def request_error(error: BaseException) -> ErrorDict:
    """The error of a request whose handler raised."""
    if isinstance(error, CompanionFailure):
        described = describe_exception(error.__cause__ or error, error.code, error.data)
        described["message"] = error.message
        if error.__cause__ is None:
            described.update(type=None, traceback="", place=None)
        return described
    if is_interruption(error):
        return plain_error("CANCELLED", "The request was cancelled.")
    module = missing_module(error)
    if module is not None:
        return describe_exception(error, "DJANGO_MISSING", {"module": module})
    if is_database_error(error):
        return describe_exception(error, "DATABASE_ERROR")
    return describe_exception(error, "INTERNAL", _unreached(error))


def _unreached(error: BaseException) -> Dict[str, Any]:
    """The service that did not answer, if that is the reason."""
    from devsetup_companion.start.circumstances import unreached

    try:
        return unreached(error)
    except Exception:  # noqa: BLE001 - a project's exception may not even have a text: the failure itself is reported all the same.
        return {}


def _lacking_fields(error: BaseException) -> Dict[str, Any]:
    """`variables`: what the fields of a pydantic-settings class are read from that have neither a value nor a default."""
    # Only what is there already: pydantic 2 has no such name, and raises where it is asked for it.
    base = getattr(sys.modules.get("pydantic_settings") or sys.modules.get("pydantic"), "__dict__", {}).get("BaseSettings")
    for current in chain(error):
        if base is None or type(current).__name__ != "ValidationError" or not callable(getattr(current, "errors", None)):
            continue
        kinds = [kind for kind in _subclasses(base) if kind.__name__ == getattr(current, "title", None)]
        config = getattr(kinds[0], "model_config", {}) if kinds else {}
        prefix, delimiter = str(config.get("env_prefix") or ""), str(config.get("env_nested_delimiter") or "__")
        fields = getattr(kinds[0], "model_fields", {}) if kinds else {}
        names = []
        for found in current.errors():  # type: ignore[attr-defined]
            if found.get("type") in ("missing", "value_error.missing"):
                path = [str(part) for part in found["loc"]]
                # An alias stands for itself.
                names.append(((prefix if path[0] in fields else "") + delimiter.join(path)).upper())
        if names:
            return {"variables": names}
    return {}


def _subclasses(kind: Any) -> Iterator[Any]:
    for each in kind.__subclasses__():
        yield each
        yield from _subclasses(each)


def _server_facts(error: BaseException) -> Dict[str, Any]:
    """
    `sqlstate` where a server refused; for a lock that was not had also `sessions`, the server processes that may have waited.
    `catalogue`: the system catalogue whose unique index refused a row; `internal`: the server's message of an internal error,
    which is never translated.
    """
    refused = next((current for current in chain(error) if sqlstate(current) is not None), None)
    state = sqlstate(refused)
    if state is None:
        return {}
    facts: Dict[str, Any] = {"sqlstate": state}
    if state in LOCK_STATES:
        limits = sys.modules.get("devsetup_companion.migrations.lock_timeout")
        sessions = [] if limits is None else limits.opened_sessions()
        facts.update({"sessions": sessions} if sessions else {})
    details = getattr(refused, "diag", None)
    if state == UNIQUE_VIOLATION and getattr(details, "schema_name", None) == "pg_catalog":
        facts["catalogue"] = getattr(details, "table_name", None)
    if state == INTERNAL_ERROR:
        facts["internal"] = getattr(details, "message_primary", None)
    return facts


def sqlstate(error: Optional[BaseException]) -> Optional[str]:
    """Of the driver's own exception, psycopg's or psycopg2's; None for any other."""
    state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    return state if isinstance(state, str) else None


def is_database_error(error: BaseException) -> bool:
    """True for the errors of Django's database layer; Django need not be importable to ask."""
    database = sys.modules.get("django.db")
    return database is not None and isinstance(error, (database.Error, database.InterfaceError))


def type_name(error: BaseException) -> str:
    """Type with its module, as a traceback prints it: builtins without one."""
    cls = type(error)
    return cls.__qualname__ if cls.__module__ == "builtins" else "%s.%s" % (cls.__module__, cls.__qualname__)


def chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and those it came from, newest first."""
    seen = set()
    current: Optional[BaseException] = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def missing_module(error: BaseException) -> Optional[str]:
    """
    The top-level module that is not installed, if that is why `error` was raised. Not the project's own modules: a module
    whose top-level package exists, or the settings module's own package, is a mistake in the code and no missing distribution.
    """
    for current in chain(error):
        if isinstance(current, ModuleNotFoundError) and current.name:
            top = current.name.split(".")[0]
            settings = os.environ.get("DJANGO_SETTINGS_MODULE", "").split(".")[0]
            return None if top == settings or _exists(top) else top
        # An exception raised by the project while it handled another one is the project's own verdict; one raised by a
        # library (Django's "Error loading psycopg2") only wraps the import error that it came from.
        place = _raised_in(current)
        if current.__cause__ is None and place is not None and is_project_file(place):
            return None
    return None


def _exists(top: str) -> bool:
    try:
        return importlib.util.find_spec(top) is not None
    except (ImportError, ValueError, AttributeError):
        # A half-imported module has no spec: it exists all the same.
        return top in sys.modules


def _raised_in(error: BaseException) -> Optional[str]:
    last: Optional[str] = None
    step = error.__traceback__
    while step is not None:
        last = step.tb_frame.f_code.co_filename
        step = step.tb_next
    return last


def _shortened(text: str) -> str:
    """A statement can be part of a message, with all the rows it inserts: the beginning and the end say what is wrong."""
    if len(text) <= MOST_CHARACTERS:
        return text
    half = MOST_CHARACTERS // 2
    return "%s\n… %d characters …\n%s" % (text[:half], len(text) - 2 * half, text[-half:])


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return error.msg or "invalid syntax"
    if isinstance(error, SystemExit):
        return "sys.exit(%s) was called" % ("" if error.code is None else repr(error.code))
    if isinstance(error, KeyboardInterrupt):
        return "raised by the code, without Ctrl-C"
    try:
        # A ValidationError prints its messages as a Python list.
        messages = getattr(error, "messages", None) if type(error).__name__ == "ValidationError" else None
        return "; ".join(messages) if messages else str(error) or type(error).__name__
    except Exception:  # noqa: BLE001 - the project's __str__ may do anything; its type still tells something.
        return type(error).__name__


def traceback_text(error: BaseException) -> str:
    """The traceback as Python prints it, without the companion's own frames."""
    report = traceback.TracebackException.from_exception(error)
    pending: List[Any] = [report]
    seen = set()
    while pending:
        current = pending.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        kept = [frame for frame in current.stack if not is_companion_file(frame.filename)]
        current.stack = traceback.StackSummary.from_list(kept)
        pending.extend((current.__cause__, current.__context__))
    return "".join(report.format())
