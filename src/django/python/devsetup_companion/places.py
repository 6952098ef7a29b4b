"""Which files are the project's own, and where in them something happened."""

from __future__ import annotations

import linecache
import os
import sys
import sysconfig
from types import FrameType
from typing import Any, Dict, List, Optional, Tuple

PlaceDict = Dict[str, Any]

_COMPANION = os.path.dirname(os.path.abspath(__file__)) + os.sep
LIBRARY_FOLDERS = ("site-packages", "dist-packages")


def _stdlib_folders() -> Tuple[str, ...]:
    paths = sysconfig.get_paths()
    folders = {paths["stdlib"], paths["platstdlib"], os.path.dirname(os.__file__)}
    return tuple(os.path.realpath(folder) + os.sep for folder in folders) + tuple(folder + os.sep for folder in folders)


_STDLIB = _stdlib_folders()


def is_companion_file(file: str) -> bool:
    """True for the companion's modules and for runpy, by which it runs manage.py."""
    return file.startswith(_COMPANION) or file == "<frozen runpy>" or os.path.basename(file) == "runpy.py"


def is_stdlib_file(file: str) -> bool:
    """True for the standard library (and frozen or generated code), not for packages installed below it."""
    if file.startswith("<"):
        return True
    return file.startswith(_STDLIB) and not _is_installed(file)


def is_django_file(file: str) -> bool:
    """True for Django itself, also where it is a checkout and not in site-packages."""
    django = sys.modules.get("django")
    folder = os.path.dirname(getattr(django, "__file__", None) or "")
    return bool(folder) and file.startswith(folder + os.sep)


def is_project_file(file: str) -> bool:
    """True for code that is neither installed nor Python's, Django's or the companion's."""
    return not (is_stdlib_file(file) or _is_installed(file) or is_companion_file(file) or is_django_file(file))


def _is_installed(file: str) -> bool:
    parts = file.split(os.sep)
    return any(folder in parts for folder in LIBRARY_FOLDERS)


def find_place(error: BaseException) -> Optional[PlaceDict]:
    """
    The innermost frame in the project's own code: of the exception itself, else of those it came from. A frame in the
    started script (manage.py) is taken only if there is no other.
    """
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    fallback: Optional[PlaceDict] = None
    seen = set()
    current: Optional[BaseException] = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        place = _syntax_place(current) or _innermost(current)
        if place is not None and (script is None or place["file"] != os.path.abspath(script)):
            return place
        fallback = fallback or place
        current = current.__cause__ or current.__context__
    return fallback


def _syntax_place(error: BaseException) -> Optional[PlaceDict]:
    if not isinstance(error, SyntaxError) or not error.filename or not is_project_file(error.filename):
        return None
    line = error.lineno or 0
    source = (error.text or linecache.getline(error.filename, line)).strip()
    return {"file": os.path.abspath(error.filename), "line": line, "function": "<module>", "source": source}


def _innermost(error: BaseException) -> Optional[PlaceDict]:
    found: Optional[PlaceDict] = None
    step = error.__traceback__
    while step is not None:
        if is_project_file(step.tb_frame.f_code.co_filename):
            found = _place(step.tb_frame, step.tb_lineno)
        step = step.tb_next
    return found


def callers(frame: Optional[FrameType]) -> List[FrameType]:
    """The frame and those that called it, innermost first."""
    frames: List[FrameType] = []
    while frame is not None:
        frames.append(frame)
        frame = frame.f_back
    return frames


def _place(frame: FrameType, line: int) -> PlaceDict:
    file = frame.f_code.co_filename
    return {
        "file": os.path.abspath(file),
        "line": line,
        "function": frame.f_code.co_name,
        "source": linecache.getline(file, line).strip(),
    }


def place_of_frame(frame: FrameType) -> PlaceDict:
    """Where a frame is now."""
    return _place(frame, frame.f_lineno)
