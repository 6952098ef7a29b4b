"""Tells the user's Ctrl-C from a KeyboardInterrupt that the project's code raises by itself."""

from __future__ import annotations

import signal
from typing import Any, Callable, Optional

_received = False
_handler: Optional[Callable[[int, Any], Any]] = None


def note_interruptions() -> None:
    """Keeps in mind that SIGINT came; what the handler did before, it still does."""
    global _handler
    current = signal.getsignal(signal.SIGINT)
    if current is not _note and callable(current):
        _handler = current
        signal.signal(signal.SIGINT, _note)


def _note(number: int, frame: Any) -> None:
    global _received
    _received = True
    if _handler is not None:
        _handler(number, frame)


def is_interruption(error: BaseException) -> bool:
    """True only for what a signal caused: then everything stops. Without a signal it is one more exception of the code."""
    return _received and isinstance(error, KeyboardInterrupt)
