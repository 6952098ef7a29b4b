"""One attempt to load the settings, in a process of its own: what failed, and which variables were missed until then."""

from __future__ import annotations

import os
from typing import Any, Dict, NoReturn

from devsetup_companion.start import environment, takeover
from devsetup_companion.start.bootstrap import leave, run_manage_py
from devsetup_companion.channel import encode
from devsetup_companion.errors import ErrorDict
from devsetup_companion.options import Options


def attempt(options: Options) -> NoReturn:
    """Writes one line to the descriptor: {error, missed: {name: place}}."""

    def report(outcome: Dict[str, Any]) -> NoReturn:
        outcome["missed"] = environment.missed_variables()
        view = memoryview(encode(outcome))
        while view:
            view = view[os.write(options.descriptor, view) :]
        leave(0)

    def failed(error: ErrorDict) -> NoReturn:
        report({"error": error})

    def taken_over(utility: Any) -> None:
        takeover.load_settings(utility)
        report({"error": None})

    run_manage_py(options, ["migrate"], taken_over, failed)
