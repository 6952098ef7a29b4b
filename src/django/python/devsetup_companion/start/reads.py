"""Which files were read while the project started."""

from __future__ import annotations

import os
import sys
from typing import Any, FrozenSet, List, Set, Tuple


_opened: Set[str] = set()
_recording: List[bool] = []

def start_recording() -> None:
    """Notes every file that is opened for reading from here on (PEP 578; a hook cannot be removed, only idle)."""
    if not _recording:
        _recording.append(True)
        sys.addaudithook(_note)


def stop_recording() -> None:
    """What commands read does not matter."""
    _recording[:] = [False]


def _note(event: str, arguments: Tuple[Any, ...]) -> None:
    if event == "open" and _recording[0] and isinstance(arguments[0], str):
        mode, flags = arguments[1], arguments[2]
        writes = bool(flags & (os.O_WRONLY | os.O_RDWR)) if mode is None else any(letter in mode for letter in "wax+")
        if not writes:
            _opened.add(arguments[0])


def opened_files() -> FrozenSet[str]:
    """As they were named, found or not; byte code too."""
    return frozenset(_opened)
