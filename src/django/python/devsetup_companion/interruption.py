"""Tells what a signal ended from what the project's code did by itself."""

from __future__ import annotations

import functools
import signal
from typing import Any, Callable, Optional, Set

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_received: Set[int] = set()
_is_noting = False


def note_interruptions() -> None:
    """
    Keeps in mind which signals came that end programs; what their handlers did before, they still do. That includes the
    handlers that the project's code sets: servers catch such a signal and end with exit code 0.
    """
    global _is_noting
    if not _is_noting:
        signal.signal = _noting(signal.signal)
    _is_noting = True
    _received.clear()
    current = signal.getsignal(signal.SIGINT)
    if callable(current):
        signal.signal(signal.SIGINT, current)


def _noting(set_handler: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(set_handler)
    def set_noting_handler(number: int, handler: Any) -> Any:
        # A handler that is put back notes already.
        if number in _ENDING and callable(handler) and not hasattr(handler, "notes_interruptions"):
            handler = _note_before(handler)
        return set_handler(number, handler)

    return set_noting_handler


def _note_before(handler: Callable[[int, Any], Any]) -> Callable[[int, Any], Any]:
    def note(number: int, frame: Any) -> Any:
        _received.add(number)
        return handler(number, frame)

    note.notes_interruptions = True  # type: ignore[attr-defined]
    return note


def is_interruption(error: BaseException) -> bool:
    """True only for what a signal caused: then everything stops. Without a signal it is one more exception of the code."""
    return signal.SIGINT in _received and isinstance(error, KeyboardInterrupt)


def interruption() -> Optional[str]:
    """The name of a signal that came to end this process, e.g. `SIGTERM`; None: none came."""
    return next((number.name for number in _ENDING if number in _received), None)
