"""Runs a function in a process of its own, forked for it, and brings back what it returns."""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any, Callable, List, NamedTuple, Optional

from devsetup_companion.start.isolation import load_death_signal


class Ended(NamedTuple):
    """How the process ended: with a value, by a signal, with an exit code before it had a value, or interrupted by the user."""

    value: Any
    signal: Optional[int]
    exit_code: Optional[int]
    interrupted: bool


def can_fork() -> bool:
    """Only the forking thread survives a fork, so whatever lock another thread holds would stay locked for ever."""
    return hasattr(os, "fork") and threading.active_count() == 1


def run_apart(function: Callable[[], Any]) -> Ended:
    """
    Calls `function` in a forked process and waits for it. Its value must be JSON-able. It gets this process's signals by
    the process group; when it was interrupted, KeyboardInterrupt is raised here once it has ended.
    """
    die_with_parent = load_death_signal()
    reader, writer = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
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
        answer = ["value", function()]
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and not thread.daemon:
                thread.join()
    except KeyboardInterrupt:
        answer = answer or ["interrupted", None]
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
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
