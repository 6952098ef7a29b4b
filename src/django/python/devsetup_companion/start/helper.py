"""
A process forked before manage.py runs, with nothing of the project in it: it tells what is installed while Django starts, and,
should the settings fail, tries them again and again for the variables they want. So neither needs a second start of Python.
"""

from __future__ import annotations

import json
import os
import threading
from typing import Any, Dict, NoReturn, Optional

from devsetup_companion.channel import CHUNK, Channel, Message, encode
from devsetup_companion.errors import ErrorDict
from devsetup_companion.options import Options
from devsetup_companion.start.circumstances import is_of_surroundings

#: Failures that a variable may be behind.
_OF_SETTINGS = ("SETTINGS_FAILED", "APPS_FAILED", "MANAGE_PY_FAILED")
_TOLD = b"i"
_COLLECT = b"c"
_LEAVE = b"q"


class Helper:
    """
    The helper as seen from the process that runs manage.py. It shares the socket until `settle` returns: nothing may be sent
    before that.
    """

    def __init__(self, pid: int, commands: int, answers: int, is_telling: bool) -> None:
        self._pid = pid
        self._commands = commands
        self._answers = answers
        self._is_telling = is_telling

    def settle(self) -> None:
        """Waits until it has told what is installed, if it was asked to."""
        if self._is_telling:
            self._is_telling = False
            _read(self._answers, 1)

    def missing_for(self, error: ErrorDict) -> Optional[Message]:
        """The message `missing` for a failure of the settings; None for others, and where nothing can be said."""
        if error["code"] in _OF_SETTINGS and "pipe" in error["data"]:
            # Each attempt would wait for the pipe again.
            return {"event": "missing", "missing": {"variables": [], "remaining": error}}
        if error["code"] not in _OF_SETTINGS or is_of_surroundings(error):
            return None
        self.settle()
        try:
            os.write(self._commands, _COLLECT)
            data = b""
            while not data.endswith(b"\n"):
                chunk = _read(self._answers, CHUNK)
                if not chunk:
                    return None
                data += chunk
            return {"event": "missing", "missing": json.loads(data)}
        except OSError:
            # It is gone: devsetup asks in another way.
            return None

    def dismiss(self) -> None:
        """Django is up: no further use for it."""
        self.settle()
        try:
            # Said, not shown by the end of the stream: processes that the project forked hold its other end.
            os.write(self._commands, _LEAVE)
        except OSError:
            # Gone already.
            pass
        for descriptor in (self._commands, self._answers):
            os.close(descriptor)
        try:
            os.waitpid(self._pid, 0)
        except ChildProcessError:
            # The project has waited for its children.
            pass


def fork_helper(options: Options, channel: Channel) -> Optional[Helper]:
    """None where this process cannot be forked."""
    if not hasattr(os, "fork") or threading.active_count() != 1:
        return None
    is_telling = options.tells_installed and options.execs == 0
    command_read, command_write = os.pipe()
    answer_read, answer_write = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(command_write)
            os.close(answer_read)
            _help(options, channel, command_read, answer_write, is_telling)
        finally:
            os._exit(1)
    assert os.getpid() == parent
    os.close(command_read)
    os.close(answer_write)
    return Helper(pid, command_write, answer_read, is_telling)


def _help(options: Options, channel: Channel, commands: int, answers: int, is_telling: bool) -> NoReturn:
    from devsetup_companion.start.collect import attempts, collect, silence

    silence()
    if is_telling:
        _tell_installed(channel)
        os.write(answers, _TOLD)
    channel.socket.close()
    if _read(commands, 1) == _COLLECT:
        missing = collect(attempts(options, (commands, answers)))
        view = memoryview(encode(missing))
        while view:
            view = view[os.write(answers, view) :]
    os._exit(0)


def _tell_installed(channel: Channel) -> None:
    """In yet another process: what it imports must not be there when the settings are tried."""
    pid = os.fork()
    if pid == 0:
        try:
            request: Dict[str, Any] = channel.receive_one() or {}
            from devsetup_companion.start.installed import describe_installed

            channel.send({"event": "installed", "installed": describe_installed(request.get("requirements") or [])})
        finally:
            os._exit(0)
    os.waitpid(pid, 0)


def _read(descriptor: int, size: int) -> bytes:
    """Nothing at the end of the stream."""
    return os.read(descriptor, size)
