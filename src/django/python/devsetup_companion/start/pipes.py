"""
A named pipe in the place of an env file, as some secret managers mount one. Reading it waits until a program writes to it, which may be
never: after a while the project gets an error with the name of the pipe, instead of waiting for an hour.
"""

from __future__ import annotations

import errno
import os
import signal
import stat
import threading
from typing import Any, List

#: Long enough to unlock a secret manager that asks for it.
SECONDS: List[float] = [15.0]

#: As it is before `asking` wraps it.
_stat = os.stat
#: The pipe that is being opened or read.
_waiting: List[str] = []
#: Those that nothing was written to.
silent: List[str] = []


def note(event: str, arguments: Any) -> None:
    """To be called for each event of the interpreter: the next one after a pipe is opened shows that it was read."""
    if _waiting:
        end()
    if event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
        path, _, flags = arguments
        if flags & os.O_ACCMODE == os.O_RDONLY and not flags & getattr(os, "O_NONBLOCK", 0) and _is_pipe(path):
            _limit(os.fsdecode(path))


def end() -> None:
    if _waiting:
        _waiting.clear()
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _is_pipe(path: Any) -> bool:
    try:
        return stat.S_ISFIFO(_stat(path).st_mode)
    except (OSError, ValueError):
        return False


def _limit(path: str) -> None:
    """Unless the project has an alarm of its own."""
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or not hasattr(signal, "setitimer") or signal.getsignal(signal.SIGALRM) is not signal.SIG_DFL:
        return

    def stop(_signal: int, _frame: Any) -> None:
        end()
        silent.append(path)
        what = "it is a named pipe, and nothing has written to it for %d seconds" % SECONDS[0]
        raise TimeoutError(errno.ETIMEDOUT, what, path)

    signal.signal(signal.SIGALRM, stop)
    _waiting.append(path)
    signal.setitimer(signal.ITIMER_REAL, SECONDS[0])
