"""How the companion was started."""

from __future__ import annotations

import os
from typing import FrozenSet, List, NamedTuple, Optional, Tuple

_FOLDER = os.path.dirname(os.path.abspath(__file__))


class Options(NamedTuple):
    """`mode`: serve · once (one request, then exit) · collect (missing variables) · attempt (one try of such a collection)."""

    manage_py: str
    descriptor: int = 3
    mode: str = "serve"
    # How often manage.py has replaced its process by another Python with exec.
    execs: int = 0
    # The first message of devsetup holds the project's requirements, and what is installed is told before anything else.
    tells_installed: bool = False
    # Milliseconds a statement waits for a lock; 0: as long as the server lets it.
    lock_timeout: int = 0
    # Variables that devsetup has set from env files: those of each file that the configuration names, or one group for '', the usual files.
    exported: Tuple[Tuple[str, FrozenSet[str]], ...] = ()


_MODES = {"--once": "once", "--collect-missing": "collect", "--attempt": "attempt"}


def parse_options(arguments: List[str]) -> Options:
    """Reads the arguments; they come from devsetup, so a mistake is a bug and raises ValueError."""
    options: Optional[Options] = None
    rest = iter(arguments)
    for argument in rest:
        if options is None:
            options = Options(argument)
        elif argument == "--fd":
            options = options._replace(descriptor=int(next(rest)))
        elif argument == "--execs":
            options = options._replace(execs=int(next(rest)))
        elif argument == "--lock-timeout":
            options = options._replace(lock_timeout=int(next(rest)))
        elif argument == "--exported":
            options = options._replace(exported=(*options.exported, (next(rest), frozenset(next(rest).split(",")))))
        elif argument == "--report-installed":
            options = options._replace(tells_installed=True)
        elif argument in _MODES:
            options = options._replace(mode=_MODES[argument])
        else:
            raise ValueError("unknown argument %s" % argument)
    if options is None:
        raise ValueError("the path of manage.py is missing")
    return options


def companion_arguments(options: Options) -> List[str]:
    """The arguments behind the interpreter that start a companion with these options."""
    flags = [flag for flag, mode in _MODES.items() if mode == options.mode]
    numbers = ["--fd", str(options.descriptor), "--execs", str(options.execs), "--lock-timeout", str(options.lock_timeout)]
    exported = [word for file, names in options.exported if names for word in ("--exported", file, ",".join(sorted(names)))]
    return [_FOLDER, options.manage_py, *numbers, *exported, *flags]
