"""Whether the warm process may fork: a lock held by another thread stays locked in the child for ever."""

from __future__ import annotations

import os
import sys
import threading
from typing import Optional


def find_fork_obstacle() -> Optional[str]:
    """Why requests must run in fresh processes; None if forking is safe."""
    if not hasattr(os, "fork"):
        return "this system cannot fork"
    names = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    if names:
        return "threads are running after start-up: %s" % ", ".join(names)
    foreign = _count_threads() - 1
    if foreign > 0 and not _is_openblas(foreign):
        return "%d thread(s) started by native code are running after start-up" % foreign
    return None


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
