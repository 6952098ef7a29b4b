"""Which paths were asked about without being opened: `os.stat` and its like raise no audit event."""

from __future__ import annotations

import os
import sys
from typing import Any, Dict, List, Set

from devsetup_companion.start import obstacles
from devsetup_companion.start.absolute import absolute

#: There or not.
asked: Set[str] = set()

_NAMES = ("stat", "lstat", "access", "readlink", "statvfs")
_asks: List[Any] = []


class _Asking:
    """
    In place of a function of `os`. No function itself: before Python 3.10 pathlib keeps these as attributes of a class, which
    would turn a function into a method. Equal to the function it stands for, so that `os.supports_dir_fd` and its like hold.
    """

    def __init__(self, function: Any) -> None:
        self._function = function
        self.is_on = True

    def __call__(self, path: Any, *arguments: Any, **named: Any) -> Any:
        if self.is_on:
            if type(path) is str and path[:1] == "/":
                asked.add(path)
            else:
                _note(path, named.get("dir_fd"))
        return self._function(path, *arguments, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._function, name)

    def __eq__(self, other: object) -> bool:
        return other is self or other is self._function

    def __hash__(self) -> int:
        return hash(self._function)


class _Opening(_Asking):
    """`os.open`, for its `dir_fd`, which the audit event lacks."""

    def __call__(self, path: Any, *arguments: Any, **named: Any) -> Any:
        if self.is_on and named.get("dir_fd") is not None:
            _note(path, named["dir_fd"])
        return self._function(path, *arguments, **named)


def _note(path: Any, folder: Any) -> None:
    try:
        place = absolute(path, folder)
    except (OSError, TypeError, ValueError):
        # The call itself raises for most of these; for the others the question is unknown.
        obstacles.note("asks about a path that cannot be named")
        return
    if place is not None:
        asked.add(place)


def start() -> None:
    for name in (*_NAMES, "open"):
        original = getattr(os, name, None)
        if original is None or isinstance(original, _Asking):
            continue
        watching = _Opening(original) if name == "open" else _Asking(original)
        _asks.append((name, original, watching))
        for holder in _holders(name, original):
            setattr(holder, name, watching)


def stop() -> None:
    while _asks:
        name, original, watching = _asks.pop()
        watching.is_on = False
        for holder in _holders(name, watching):
            setattr(holder, name, original)


def _holders(name: str, value: Any) -> List[Any]:
    """importlib asks `posix`; pathlib before Python 3.10 has an accessor with what `os` held when it was imported."""
    modules: Dict[str, Any] = sys.modules
    accessor = getattr(modules.get("pathlib"), "_NormalAccessor", None)
    candidates = (os, modules.get("posix"), accessor)
    return [holder for holder in candidates if holder is not None and vars(holder).get(name) is value]
