"""The last address that this process asked for: most libraries do not say which one did not answer."""

from __future__ import annotations

from typing import Any, List, Optional, Tuple

Address = Tuple[str, int]

_asked: List[Address] = []


def last_address() -> Optional[Address]:
    """Host and port, the host by its name if it was looked up by name."""
    return _asked[-1] if _asked else None


def forget() -> None:
    """What was asked for before is no reason of what fails from now on."""
    _asked.clear()


def note_look_up(host: Any, port: Any, *_: Any) -> None:
    """`socket.getaddrinfo` of the audit events."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if isinstance(name, str) and str(port).isdigit():
        _asked[:] = [(name, int(port))]


def note_connection(_socket: Any, address: Any) -> None:
    """`socket.connect` of the audit events."""
    if not isinstance(address, tuple) or len(address) < 2 or not isinstance(address[1], int):
        return
    # The address of the name that was looked up just before.
    if not _asked or _asked[-1][1] != address[1]:
        _asked[:] = [(str(address[0]), address[1])]
