"""Which environment variables were looked up without success while the project started. For all lookups see `variables`."""

from __future__ import annotations

import os
import sys
from types import FrameType
from typing import Any, Callable, Dict, List, Optional

from devsetup_companion.places import (
    PlaceDict,
    callers,
    is_companion_file,
    is_django_file,
    is_project_file,
    is_stdlib_file,
    place_of_frame,
)

_missed: Dict[str, PlaceDict] = {}
_stop: List[Callable[[], None]] = []


def start_recording() -> None:
    """
    From here on every lookup in os.environ that fails is noted, and where it came from. `get`, `in`, `os.getenv` and the libraries for settings
    (django-environ, decouple) all end in `__getitem__`.
    """
    if _stop:
        return
    environ = type(os.environ)
    original = environ.__getitem__

    def getitem(self: Any, key: Any) -> Any:
        try:
            return original(self, key)
        except KeyError:
            _note(key, sys._getframe(1))
            raise

    def restore() -> None:
        environ.__getitem__ = original  # type: ignore[method-assign]

    environ.__getitem__ = getitem  # type: ignore[method-assign]
    _stop.append(restore)


def stop_recording() -> None:
    """What commands look up does not matter."""
    while _stop:
        _stop.pop()()


def missed_variables() -> Dict[str, PlaceDict]:
    """Name → where the project asked for it first, in the order of the questions; those set in the meantime left out."""
    return {name: place for name, place in _missed.items() if name not in os.environ}


def _note(key: Any, frame: Optional[FrameType]) -> None:
    if isinstance(key, str) and key not in _missed:
        place = _asking_place(key, frame)
        if place is not None:
            _missed[key] = place


def _asking_place(name: str, frame: Optional[FrameType]) -> Optional[PlaceDict]:
    """
    Where the project asked, directly or through an installed library. None where Python, Django or a library asked for itself
    (while it was imported): a project does not miss those.
    """
    innermost: Optional[PlaceDict] = None
    first = True
    for caller in callers(frame):
        file = caller.f_code.co_filename
        if is_companion_file(file) or _belongs_to_environ(caller):
            continue
        if is_project_file(file):
            place = place_of_frame(caller)
            if name in place["source"]:
                return place
            # A helper of the project asks: the line that names the variable is further out, if there is one.
            innermost = innermost or place
        elif innermost is None and ("importlib" in file or (first and (is_stdlib_file(file) or is_django_file(file)))):
            return None
        first = False
    return innermost


def _belongs_to_environ(frame: FrameType) -> bool:
    return frame.f_globals.get("__name__") in ("os", "collections.abc", "_collections_abc")
