"""
What a process asks the operating system for while the project starts: the files, folders and variables its answers may depend on,
and what cannot be compared later. PEP 578 reports files that are opened, folders that are listed and programs that are started;
`asking` and `variables` report the rest.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Callable, Dict, List, Optional, Set, Tuple

from devsetup_companion.start import addresses, asking, exported, native, obstacles, open_files, pipes, variables
from devsetup_companion.start.absolute import absolute

opened: Set[str] = set()
#: Opened for writing. What is only written (a log) decides nothing.
written: Set[str] = set()
#: Names were asked for.
listed: Set[str] = set()
#: Names and, without a further question, what each entry is.
scanned: Set[str] = set()

_is_on: List[bool] = []


def start() -> None:
    """May be called again after `stop`: what was noted before stays noted."""
    if not _is_on:
        # A hook cannot be removed, only idle.
        sys.addaudithook(_note)
    if is_on():
        return
    _is_on[:] = [True]
    asking.start()
    native.start()
    variables.start()


def stop() -> None:
    """What commands ask for does not matter."""
    if is_on():
        _is_on[:] = [False]
        pipes.end()
        asking.stop()
        native.stop()
        variables.stop()


def is_on() -> bool:
    return _is_on == [True]


def _note(event: str, arguments: Tuple[Any, ...]) -> None:
    if event == "open":
        open_files.note_opened(arguments[2])
        exported.note_opened(arguments[0], arguments[2])
    if is_on():
        pipes.note(event, arguments)
    try:
        for handler in (_ADDRESSES.get(event), _HANDLERS.get(event) if is_on() else None):
            if handler is not None:
                handler(*arguments)
    except Exception as error:  # noqa: BLE001 - an error in a hook would end the project's own call.
        obstacles.note("asks for something that cannot be named (%s: %s)" % (event, type(error).__name__))


def _on_open(path: Any, mode: Any, flags: int) -> None:
    place = absolute(path)
    if place is None:
        return
    access = flags & os.O_ACCMODE
    (written if access == os.O_WRONLY else opened).add(place)
    if access == os.O_RDWR:
        written.add(place)
    if place.startswith("/proc/") and place.endswith("/environ"):
        variables.note_all()


def _on_listdir(path: Any = None) -> None:
    _add(listed, path)


def _on_scandir(path: Any = None) -> None:
    _add(scanned, path)


def _add(places: Set[str], path: Any) -> None:
    place = absolute("." if path is None else path, follow_descriptor=True)
    if place is not None:
        places.add(place)


def _on_path(path: Any, *_: Any) -> None:
    place = absolute(path)
    if place is not None:
        opened.add(place)


def _on_sqlite(database: Any, *_: Any) -> None:
    opened.update(native.sqlite_files(database))


def _on_library(name: Any) -> None:
    if isinstance(name, (str, bytes)) and os.sep in os.fsdecode(name):
        _on_path(name)


def _on_symbol(_library: Any, name: Any) -> None:
    if name in ("getenv", "secure_getenv", "environ", "__environ"):
        variables.note_all()
    elif name in _OPAQUE_SYMBOLS:
        obstacles.note("calls `%s` of the C library" % name)
    else:
        obstacles.note_symbol(name)


_OPAQUE_SYMBOLS = frozenset(
    ("system", "popen", "open", "open64", "openat", "fopen", "fopen64", "read", "stat", "lstat", "access", "opendir", "readdir")
    + ("readlink", "gethostname", "getaddrinfo", "connect", "time", "clock_gettime", "gettimeofday", "fork", "execve", "syscall")
)


def _program(name: Any, *_: Any) -> None:
    obstacles.note_program(name)


def _obstacle(what: str) -> Callable[..., None]:
    return lambda *_: obstacles.note(what)


#: Noted all the time: commands, too, connect to services.
_ADDRESSES: Dict[str, Callable[..., None]] = {
    "socket.connect": addresses.note_connection,
    "socket.getaddrinfo": addresses.note_look_up,
}
_HANDLERS: Dict[str, Optional[Callable[..., None]]] = {
    "open": _on_open,
    "os.listdir": _on_listdir,
    "os.scandir": _on_scandir,
    "os.getxattr": _on_path,
    "os.listxattr": _on_path,
    "sqlite3.connect": _on_sqlite,
    "ctypes.dlopen": _on_library,
    "ctypes.dlsym": _on_symbol,
    "subprocess.Popen": _program,
    "os.system": _program,
    "os.posix_spawn": _program,
    "os.spawn": lambda _mode, name, *_: obstacles.note_program(name),
    "os.fork": _obstacle("forks a process"),
    "os.forkpty": _obstacle("forks a process"),
    "socket.connect": _obstacle("opens a network connection"),
    "socket.sendto": _obstacle("sends something over the network"),
    "socket.sendmsg": _obstacle("sends something over the network"),
    "socket.getaddrinfo": _obstacle("looks up the address of a host"),
    "socket.gethostbyname": _obstacle("looks up the address of a host"),
    "socket.gethostbyaddr": _obstacle("looks up the name of a host"),
    "socket.getnameinfo": _obstacle("looks up the name of a host"),
}
