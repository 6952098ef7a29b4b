"""
Files that compiled code opens by itself, where no audit event is raised: functions that take a path are wrapped once their module is
imported, and whatever is still mapped when Django has started is read from the list of the system.
"""

from __future__ import annotations

import os
import sys
from types import ModuleType
from typing import Any, Callable, Dict, Iterator, List, Optional, Set, Tuple

from devsetup_companion.start import importing
from devsetup_companion.start.absolute import absolute

#: Paths that were given to wrapped functions.
opened: Set[str] = set()

#: Module → its functions, or methods of its classes, that open what they are given.
_OPENING: Dict[str, Tuple[str, ...]] = {
    "ssl": ("SSLContext.load_cert_chain", "SSLContext.load_verify_locations"),
    "_gdbm": ("open",),
    "_dbm": ("open",),
    "lxml.etree": ("parse", "iterparse"),
}
#: The system's libraries read these to answer `pwd`, `grp` and `getpass`.
ACCOUNTS = ("/etc/passwd", "/etc/group")

_MAPS = "/proc/self/maps"
_DELETED = " (deleted)"
_undo: List[Callable[[], None]] = []


def start() -> None:
    for name in _OPENING:
        importing.after_import(name, _wrap_module)


def stop() -> None:
    importing.forget(_wrap_module)
    while _undo:
        _undo.pop()()


def mapped_files() -> Set[str]:
    """Shared libraries, and data that is used where it lies. Empty where the system does not tell."""
    try:
        with open(_MAPS, encoding="utf-8", errors="surrogateescape") as maps:
            lines = maps.read().splitlines()
    except OSError:
        # Not Linux: libraries are found by `ctypes.dlopen` and by the packages they belong to.
        return set()
    paths = (line.split(None, 5)[5] for line in lines if line.count("/") > 0 and len(line.split(None, 5)) == 6)
    # A file that was replaced while it is mapped is compared with what is there now.
    return {path[: -len(_DELETED)] if path.endswith(_DELETED) else path for path in paths if path.startswith("/")}


_last_sqlite: List[str] = []


def last_sqlite_file() -> Optional[str]:
    """The last one that was to be opened."""
    return _last_sqlite[-1] if _last_sqlite else None


def sqlite_files(database: Any) -> List[str]:
    """What SQLite opens for a name or a URI: the file and what it has not yet written into it."""
    text = os.fsdecode(database)
    if text.startswith("file:"):
        from urllib.parse import unquote, urlsplit

        text = unquote(urlsplit(text).path)
    place = None if text in ("", ":memory:") else absolute(text)
    if place is not None:
        _last_sqlite[:] = [place]
    return [] if place is None else [place, place + "-wal", place + "-journal"]


def _wrap_module(module: ModuleType) -> None:
    for name in _OPENING[module.__name__]:
        *outer, last = name.split(".")
        holder = module
        for part in outer:
            holder = getattr(holder, part)
        _wrap(holder, last)


def _wrap(holder: Any, name: str) -> None:
    original = getattr(holder, name, None)
    if original is None:
        return
    own = name in vars(holder)

    def opening(*arguments: Any, **named: Any) -> Any:
        opened.update(_paths([*arguments, *named.values()]))
        return original(*arguments, **named)

    setattr(holder, name, opening)
    _undo.append(lambda: setattr(holder, name, original) if own else delattr(holder, name))


def _paths(arguments: List[Any]) -> Iterator[str]:
    """Whatever may be one: text that is none names nothing that is there."""
    for argument in arguments:
        if isinstance(argument, (str, bytes, os.PathLike)):
            try:
                place = absolute(os.fspath(argument))
            except (OSError, ValueError):
                continue
            if place is not None and "\0" not in place and "\n" not in place:
                yield place
