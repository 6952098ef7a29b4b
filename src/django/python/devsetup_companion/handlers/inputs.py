"""`inputs`: what the start of Django and its answers depended on."""

from __future__ import annotations

import os
import sys
from typing import Any, Dict, Optional, Set

from devsetup_companion.handlers.watched_tables import watched_tables
from devsetup_companion.migrations.warm import use_warm
from devsetup_companion.places import is_companion_file, is_project_file, is_stdlib_file
from devsetup_companion.start.environment import read_variables
from devsetup_companion.start.reads import opened_files

#: Not files: what is read there differs each time.
_NOT_FILES = ("/proc/", "/sys/", "/dev/")


def inputs(params: Dict[str, Any], progress: Any) -> Dict[str, Any]:
    """
    `inputs` of the protocol. Files are those opened (also in vain) and the sources of everything imported, the migration
    files too; folders are those in which a new file would be noticed: the project's own and the entries of sys.path.
    """
    use_warm()
    files = {os.path.abspath(path) for path in opened_files() if not path.endswith(".pyc")} | _sources()
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
