"""Files and folders that settings create under a name which a stand-in value gave them: a log folder, for instance."""

from __future__ import annotations

import os
import sys
from typing import Any, Iterable, List, Tuple

_created: List[str] = []


def watch(stand_ins: Iterable[str]) -> None:
    """For the rest of this process."""
    values = tuple(set(stand_ins))

    def note(event: str, arguments: Tuple[Any, ...]) -> None:
        if event == "os.mkdir" or (event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT):
            path = arguments[0]
            if isinstance(path, (str, bytes, os.PathLike)):
                place = os.path.abspath(os.fsdecode(path))
                if _is_named_by(place, values) and not os.path.lexists(place):
                    _created.append(place)

    if values:
        sys.addaudithook(note)


def remove() -> None:
    """What is not empty stays: something else is in it."""
    while _created:
        place = _created.pop()
        try:
            os.rmdir(place) if os.path.isdir(place) else os.unlink(place)
        except OSError:
            continue


def _is_named_by(place: str, values: Tuple[str, ...]) -> bool:
    parts = place.split(os.sep)
    return any(value in parts or (len(value) > 6 and value in place) for value in values)
