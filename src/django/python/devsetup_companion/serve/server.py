"""The warm process: takes requests from the socket and runs each in a child process."""

from __future__ import annotations

import gc
import os
import selectors
import signal
import time
from typing import Any, Dict, List, NoReturn, Optional

from devsetup_companion.start import environment, watch
from devsetup_companion.start.bootstrap import flush_output, leave
from devsetup_companion.channel import Channel, Message
from devsetup_companion.start.isolation import close_stdin, load_death_signal
from devsetup_companion.options import Options
from devsetup_companion.serve.forking import find_fork_obstacle, hide_from_collector
from devsetup_companion.serve.running import Running
from devsetup_companion.serve.starting import ForkStarter, SpawnStarter

_WATCHED_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)


def serve(options: Options, channel: Channel, initial_environment: Dict[str, str], description: Message) -> NoReturn:
    """Sends `ready`, then answers requests until devsetup closes the socket."""
    environment.stop_recording()
    watch.stop()
    obstacle = find_fork_obstacle()
    description.update(mode="fork" if obstacle is None else "fresh", modeReason=obstacle)
    _Server(options, channel, initial_environment, obstacle is None).serve(description)


class _Server:
    def __init__(self, options: Options, channel: Channel, initial_environment: Dict[str, str], forks: bool) -> None:
        self._channel = channel
        self._selector = selectors.DefaultSelector()
        self._running: Dict[int, Running] = {}
        self._stopping = False
        self._signal_handlers = {number: signal.getsignal(number) for number in _WATCHED_SIGNALS}
        self._wake_read, self._wake_write = os.pipe()
        self._starter: Any = SpawnStarter(options, initial_environment)
        if forks:
            self._starter = ForkStarter(
                options.manage_py, self._signal_handlers, self._own_descriptors, load_death_signal(), self._starter
            )

    def serve(self, description: Message) -> NoReturn:
        close_stdin()
        self._watch_signals()
        self._selector.register(self._channel.fileno(), selectors.EVENT_READ, self._read_requests)
        self._selector.register(self._wake_read, selectors.EVENT_READ, self._drain_wake_pipe)
        gc.collect()
        hide_from_collector()
        try:
            self._channel.send({"event": "ready", "description": description})
            while not self._stopping:
                for key, _ in self._selector.select(self._timeout()):
                    key.data()
                self._reap()
        except ConnectionError:
            # devsetup is gone: as at the end of the stream.
            pass
        for running in self._running.values():
            running.signal(signal.SIGKILL)
        leave(0)

    def _watch_signals(self) -> None:
        os.set_blocking(self._wake_write, False)
        os.set_blocking(self._wake_read, False)
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        # A Ctrl-C in the terminal reaches every process of the foreground; devsetup decides what it means.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def _stop(self, number: int, frame: Any) -> None:
        self._stopping = True

    def _drain_wake_pipe(self) -> None:
        os.read(self._wake_read, 4096)

    def _own_descriptors(self) -> List[int]:
        """What a forked child must not keep open."""
        own = [self._channel.fileno(), self._wake_read, self._wake_write]
        fileno = getattr(self._selector, "fileno", None)
        if fileno is not None:
            own.append(fileno())
        for running in self._running.values():
            own.extend(running.descriptors())
        return own

    def _read_requests(self) -> None:
        messages = self._channel.receive()
        if messages is None:
            self._stopping = True
            return
        for message in messages:
            if "cancel" in message:
                self._cancel(message)
            else:
                self._begin(message)

    def _begin(self, request: Message) -> None:
        flush_output()
        child = self._starter.start(request)
        running = Running(request, child, self._channel.send_line)
        self._running[running.id] = running
        for descriptor in running.descriptors():
            self._selector.register(descriptor, selectors.EVENT_READ, self._reader(running, descriptor))

    def _reader(self, running: Running, descriptor: int) -> Any:
        def read() -> None:
            if not running.read(descriptor):
                self._selector.unregister(descriptor)
                running.close(descriptor)

        return read

    def _cancel(self, message: Message) -> None:
        running: Optional[Running] = self._running.get(message["cancel"])
        if running is not None:
            running.cancelled = True
            running.signal(getattr(signal, message["signal"]))

    def _timeout(self) -> Optional[float]:
        deadlines = [running.deadline for running in self._running.values() if running.deadline is not None]
        if deadlines:
            return max(0.0, min(deadlines) - time.monotonic())
        # Without a request there is nothing to reap; with one, a lost SIGCHLD must not block for ever.
        return 1.0 if self._running else None

    def _reap(self) -> None:
        for running in list(self._running.values()):
            running.reap()
            if running.is_done():
                for descriptor in running.descriptors():
                    running.drain(descriptor)
                    self._selector.unregister(descriptor)
                    running.close(descriptor)
                del self._running[running.id]
                self._channel.send_line(running.final_line())
