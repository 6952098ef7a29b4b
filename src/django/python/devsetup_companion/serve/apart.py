"""Runs a function in a process of its own, forked for it, and brings back what it returns."""

from __future__ import annotations

import json
import os
import signal
import tempfile
import traceback
from typing import Any, BinaryIO, Callable, List, NamedTuple, NoReturn, Optional, Set

from devsetup_companion.serve.ending import finish_process
from devsetup_companion.serve.forking import before_fork, begin_child
from devsetup_companion.start.bootstrap import flush_output
from devsetup_companion.start.isolation import load_death_signal


class Ended(NamedTuple):
    """How the process ended: with a value, by a signal, with an exit code instead of a value, or interrupted by the user."""

    value: Any
    signal: Optional[int]
    exit_code: Optional[int]
    interrupted: bool


def run_apart(function: Callable[[], Any]) -> Ended:
    """
    Calls `function` in a forked process and waits for it. Its value must be JSON-able. It gets this process's signals by
    the process group; SIGINT is answered here with `interrupted`, once it has ended.
    """
    die_with_parent = load_death_signal()
    before_fork()
    # Not a pipe: a process that the child leaves behind would hold its other end.
    with _open_answer() as answer:
        status: Optional[int] = None
        interrupted = False
        before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
        try:
            try:
                # Held back in this process: between the fork and the end of the child it would leave the child alone, or lose its status,
                # which is there only once. The child has got the same signal and is rolling back: it is waited for.
                signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
                pid = os.fork()
                if pid == 0:
                    if die_with_parent is not None:
                        die_with_parent()
                    _perform(function, answer, before)
                status = os.waitpid(pid, 0)[1]
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
        except KeyboardInterrupt:
            if status is None:
                raise
            interrupted = True
        answer.seek(0)
        text = answer.read()
    if os.WIFSIGNALED(status):
        return Ended(None, os.WTERMSIG(status), None, interrupted)
    exit_code = os.WEXITSTATUS(status)
    if exit_code != 0 or not text:
        return Ended(None, None, exit_code, interrupted)
    kind, value = json.loads(text)
    return Ended(value, None, None, interrupted or kind == "interrupted")


def _perform(function: Callable[[], Any], answer: BinaryIO, signals: Set[int]) -> NoReturn:
    try:
        begin_child()
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, signals)
            _write(answer, ["value", function()])
        except KeyboardInterrupt:
            _write(answer, ["interrupted", None])
        # Last: an exit handler may end the process.
        finish_process()
    except KeyboardInterrupt:
        # The parent has got the same signal.
        pass
    except BaseException:  # noqa: BLE001 - the parent reports an exit without an answer.
        traceback.print_exc()
    finally:
        flush_output()
        os._exit(0)


def _write(answer: BinaryIO, what: List[Any]) -> None:
    answer.write(json.dumps(what, default=str).encode("ascii"))
    answer.flush()


def _open_answer() -> BinaryIO:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("answer"), "w+b")
    return tempfile.TemporaryFile()
