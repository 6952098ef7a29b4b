"""
Whether settings read the clock. Python has no audit event for it, so their source is searched. Only settings: what they decide is
decided by the day, whereas models and applications name `timezone.now` for later.
"""

from __future__ import annotations

import ast
import sys
from typing import FrozenSet, List, Optional

from devsetup_companion.places import is_project_file

_OF_DATES = ("now", "today", "utcnow")
_OF_TIME = ("time", "time_ns", "localtime", "gmtime", "ctime", "strftime", "monotonic", "perf_counter")
_files: List[str] = []


def note_settings() -> None:
    """To be called once the settings are loaded: the project's modules that are there now had a part in them."""
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    _files[:] = sorted({file for file in files if isinstance(file, str) and file.endswith(".py") and is_project_file(file)})


def readings() -> List[str]:
    """A sentence for each settings file that reads the clock."""
    found = []
    for file in _files:
        line = _line_of_reading(file)
        if line is not None:
            found.append("%s:%d reads the clock" % (file, line))
    return found


def _line_of_reading(file: str) -> Optional[int]:
    try:
        with open(file, "rb") as source:
            tree = ast.parse(source.read())
    except (OSError, SyntaxError, ValueError):
        # It was imported, so it could be read: what is there now is newer, and is seen by its times.
        return None
    names = _names_of_time(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _reads(node, names):
            return node.lineno
        if isinstance(node, ast.ImportFrom) and node.module == "time" and any(part.name in _OF_TIME for part in node.names):
            return node.lineno
    return None


def _reads(node: ast.Attribute, names: FrozenSet[str]) -> bool:
    of_time = isinstance(node.value, ast.Name) and node.value.id in names
    return node.attr in _OF_DATES or (of_time and node.attr in _OF_TIME)


def _names_of_time(tree: ast.AST) -> FrozenSet[str]:
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    return frozenset(part.asname or part.name for node in imports for part in node.names if part.name == "time")
