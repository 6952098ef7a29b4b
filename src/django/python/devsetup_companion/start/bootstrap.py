"""From the start of the process to the moment the project's manage.py calls Django's command line."""

from __future__ import annotations

import os
import runpy
import sys
import time
from typing import Any, Callable, Dict, FrozenSet, List, NoReturn, Optional, Tuple

from devsetup_companion.start import chance, environment, exported, helper, isolation, obstacles, replacement, takeover, watch
from devsetup_companion.channel import Channel
from devsetup_companion.start.circumstances import circumstances
from devsetup_companion.errors import ErrorDict, describe_exception, missing_module, plain_error
from devsetup_companion.interruption import is_interruption, note_interruptions
from devsetup_companion.options import Options, parse_options

Failed = Callable[[ErrorDict], NoReturn]
TakenOver = Callable[[Any], None]


def main(arguments: List[str]) -> NoReturn:
    """Does what the options ask for; never returns."""
    options = parse_options(arguments)
    isolation.stream_output()
    if options.mode == "attempt":
        from devsetup_companion.start.attempt import attempt

        attempt(options, {}, False)
    channel = Channel(options.descriptor)
    if options.mode == "collect":
        from devsetup_companion.start.collect import collect_and_leave

        collect_and_leave(options, channel)
    if options.mode == "once":
        from devsetup_companion.serve.once import serve_once

        serve_once(options, channel)
    _serve(options, channel)


def _serve(options: Options, channel: Channel) -> NoReturn:
    begin = time.monotonic()
    initial_environment = dict(os.environ)
    folder = os.getcwd()
    assistant = helper.fork_helper(options, channel)
    if assistant is None and options.tells_installed and options.execs == 0:
        # Without a second process it cannot be told: the question is taken from the socket all the same.
        channel.receive_one()

    def failed(error: ErrorDict) -> NoReturn:
        flush_output()
        if exported.opened_files():
            error["data"] = {**error["data"], "envFiles": exported.opened_files()}
        missing = None
        if assistant is not None:
            assistant.settle()
            missing = assistant.missing_for(error)
        channel.send({"event": "failed", "error": error})
        if missing is not None:
            channel.send(missing)
        leave(1)

    def restart() -> None:
        flush_output()
        if assistant is not None:
            assistant.settle()
        os.chdir(folder)
        given, kept = (_names(groups) for groups in (options.exported, exported.remaining()))
        replacement.start_again(options, {name: value for name, value in initial_environment.items() if name not in given - kept})

    def taken_over(utility: Any) -> None:
        takeover.start_django(utility, options.lock_timeout)
        exported.stop_restarting()
        start_seconds = time.monotonic() - begin
        if assistant is not None:
            assistant.dismiss()
        from devsetup_companion.handlers import describe
        from devsetup_companion.serve import server

        given, left = (_names(groups) for groups in (options.exported, exported.remaining()))
        server.serve(options, channel, initial_environment, describe.describe(start_seconds, given, left))

    run_manage_py(options, ["migrate"], taken_over, failed, None if assistant is None else assistant.settle, restart)


def _names(groups: Tuple[Tuple[str, FrozenSet[str]], ...]) -> FrozenSet[str]:
    return frozenset(name for _, names in groups for name in names)


def run_manage_py(
    options: Options,
    arguments: List[str],
    taken_over: TakenOver,
    failed: Failed,
    replacing: Optional[Callable[[], None]] = None,
    restart: Optional[Callable[[], None]] = None,
) -> NoReturn:
    """
    Runs manage.py as `python manage.py <arguments>` would, and calls `taken_over` with Django's ManagementUtility where a
    command would begin. `failed` gets the reason when that point is not reached or `taken_over` raises; `replacing` is called
    before manage.py hands over to another Python, `restart` where it was misled by a variable of an env file (see `exported`).
    Never returns.
    """
    manage_py = options.manage_py
    sys.argv = [manage_py, *arguments]
    if not getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, os.path.dirname(os.path.realpath(manage_py)))
    note_interruptions()
    environment.start_recording()
    chance.watch()
    # First: its own questions are not the project's.
    exported.start(options.exported, restart)
    watch.start()
    if options.execs > 0:
        # What the first Python read is lost with it.
        obstacles.note("hands over to another Python")

    def stopped(error: BaseException, code: str) -> NoReturn:
        failed(_startup_error(error, code))

    def reached(utility: Any) -> None:
        replacement.remove_guards()
        try:
            taken_over(utility)
        except takeover.StartFailure as failure:
            stopped(failure.error, failure.code)
        except BaseException as error:  # noqa: BLE001 - whatever it is, devsetup must hear of it.
            stopped(error, "INTERNAL")
        leave(0)

    takeover.install(reached)
    replacement.install_guards(options, failed, replacing or (lambda: None))
    try:
        runpy.run_path(manage_py, run_name="__main__")
    except SystemExit as error:
        _print_exit_text(error)
        stopped(error, "MANAGE_PY_FAILED")
    except BaseException as error:  # noqa: BLE001 - see above.
        stopped(error, takeover.stage_of(error) or "MANAGE_PY_FAILED")
    failed(plain_error("MANAGE_PY_NO_DJANGO", "%s ended without calling Django's command line." % manage_py))


def _startup_error(error: BaseException, code: str) -> ErrorDict:
    if is_interruption(error):
        return plain_error("CANCELLED", "The start of Django was cancelled.")
    module = missing_module(error)
    if module is not None:
        return describe_exception(error, "DJANGO_MISSING", {"module": module})
    described = describe_exception(error, code, _circumstances(error))
    if isinstance(error, SystemExit):
        described["data"] = {"exitCode": exit_code(error)}
        described["message"] = "sys.exit(%s) was called before Django started." % ("" if error.code is None else repr(error.code))
    return described


def _circumstances(error: BaseException) -> Dict[str, Any]:
    try:
        return circumstances(error)
    except Exception:  # noqa: BLE001 - a file that cannot be read, an odd module: the failure itself is reported all the same.
        return {}


def exit_code(error: SystemExit) -> int:
    """What Python exits with."""
    if error.code is None:
        return 0
    return error.code & 0xFF if isinstance(error.code, int) else 1


def _print_exit_text(error: SystemExit) -> None:
    if error.code is not None and not isinstance(error.code, int):
        print(error.code, file=sys.stderr)


def flush_output() -> None:
    """Flushes what the project printed."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            # Closed or replaced by the project, or nobody reads any more: nothing is left to flush.
            continue


def leave(code: int) -> NoReturn:
    """Ends the process at once: exit handlers and `finally` blocks of manage.py belong to a command that never ran."""
    flush_output()
    os._exit(code)
