"""Starts the process of a request: a fork of the warm process, or a fresh Python where forking is not safe."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import traceback
from typing import Any, Callable, Dict, List, NoReturn, Optional

from devsetup_companion.channel import Message, ReportPipe, encode
from devsetup_companion.start import watch
from devsetup_companion.start.isolation import close_stdin, reset_signals, stream_output
from devsetup_companion.start.replacement import interpreter_flags
from devsetup_companion.options import Options, companion_arguments
from devsetup_companion.serve.forking import before_fork, begin_child, find_fork_obstacle
from devsetup_companion.serve.running import Child

_WARMED_METHODS = ("inspect", "examine", "inputs", "would-fake", "migrate-tenants", "run")


class ForkStarter:
    """
    Forks the warm process. `own_descriptors` lists what belongs to the server at this moment; `fresh` starts a request where
    something that was imported for it (a migration) forbids to fork from now on.
    """

    def __init__(
        self,
        manage_py: str,
        signal_handlers: Dict[Any, Any],
        own_descriptors: Callable[[], List[int]],
        die_with_parent: Optional[Callable[[], None]],
        fresh: "SpawnStarter",
    ) -> None:
        self._manage_py = manage_py
        self._signal_handlers = signal_handlers
        self._own_descriptors = own_descriptors
        self._die_with_parent = die_with_parent
        self._fresh = fresh

    def start(self, request: Message) -> Child:
        _warm_up(request)
        if find_fork_obstacle() is not None:
            return self._fresh.start(request)
        before_fork()
        out_read, out_write = os.pipe()
        err_read, err_write = os.pipe()
        report_read, report_write = os.pipe()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                os.setpgid(0, 0)
                if self._die_with_parent is not None:
                    self._die_with_parent()
                    if os.getppid() != parent:
                        os._exit(1)
                begin_child()
                self._isolate([out_read, err_read, report_read], out_write, err_write)
                self._perform(request, report_write)
            except BaseException:  # noqa: BLE001 - a failure before the request began; its result is CRASHED.
                traceback.print_exc()
                sys.stderr.flush()
            finally:
                os._exit(1)
        try:
            # In both processes: whoever comes first, the group exists before anybody signals it.
            os.setpgid(pid, pid)
        except OSError:
            # The child did it and has ended already.
            pass
        for descriptor in (out_write, err_write, report_write):
            os.close(descriptor)
        return Child(pid, out_read, err_read, report_read)

    def _isolate(self, others: List[int], out_write: int, err_write: int) -> None:
        reset_signals(self._signal_handlers)
        for descriptor in (*self._own_descriptors(), *others):
            os.close(descriptor)
        close_stdin()
        for source, target in ((out_write, 1), (err_write, 2)):
            os.dup2(source, target)
            os.close(source)
        stream_output()

    def _perform(self, request: Message, report_write: int) -> NoReturn:
        from devsetup_companion.serve.perform import perform_and_leave

        sys.argv = [self._manage_py]
        perform_and_leave(request, ReportPipe(report_write, request["id"]))


class SpawnStarter:
    """Starts another companion for every request, in the environment this one was started with."""

    def __init__(self, options: Options, environment: Dict[str, str]) -> None:
        self._options = options
        self._environment = environment
        self._directory = os.getcwd()

    def start(self, request: Message) -> Child:
        ours, theirs = socket.socketpair()
        options = self._options._replace(descriptor=theirs.fileno(), mode="once", execs=0)
        process = subprocess.Popen(
            [sys.executable, *interpreter_flags(), *companion_arguments(options)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self._directory,
            env=self._environment,
            pass_fds=[theirs.fileno()],
            # A group of its own, like a forked child.
            start_new_session=True,
        )
        theirs.close()
        ours.sendall(encode(request))
        assert process.stdout is not None and process.stderr is not None
        child = Child(process.pid, os.dup(process.stdout.fileno()), os.dup(process.stderr.fileno()), ours.detach())
        process.stdout.close()
        process.stderr.close()
        # The server reaps it; for subprocess it is done.
        process.returncode = 0
        return child


def _warm_up(request: Message) -> None:
    if request["method"] not in _WARMED_METHODS:
        return
    # Migrations are part of what the next run compares.
    watch.start()
    try:
        from devsetup_companion.migrations import warm

        warm.before_fork(request["method"], request.get("params") or {})
    except Exception:  # noqa: BLE001 - the child meets the same failure again and reports it.
        return
    finally:
        watch.stop()
