"""Requests about management commands: `command-options` and `run`."""

from __future__ import annotations

import contextlib
import difflib
import sys
from typing import Any, ContextManager, Dict, List, Optional, Set, Tuple

from devsetup_companion.start.bootstrap import exit_code
from devsetup_companion.channel import Progress
from devsetup_companion.errors import CompanionFailure, ErrorDict, request_error, traceback_text
from devsetup_companion.interruption import interruption, is_interruption
from devsetup_companion.migrations.migration_journal import migration_journal
from devsetup_companion.tenants.tenancy import uses_tenant_schemas

# Answered by ManagementUtility itself; they are in no list of commands.
_BUILT_IN = ("help", "version")


def command_options(params: Dict[str, Any], progress: Progress) -> Dict[str, Any]:
    """`CommandOptions`: name → the option strings its parser takes and the app that provides it; None if there is none."""
    return {name: _options_of(name) for name in params["names"]}


def _options_of(name: str) -> Optional[Dict[str, Any]]:
    from django.core.management import get_commands, load_command_class

    provider = get_commands().get(name)
    if provider is None:
        return None
    command = load_command_class(provider, name) if isinstance(provider, str) else provider
    parser = command.create_parser("manage.py", name)
    app = provider if isinstance(provider, str) else type(provider).__module__
    return {"options": sorted(parser._option_string_actions), "app": app}


def run(params: Dict[str, Any], progress: Progress) -> Dict[str, Any]:
    """
    `RunResult`: a management command as manage.py would run it, optionally inside the schema of a tenant. With `workerLock`
    the next devsetup waits for what the server still does for this command, should this one be killed. `applied` says that
    the command will migrate a schema from there: the states on the way are then at hand.
    """
    from devsetup_companion.migrations.atomic_records import record_in_transaction
    from devsetup_companion.migrations.warm import use_warm
    from devsetup_companion.migrations.worker_lock import holding_worker_lock
    from devsetup_companion.tenants.schema_creation import guard_schema_creation

    command, arguments = str(params["command"]), [str(argument) for argument in params.get("args", [])]
    _check_exists(command)
    if params.get("applied") is not None:
        use_warm()
    record_in_transaction()
    if uses_tenant_schemas():
        guard_schema_creation()
    before = _tenant_schemas()
    with migration_journal(progress) as applied:
        with holding_worker_lock(params.get("workerLock"), params.get("shardLock")):
            code, error = _execute([sys.argv[0], command, *arguments], params.get("schema"))
        migrations = applied()
    name = interruption()
    if code == 0 and name is not None:
        # A server that a signal stops ends well, and has not come to its end.
        raise CompanionFailure("CRASHED", "The process of `run` was ended by %s." % name, {"signal": name})
    after = _tenant_schemas()
    return {
        "exitCode": code,
        "error": error,
        "migrations": migrations,
        "tenantsAdded": sorted(after - before),
        "tenantsRemoved": sorted(before - after),
    }


def _check_exists(command: str) -> None:
    from django.core.management import get_commands

    known = [*get_commands(), *_BUILT_IN]
    if command not in known:
        similar = difflib.get_close_matches(command, known, n=3)
        raise CompanionFailure("COMMAND_UNKNOWN", "There is no command `%s`." % command, {"similar": similar})


def _execute(argv: List[str], schema: Optional[str]) -> Tuple[int, Optional[ErrorDict]]:
    from django.core.management import ManagementUtility

    sys.argv = argv
    try:
        with _inside(schema):
            ManagementUtility(argv[:]).execute()
    except SystemExit as ending:
        if ending.code is not None and not isinstance(ending.code, int):
            print(ending.code, file=sys.stderr)
        return exit_code(ending), _reason_of_exit(ending)
    except BaseException as error:  # noqa: BLE001 - Python would print it and exit with 1 (130 after a KeyboardInterrupt).
        if is_interruption(error):
            raise
        sys.stderr.write(traceback_text(error))
        return 130 if isinstance(error, KeyboardInterrupt) else 1, _command_error(error)
    return 0, None


def _inside(schema: Optional[str]) -> ContextManager[Any]:
    if schema is None:
        return contextlib.nullcontext()
    from django_tenants.utils import schema_context

    context: ContextManager[Any] = schema_context(schema)
    return context


def _reason_of_exit(ending: SystemExit) -> Optional[ErrorDict]:
    """A text is the reason itself. BaseCommand prints a CommandError and exits with a number while it handles it."""
    if ending.code is not None and not isinstance(ending.code, int):
        return _command_error(ending)
    cause = ending.__context__
    if exit_code(ending) == 0 or not isinstance(cause, Exception):
        return None
    return _command_error(cause)


def _command_error(error: BaseException) -> ErrorDict:
    described = request_error(error)
    # What a command raises is a failure of the command, not of the companion.
    return {**described, "code": "COMMAND_FAILED"} if described["code"] == "INTERNAL" else described


def _tenant_schemas() -> Set[str]:
    """Schema names of the tenant rows; empty without tenant schemas, without their table and without a database."""
    if not uses_tenant_schemas():
        return set()
    from django.db import Error, connections
    from django_tenants.utils import get_tenant_model

    try:
        return set(get_tenant_model()._base_manager.values_list("schema_name", flat=True))
    except Error:
        # No table yet, or no database: the command itself says so, in the words its user knows.
        return set()
    finally:
        connections.close_all()
