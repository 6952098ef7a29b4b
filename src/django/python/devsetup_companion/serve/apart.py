"""Runs a function in a process of its own, forked for it, and brings back what it returns."""

from __future__ import annotations

import json
import os
import traceback
from typing import Any, Callable, List, NamedTuple, Optional

from devsetup_companion.serve.ending import finish_process
from devsetup_companion.serve.forking import before_fork, begin_child
from devsetup_companion.start.bootstrap import flush_output
from devsetup_companion.start.isolation import load_death_signal


class Ended(NamedTuple):
    """How the process ended: with a value, by a signal, with an exit code before it had a value, or interrupted by the user."""

    value: Any
    signal: Optional[int]
    exit_code: Optional[int]
    interrupted: bool


def run_apart(function: Callable[[], Any]) -> Ended:
    """
    Calls `function` in a forked process and waits for it. Its value must be JSON-able. It gets this process's signals by
    the process group; when it was interrupted, KeyboardInterrupt is raised here once it has ended.
    """
    die_with_parent = load_death_signal()
    reader, writer = os.pipe()
    before_fork()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        if die_with_parent is not None:
            die_with_parent()
        _perform(function, writer)
    os.close(writer)
    interrupted = False
    chunks = []
    with os.fdopen(reader, "rb") as pipe:
        while True:
            try:
                chunk = pipe.read()
            except KeyboardInterrupt:
                # The process has got the same signal and is rolling back: wait for it.
                interrupted = True
                continue
            chunks.append(chunk)
            break
    status = _wait(pid)
    if os.WIFSIGNALED(status):
        return Ended(None, os.WTERMSIG(status), None, interrupted)
    answer = b"".join(chunks)
    if not answer:
        return Ended(None, None, os.WEXITSTATUS(status), interrupted)
    kind, value = json.loads(answer)
    return Ended(value, None, None, interrupted or kind == "interrupted")


def _perform(function: Callable[[], Any], writer: int) -> None:
    answer: Optional[List[Any]] = None
    try:
        begin_child()
        answer = ["value", function()]
        finish_process()
    except KeyboardInterrupt:
        answer = answer or ["interrupted", None]
    except BaseException:  # noqa: BLE001 - the parent reports an exit without an answer.
        traceback.print_exc()
    finally:
        flush_output()
        if answer is not None:
            with os.fdopen(writer, "wb") as pipe:
                pipe.write(json.dumps(answer, default=str).encode("ascii"))
        os._exit(0)


def _wait(pid: int) -> int:
    while True:
        try:
            return os.waitpid(pid, 0)[1]
        except KeyboardInterrupt:
            continue
