"""
Which environment variables were looked up while the project started, or that all of them were: by `os.environ`, `os.environb`,
`os.getenv`, their `_data`, or `posix.environ`.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Dict, Iterator, List, Optional, Set

_read: Set[str] = set()
_all: List[bool] = []
_watched: List[Any] = []


def note_all() -> None:
    if not _all:
        _all.append(True)


def read_variables() -> Optional[List[str]]:
    """Names that were looked up, set or not; None if the environment was read as a whole."""
    return None if _all else sorted(_read)


class _Watched(Dict[Any, Any]):
    """The dictionary behind os.environ. An access that is not about one key is about all of them."""

    def __getitem__(self, key: Any) -> Any:
        _note(key)
        return dict.__getitem__(self, key)

    def __contains__(self, key: object) -> bool:
        _note(key)
        return dict.__contains__(self, key)

    def __delitem__(self, key: Any) -> None:
        _note(key)
        dict.__delitem__(self, key)

    def get(self, key: Any, default: Any = None) -> Any:
        _note(key)
        return dict.get(self, key, default)

    def pop(self, key: Any, *default: Any) -> Any:
        _note(key)
        return dict.pop(self, key, *default)

    def setdefault(self, key: Any, default: Any = None) -> Any:
        _note(key)
        return dict.setdefault(self, key, default)

    def __iter__(self) -> Iterator[Any]:
        note_all()
        return dict.__iter__(self)

    def __len__(self) -> int:
        note_all()
        return dict.__len__(self)


def _whole(name: str) -> Any:
    method = getattr(dict, name)

    def call(self: Any, *arguments: Any) -> Any:
        note_all()
        return method(self, *arguments)

    return call


for _name in ("keys", "values", "items", "copy", "popitem", "__repr__", "__eq__", "__ne__", "__reversed__", "__or__", "__ror__"):
    if hasattr(dict, _name):
        setattr(_Watched, _name, _whole(_name))


def _note(key: Any) -> None:
    if isinstance(key, (str, bytes)):
        _read.add(os.fsdecode(key))


def peek(name: str) -> Optional[str]:
    """The value of a variable; nothing is noted as asked for."""
    data = os.environ._data  # type: ignore[attr-defined]
    value = dict.get(data, os.environ.encodekey(name))  # type: ignore[attr-defined]
    return None if value is None else os.environ.decodevalue(value)  # type: ignore[attr-defined]


def take_away(name: str) -> None:
    """Unsets a variable; nothing is noted as asked for."""
    key = os.environ.encodekey(name)  # type: ignore[attr-defined]
    dict.pop(os.environ._data, key, None)  # type: ignore[attr-defined]
    posix = sys.modules.get("posix")
    if posix is not None:
        dict.pop(posix.environ, os.fsencode(name), None)
    os.unsetenv(name)


def start() -> None:
    if not _watched:
        _watched.append(True)
        _replace(_Watched)


def stop() -> None:
    if _watched:
        _watched.clear()
        _replace(dict)


def _replace(kind: Any) -> None:
    # dict.items of the type itself: the instance's own would be noted.
    data = kind(dict.items(os.environ._data))  # type: ignore[attr-defined]
    os.environ._data = data  # type: ignore[attr-defined]
    if hasattr(os, "environb"):
        os.environb._data = data  # type: ignore[attr-defined]
    posix = sys.modules.get("posix")
    if posix is not None:
        posix.environ = kind(dict.items(posix.environ))  # type: ignore[attr-defined]
