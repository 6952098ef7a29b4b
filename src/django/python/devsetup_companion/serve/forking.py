"""What belongs to every fork of a process that holds the project: whether it is safe, and what parent and child must not share."""

from __future__ import annotations

import gc
import os
import sys
import threading
from typing import Iterable, Mapping, Optional

from devsetup_companion.start import chance, obstacles, open_files
from devsetup_companion.start.bootstrap import flush_output
from devsetup_companion.serve.ending import close_connections, forget_exit_handlers

_GSS_MODE = "PGGSSENCMODE"


def find_fork_obstacle() -> Optional[str]:
    """Why no process may be forked; None if forking is safe. A lock that another thread holds would stay locked in the child."""
    if not hasattr(os, "fork"):
        return "this system cannot fork"
    names = [thread.name for thread in threading.enumerate() if thread is not threading.current_thread()]
    if names:
        return "threads are running after start-up: %s" % ", ".join(names)
    foreign = _count_threads() - 1
    if foreign > 0 and not _is_openblas(foreign):
        return "%d thread(s) started by native code are running after start-up" % foreign
    if sys.platform == "darwin":
        return macos_obstacle(os.environ, _modes_in_settings(), obstacles.have_asked_a_database())
    return None


def macos_obstacle(environment: Mapping[str, str], modes_in_settings: Iterable[str], has_connected: bool) -> Optional[str]:
    """
    Frameworks of macOS that a connection has used (TLS, Kerberos) end a forked child that uses them again. So nothing is forked
    after the first connection, and children open theirs without encryption by Kerberos, unless the project asks for it.
    """
    if has_connected:
        return "a database connection was opened during start-up, after which macOS allows no fork"
    if any(mode != "disable" for mode in [*modes_in_settings, environment.get(_GSS_MODE, "disable")]):
        return "gssencmode is set, and Kerberos on macOS does not work in a forked process"
    return None


def before_fork() -> None:
    """In the parent. A connection shared by two processes garbles both, and text that is not yet written is written twice."""
    close_connections()
    chance.before_fork()
    open_files.flush()
    flush_output()


def hide_from_collector() -> None:
    """What is there so far is kept: children that collect garbage need not copy its pages."""
    chance.collect()
    open_files.collect()
    gc.freeze()


def begin_child() -> None:
    """In the child, before anything of the project runs there."""
    forget_exit_handlers()
    chance.begin_child()
    if sys.platform == "darwin":
        os.environ.setdefault(_GSS_MODE, "disable")


def _modes_in_settings() -> Iterable[str]:
    from django.db import connections

    options = [database.get("OPTIONS") or {} for database in connections.databases.values()]
    return [str(option["gssencmode"]) for option in options if "gssencmode" in option]


def _count_threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        # Not Linux: only Python's own threads can be counted.
        return threading.active_count()


def _is_openblas(count: int) -> bool:
    """numpy's OpenBLAS starts one thread a core at import and stops them around every fork (pthread_atfork)."""
    if "numpy" not in sys.modules or count >= (os.cpu_count() or 1):
        return False
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
            return any("openblas" in line for line in maps)
    except OSError:
        return False
