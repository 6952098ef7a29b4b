"""Turns a process into one that runs a single request: its own process group, streams and signal handlers."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any, Callable, Optional

_PR_SET_PDEATHSIG = 1


def load_death_signal() -> Optional[Callable[[], None]]:
    """
    A function that makes the kernel kill this process when its parent dies, where the system can do that (Linux). Load it
    before forking: children then need not import ctypes.
    """
    if not sys.platform.startswith("linux"):
        return None
    try:
        import ctypes

        prctl = ctypes.CDLL(None).prctl
    except (ImportError, OSError, AttributeError):
        # Python without ctypes: children of a killed companion run to their end.
        return None

    def die_with_parent() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)

    return die_with_parent


def reset_signals(handlers: Any) -> None:
    """Handlers as manage.py left them; SIGINT always interrupts, also where devsetup was started with it ignored."""
    signal.set_wakeup_fd(-1)
    for number, handler in handlers.items():
        if handler is not None:
            signal.signal(number, handler)
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def close_stdin() -> None:
    """Reads end at once: a command that asks a question fails instead of waiting for an answer."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    if null != 0:
        os.close(null)


def stream_output() -> None:
    """stdout and stderr as UTF-8 (the protocol's encoding), a line at a time although they are pipes."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors=stream.errors, line_buffering=True)
