"""Ends a process as Python would have ended it, except that its result is still to be sent."""

from __future__ import annotations

import atexit
import logging
import sys
import threading
import traceback
import weakref
from typing import Any, Callable, Dict

from devsetup_companion.start import open_files
from devsetup_companion.start.bootstrap import flush_output


def forget_exit_handlers() -> None:
    """In a forked child: what was registered before (removal of temporary files, other processes, …) is the parent's to do."""
    atexit._clear()
    # They register one exit handler for all of them, with the first.
    weakref.finalize._registry.clear()  # type: ignore[attr-defined]
    weakref.finalize._registered_with_atexit = False  # type: ignore[attr-defined]
    processes, util = sys.modules.get("multiprocessing.process"), sys.modules.get("multiprocessing.util")
    if processes is not None:
        processes._children.clear()  # type: ignore[attr-defined]
    if util is not None:
        util._finalizer_registry.clear()  # type: ignore[attr-defined]


def finish_process() -> None:
    """What the interpreter does when a program ends. Raises KeyboardInterrupt only."""
    steps: Dict[str, Callable[[], Any]] = {
        "threads": threading._shutdown,  # type: ignore[attr-defined]
        "exit_handlers": atexit._run_exitfuncs,
    }
    # The exit handlers of Python's own modules, which are forgotten if a module was imported before the fork.
    multiprocessing = sys.modules.get("multiprocessing.util")
    if multiprocessing is not None:
        steps["multiprocessing"] = multiprocessing._exit_function  # type: ignore[attr-defined]
    if not hasattr(threading, "_register_atexit"):
        # Python 3.8. Later versions end these with the threads.
        for name in ("concurrent.futures.thread", "concurrent.futures.process"):
            if name in sys.modules:
                steps[name] = sys.modules[name]._python_exit  # type: ignore[attr-defined]
    steps.update(logging=logging.shutdown, connections=close_connections, files=open_files.flush)
    for step in steps.values():
        try:
            step()
        except Exception:  # noqa: BLE001 - Python prints what goes wrong at exit and continues, and so do we.
            traceback.print_exc()
    flush_output()


def close_connections() -> None:
    database = sys.modules.get("django.db")
    if database is not None:
        database.connections.close_all()
