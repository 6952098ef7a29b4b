"""
Files that code leaves open for writing, as the log that a module keeps. The interpreter writes what they still hold when it ends;
a process that ends in another way has to do it itself.
"""

from __future__ import annotations

import gc
import io
import os
import weakref
from typing import Any, Iterator, List

_FILES = (io.BufferedWriter, io.BufferedRandom, io.TextIOWrapper)

#: Weak: a file that is no longer used is closed by itself.
_kept: List["weakref.ref[Any]"] = []
_has_opened: List[bool] = []


def note_opened(flags: int) -> None:
    """To be called for every file that is opened."""
    if flags & os.O_ACCMODE != os.O_RDONLY and not _has_opened:
        _has_opened.append(True)


def collect() -> None:
    """Before the objects of this process are hidden from the garbage collector, which is where they are found."""
    if _has_opened:
        _has_opened.clear()
        _kept.extend(weakref.ref(file) for file in _found())


def flush() -> None:
    collect()
    for file in [reference() for reference in _kept]:
        try:
            if file is not None and not file.closed:
                file.flush()
        except (OSError, ValueError):
            # A full device or the other end of a pipe: the interpreter does not report it either when it ends.
            continue


def _found() -> Iterator[Any]:
    """By type: `isinstance` would ask a lazy object what it stands for."""
    return (one for one in gc.get_objects() if issubclass(type(one), _FILES))
