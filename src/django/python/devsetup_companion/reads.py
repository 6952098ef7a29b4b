"""What the start of Django depended on: the files it read and the environment variables it looked at."""

from __future__ import annotations

import os
import sys
from typing import Any, Dict, List, Optional, Set, Tuple

from devsetup_companion.environment import read_variables
from devsetup_companion.places import is_companion_file, is_project_file, is_stdlib_file

_opened: Set[str] = set()
_recording: List[bool] = []

#: Not files: what is read there differs each time.
_NOT_FILES = ("/proc/", "/sys/", "/dev/")


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


def inputs(params: Dict[str, Any], progress: Any) -> Dict[str, Any]:
    """
    `inputs` of the protocol. Files are those opened (also in vain) and the sources of everything imported, the migration
    files too; folders are those in which a new file would be noticed: the project's own and the entries of sys.path.
    """
    from .warm import use_warm
    from .watched_tables import watched_tables

    use_warm()
    files = {os.path.abspath(path) for path in _opened if not path.endswith(".pyc")} | _sources()
    files = {path for path in files if not path.startswith(_NOT_FILES) and not _is_constant(path)}
    folders = {os.path.dirname(path) for path in files if is_project_file(path)} | _search_path()
    return {
        "files": sorted(files),
        "variables": read_variables(),
        "folders": sorted(folder for folder in folders if os.path.isdir(folder)),
        "tables": watched_tables(params.get("username"), params.get("schemas")),
    }


def _sources() -> Set[str]:
    """Modules are loaded from byte code, which is fresh as long as the source has not changed."""
    found: Set[str] = set()
    for module in list(sys.modules.values()):
        file: Optional[str] = getattr(module, "__file__", None)
        if isinstance(file, str):
            found.add(os.path.abspath(file))
    return found


def _is_constant(path: str) -> bool:
    """Changes only together with the interpreter or with devsetup, which are compared by themselves."""
    return is_stdlib_file(path) or is_companion_file(path)


def _search_path() -> Set[str]:
    return {os.path.abspath(entry or os.curdir) for entry in sys.path if not is_stdlib_file(os.path.join(entry, ""))}
