"""A request that runs: its output on the way to devsetup, its progress, and how it ended."""

from __future__ import annotations

import codecs
import os
import signal
import time
from typing import Any, Callable, Dict, List, NamedTuple, Optional

from devsetup_companion.channel import CHUNK, LineSplitter, Message, encode
from devsetup_companion.errors import plain_error

# How long output is awaited after the child has ended: a process it left behind may hold the pipes open for ever.
_LINGER_SECONDS = 0.4
# At least what a pipe can hold.
_DRAIN_BYTES = 2_097_152


class Child(NamedTuple):
    """A started process; the descriptors are the parent's ends."""

    pid: int
    stdout: int
    stderr: int
    report: int


class Running:
    """One request in its child process. `send_line` blocks while devsetup does not read, which slows the child down."""

    def __init__(self, request: Message, child: Child, send_line: Callable[[bytes], None]) -> None:
        self.id: int = request["id"]
        self.cancelled = False
        self.deadline: Optional[float] = None
        self._method = str(request["method"])
        self._child = child
        self._send_line = send_line
        decoder = codecs.getincrementaldecoder("utf-8")
        self._outputs: Dict[int, Any] = {
            child.stdout: ("stdout", decoder("replace")),
            child.stderr: ("stderr", decoder("replace")),
        }
        self._open: List[int] = [child.stdout, child.stderr, child.report]
        self._lines = LineSplitter()
        self._result: Optional[bytes] = None
        self._error: Optional[bytes] = None
        self._status: Optional[int] = None

    def descriptors(self) -> List[int]:
        """The parent's ends that are still open."""
        return list(self._open)

    def read(self, descriptor: int) -> bool:
        """Forwards what is there to read; False at the end of the stream."""
        try:
            data = os.read(descriptor, CHUNK)
        except BlockingIOError:
            return True
        except ConnectionError:
            data = b""
        self._take(descriptor, data)
        return bool(data)

    def close(self, descriptor: int) -> None:
        self._open.remove(descriptor)
        os.close(descriptor)

    def drain(self, descriptor: int) -> None:
        """Reads what is in the pipe already, without waiting for more."""
        os.set_blocking(descriptor, False)
        left = _DRAIN_BYTES
        while left > 0:
            try:
                data = os.read(descriptor, min(CHUNK, left))
            except (BlockingIOError, ConnectionError):
                break
            if not data:
                break
            left -= len(data)
            self._take(descriptor, data)
        self._take(descriptor, b"")

    def signal(self, number: int) -> None:
        """To the whole process group, while the child is not reaped: its number cannot belong to anybody else yet."""
        if self._status is not None:
            return
        try:
            os.killpg(self._child.pid, number)
        except (ProcessLookupError, PermissionError):
            # The group is gone (on macOS: has only zombies left), which is what a signal would have been for.
            return

    def reap(self) -> None:
        if self._status is not None:
            return
        pid, status = os.waitpid(self._child.pid, os.WNOHANG)
        if pid != 0:
            self._status = status
            self.deadline = time.monotonic() + _LINGER_SECONDS

    def is_done(self) -> bool:
        if self.deadline is None:
            return False
        return not self._open or time.monotonic() >= self.deadline

    def final_line(self) -> bytes:
        """The result message: what the child reported, unless it was killed or failed while it ended."""
        status = self._status or 0
        if self._error is not None:
            return self._error
        if self._result is not None and status == 0:
            return self._result
        error = self._ending(status)
        return encode({"event": "result", "id": self.id, "ok": False, "error": error})

    def _ending(self, status: int) -> Message:
        if self.cancelled:
            return plain_error("CANCELLED", "The request was cancelled.")
        if os.WIFSIGNALED(status):
            name = signal.Signals(os.WTERMSIG(status)).name
            return plain_error("CRASHED", "The process of `%s` was ended by %s." % (self._method, name), {"signal": name})
        code = os.WEXITSTATUS(status)
        text = "The process of `%s` ended unexpectedly with exit code %d." % (self._method, code)
        return plain_error("CRASHED", text, {"signal": None, "exitCode": code})

    def _take(self, descriptor: int, data: bytes) -> None:
        """Nothing means the end of the stream."""
        if descriptor == self._child.report:
            self._take_report(data)
        else:
            self._forward(descriptor, data)

    def _take_report(self, data: bytes) -> None:
        for line in self._lines.feed(data):
            if line[:1] == b"R":
                self._result = line[1:] + b"\n"
            elif line[:1] == b"E":
                self._error = line[1:] + b"\n"
            else:
                self._send_line(line[1:] + b"\n")

    def _forward(self, descriptor: int, data: bytes) -> None:
        stream, decoder = self._outputs[descriptor]
        text = decoder.decode(data, final=not data)
        if text:
            self._send_line(encode({"event": "output", "id": self.id, "stream": stream, "text": text}))
