"""
Variables that devsetup has set from env files. Settings that read an env file themselves decide what it means: once the project opens
one, these variables are taken away, and it finds the environment of `python manage.py`.
"""

from __future__ import annotations

import os
import re
from typing import Any, Callable, Dict, FrozenSet, List, Optional, Tuple

from devsetup_companion.start import variables
from devsetup_companion.start.absolute import absolute

#: What devsetup reads without configuration, and what readers look for besides.
_ENV_FILE = re.compile(r"\.env(?:[._-].*)?|.*\.env|env|settings\.ini", re.IGNORECASE)
_CODE = (".py", ".pyc", ".so")

#: File → its variables that are still set; '' for those of the usual files, which any env file takes away.
_groups: Dict[str, FrozenSet[str]] = {}
_opened: List[str] = []
_restart: List[Callable[[], None]] = []


def start(groups: Tuple[Tuple[str, FrozenSet[str]], ...], restart: Optional[Callable[[], None]]) -> None:
    """`restart` is called when a variable is taken away that the project has looked up before: it was already misled."""
    _groups.clear()
    _groups.update((file, frozenset(name for name in names if variables.peek(name) is not None)) for file, names in groups)
    _restart[:] = [] if restart is None else [restart]


def stop_restarting() -> None:
    """Django is up: from here on variables are only taken away."""
    _restart.clear()


def remaining() -> Tuple[Tuple[str, FrozenSet[str]], ...]:
    """What `start` was given, without the variables that were taken away."""
    return tuple(_groups.items())


def opened_files() -> List[str]:
    """Env files that the project has opened itself."""
    return list(_opened)


def note_opened(path: Any, flags: int) -> None:
    """To be called before a file is opened."""
    if not _groups or flags & os.O_ACCMODE == os.O_WRONLY or isinstance(path, int) or path is None:
        return
    place = absolute(path)
    if place is None or place in _opened:
        return
    group = _group_of(place)
    if group is not None and os.path.exists(place) and not os.path.isdir(place):
        _opened.append(place)
        _take_away(group)


def _group_of(place: str) -> Optional[str]:
    base = os.path.basename(place)
    if "" in _groups:
        return "" if _ENV_FILE.fullmatch(base) is not None and not base.endswith(_CODE) else None
    return next((file for file in _groups if file == place or _is_same(file, place)), None)


def _is_same(file: str, place: str) -> bool:
    try:
        return os.path.basename(file) == os.path.basename(place) and os.path.samefile(file, place)
    except OSError:
        return False


def _take_away(group: str) -> None:
    taken = _groups[group]
    _groups[group] = frozenset()
    looked_up = variables.read_variables()
    for name in taken:
        variables.take_away(name)
    if _restart and taken and (looked_up is None or taken.intersection(looked_up)):
        _restart[0]()
