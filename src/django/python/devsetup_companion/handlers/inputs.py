"""`inputs`: what the start of Django and its answers depended on."""

from __future__ import annotations

import os
import sys
from typing import Any, Dict, Iterable, List, Set

from devsetup_companion.handlers.watched_tables import watched_tables
from devsetup_companion.migrations import warm
from devsetup_companion.places import is_companion_file, is_project_file, is_stdlib_file
from devsetup_companion.start import asking, native, obstacles, unrepeatable, variables, watch

#: Not files: what is read there differs each time. Shared memory is files again.
_NOT_FILES = ("/proc/", "/sys/", "/dev/")
_FILES_ALL_THE_SAME = "/dev/shm/"


def inputs(params: Dict[str, Any], progress: Any) -> Dict[str, Any]:
    """
    `Inputs` of the protocol. Nothing is excluded because it is not expected to change: a path costs the next run microseconds, and
    one that is missing here may cost a false "nothing to do".
    """
    watch.start()
    # Imports the migrations where no warm process has done so.
    warm.before_fork("inputs", {})
    warm.use_warm()
    tables, hidden = watched_tables(params.get("username"), params.get("schemas"))
    watch.stop()
    sites = {entry for entry in _search_path() if _is_site(entry)}
    return {
        "files": _files(watch.opened | native.opened | asking.asked | _sources() | _records(sites) | _of_interpreter()),
        "written": _files(watch.written - watch.opened),
        "listed": _files(watch.listed | _search_path()),
        "scanned": _files(watch.scanned | sites),
        "trees": _files(_foreign_packages()),
        "variables": variables.read_variables(),
        "obstacles": [*obstacles.found(), *unrepeatable.readings(), *hidden],
        "tables": tables,
    }


def _files(paths: Iterable[str]) -> List[str]:
    return sorted(path for path in paths if not _is_no_file(path))


def _is_no_file(path: str) -> bool:
    # Byte code is fresh as long as its source has not changed.
    is_byte_code = "__pycache__" in path and "__pycache__" in path.split(os.sep)
    return is_byte_code or "\0" in path or (path.startswith(_NOT_FILES) and not path.startswith(_FILES_ALL_THE_SAME))


def _sources() -> Set[str]:
    """Modules are loaded from byte code, and those of the interpreter's own start before anything was watched."""
    found: Set[str] = set()
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str):
            found.add(os.path.abspath(file))
    return found


def _of_interpreter() -> Set[str]:
    return {os.path.join(sys.prefix, "pyvenv.cfg"), obstacles.LIBRARY_CACHE, *native.ACCOUNTS} | native.mapped_files()


def _search_path() -> Set[str]:
    return {os.path.abspath(entry or os.curdir) for entry in sys.path}


def _is_site(folder: str) -> bool:
    """Where distributions are installed."""
    return os.path.basename(folder) in ("site-packages", "dist-packages")


def _records(sites: Set[str]) -> Set[str]:
    """What an installer leaves of each distribution: installing another build of the same version changes it."""
    found: Set[str] = set()
    for site in sites:
        try:
            names = os.listdir(site)
        except OSError:
            # It stands on sys.path and is not there: its absence is compared.
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info")):
                found.update(os.path.join(site, name, file) for file in ("METADATA", "PKG-INFO", "RECORD", "direct_url.json"))
    return found


def _foreign_packages() -> Set[str]:
    """Packages that are neither installed nor Python's: editable installations outside of the checkout, for one."""
    tops = {name.partition(".")[0] for name in list(sys.modules)}
    places = {os.path.abspath(place) for top in tops for place in _places(sys.modules.get(top))}
    return {place for place in places if is_project_file(os.path.join(place, "")) and not _is_ours(place)}


def _is_ours(place: str) -> bool:
    return is_companion_file(os.path.join(place, "")) or is_stdlib_file(os.path.join(place, ""))


def _places(module: Any) -> List[str]:
    try:
        return [place for place in getattr(module, "__path__", None) or () if isinstance(place, str)]
    except Exception:  # noqa: BLE001 - a stand-in that a library puts into sys.modules; its file counts, if it has one.
        return []
