"""JSON lines: to devsetup over a socket, and from a request's child to the server over a pipe."""

from __future__ import annotations

import json
import os
import socket
from typing import Any, Callable, Dict, List, Optional

Message = Dict[str, Any]
Progress = Callable[[Dict[str, Any]], None]

CHUNK = 65_536


def encode(message: Message) -> bytes:
    """One line. Escaped to ASCII: lone surrogates (undecodable file names) stay legal JSON. Unknown types become text."""
    return json.dumps(message, default=str, separators=(",", ":")).encode("ascii") + b"\n"


class LineSplitter:
    """Cuts a stream of bytes into complete lines; the rest waits for the next piece."""

    def __init__(self) -> None:
        self._pieces: List[bytes] = []

    def feed(self, data: bytes) -> List[bytes]:
        """The lines that `data` completes, without their ends."""
        head, *rest = data.split(b"\n")
        self._pieces.append(head)
        if not rest:
            return []
        lines = [b"".join(self._pieces), *rest[:-1]]
        self._pieces = [rest[-1]]
        return lines


class Channel:
    """The socket to devsetup. Writes block: a slow reader slows the commands down and nothing piles up here."""

    def __init__(self, descriptor: int) -> None:
        self.socket = socket.socket(fileno=descriptor)
        self.socket.setblocking(True)
        self.socket.set_inheritable(False)
        self._splitter = LineSplitter()

    def fileno(self) -> int:
        return self.socket.fileno()

    def send(self, message: Message) -> None:
        self.send_line(encode(message))

    def send_line(self, line: bytes) -> None:
        """Sends a message that is encoded already, with its line end."""
        self.socket.sendall(line)

    def receive(self) -> Optional[List[Message]]:
        """Waits for the next bytes: the messages they complete, or None at the end of the stream."""
        try:
            data = self.socket.recv(CHUNK)
        except ConnectionError:
            return None
        if not data:
            return None
        return [json.loads(line) for line in self._splitter.feed(data) if line.strip()]

    def receive_one(self) -> Optional[Message]:
        """Waits for one message; for a peer that sends exactly one."""
        while True:
            messages = self.receive()
            if messages is None:
                return None
            if messages:
                return messages[0]


class ReportPipe:
    """
    What the child of a request reports to the server: lines that begin with `P` (progress), `R` (result) or `E` (an error as the
    result; it counts more) and continue with the message for devsetup. One write a line, so that processes forked by a command can report progress as well: writes of up
    to PIPE_BUF bytes do not mix.
    """

    def __init__(self, descriptor: int, request_id: int) -> None:
        self._descriptor = descriptor
        self._id = request_id

    def progress(self, data: Dict[str, Any]) -> None:
        self._write(b"P" + encode({"event": "progress", "id": self._id, "data": data}))

    def value(self, value: Any) -> None:
        self._write(b"R" + encode({"event": "result", "id": self._id, "ok": True, "value": value}))

    def error(self, error: Dict[str, Any]) -> None:
        self._write(b"E" + encode({"event": "result", "id": self._id, "ok": False, "error": error}))

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._descriptor, view) :]
