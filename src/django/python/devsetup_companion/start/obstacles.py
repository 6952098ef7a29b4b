"""What the start of the project did that cannot be compared in the next run, so that nothing is cached."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from types import FrameType
from typing import Any, Dict, Iterator, List, Optional

from devsetup_companion.places import callers, is_companion_file, is_project_file, is_stdlib_file, place_of_frame

#: What → the sentence, in the order of discovery.
_found: Dict[str, str] = {}

#: Modules of Python that start programs to learn of the machine (`uname`, `ldconfig`): the machine is compared by itself.
_ABOUT_THE_MACHINE = ("platform", "ctypes.util")
_ASKS_A_DATABASE = "asks a database while Django starts"
#: What they stand for is noted by `handlers/inputs.py`.
LIBRARY_CACHE = "/etc/ld.so.cache"


def note(what: str) -> None:
    if what not in _found:
        # First: finding the place may open files.
        _found[what] = ""
        _found[what] = "%s %s" % (_actor(sys._getframe(1)), what)


def note_program(name: Any) -> None:
    """Reports the program's name only: arguments may hold secrets."""
    asker = next((frame for frame in callers(sys._getframe(1)) if not _is_of_starting(frame)), None)
    if asker is None or asker.f_globals.get("__name__") not in _ABOUT_THE_MACHINE:
        words = name if isinstance(name, (list, tuple)) else os.fsdecode(name).split()
        note("starts a program (%s)" % (os.path.basename(os.fsdecode(words[0])) if words else "?"))


def note_symbol(name: Any) -> None:
    """What a function of a library does is not known. Libraries that packages bring along are compared; a project calls for a reason."""
    asker = next((frame for frame in callers(sys._getframe(1)) if not _is_of_calling(frame)), None)
    if asker is not None and is_project_file(asker.f_code.co_filename):
        note("calls `%s` of a library" % name)


@contextmanager
def watching_databases() -> Iterator[None]:
    """Drivers connect where no audit event is raised; what an application reads from a database while it starts can change."""
    from django.db.backends.signals import connection_created

    def connected(**_: Any) -> None:
        note(_ASKS_A_DATABASE)

    connection_created.connect(connected, weak=False)
    try:
        yield
    finally:
        connection_created.disconnect(connected)


def have_asked_a_database() -> bool:
    return _ASKS_A_DATABASE in _found


def found() -> List[str]:
    return list(_found.values())


def _is_of_starting(frame: FrameType) -> bool:
    return frame.f_globals.get("__name__") in ("subprocess", "os") or is_companion_file(frame.f_code.co_filename)


def _is_of_calling(frame: FrameType) -> bool:
    name = str(frame.f_globals.get("__name__"))
    return name.partition(".")[0] in ("ctypes", "_ctypes") or is_companion_file(frame.f_code.co_filename)


def _actor(frame: Optional[FrameType]) -> str:
    """Where in the project, else which library."""
    frames = [each for each in callers(frame) if not is_companion_file(each.f_code.co_filename)]
    for each in frames:
        if is_project_file(each.f_code.co_filename):
            place = place_of_frame(each)
            return "%s:%d" % (place["file"], place["line"])
    library = next((each for each in frames if not is_stdlib_file(each.f_code.co_filename)), None)
    return "Django's start" if library is None else str(library.f_globals.get("__name__"))
