"""Serves one request in a fresh process, for projects that cannot be forked (`mode: fresh`)."""

from __future__ import annotations

from typing import Any, List, NoReturn

from devsetup_companion.start import environment, takeover, watch
from devsetup_companion.start.bootstrap import flush_output, leave, run_manage_py
from devsetup_companion.channel import Channel, Message, ReportPipe
from devsetup_companion.errors import ErrorDict
from devsetup_companion.start.isolation import load_death_signal
from devsetup_companion.options import Options


def serve_once(options: Options, channel: Channel) -> NoReturn:
    """Reads the request from the socket and writes to it what a forked child writes to its pipe."""
    die_with_parent = load_death_signal()
    if die_with_parent is not None:
        die_with_parent()
    request = channel.receive_one()
    if request is None:
        leave(0)
    report = ReportPipe(channel.fileno(), request["id"])

    def failed(error: ErrorDict) -> NoReturn:
        flush_output()
        report.error(error)
        leave(1)

    def taken_over(utility: Any) -> None:
        takeover.start_django(utility, options.lock_timeout)
        environment.stop_recording()
        watch.stop()
        from devsetup_companion.serve.perform import perform_and_leave

        perform_and_leave(request, report)

    run_manage_py(options, _arguments(request), taken_over, failed)


def _arguments(request: Message) -> List[str]:
    """What follows manage.py: the command itself where there is one, because settings may depend on it."""
    params = request.get("params") or {}
    return [params["command"], *params.get("args", [])] if request["method"] == "run" else ["migrate"]
