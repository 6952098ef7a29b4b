"""One attempt to load the project, in a process of its own: what failed, and which variables were missed until then."""

from __future__ import annotations

import os
from typing import Any, Dict, NoReturn

from devsetup_companion.start import environment, leftovers, takeover, unset_settings
from devsetup_companion.start.bootstrap import leave, run_manage_py
from devsetup_companion.start.mentions import mentions, messages_of
from devsetup_companion.channel import encode
from devsetup_companion.errors import ErrorDict, describe_exception
from devsetup_companion.options import Options


def attempt(options: Options, stand_ins: Dict[str, str], is_tolerant: bool) -> NoReturn:
    """
    Writes one line to the descriptor: {error, missed: {name: place}, needed: [name], unset}. Tolerant: it continues after a statement that fails,
    and `needed` are the variables that such failures name.
    """
    needed: Dict[str, None] = {}
    leftovers.watch(stand_ins.values())

    def note(error: BaseException) -> None:
        # A name that is not defined is the consequence of a statement that failed before.
        if isinstance(error, NameError):
            return
        described = describe_exception(error, "SETTINGS_FAILED")
        text = messages_of(described)
        needed.update(dict.fromkeys(name for name in environment.missed_variables() if mentions(text, name)))

    def report(outcome: Dict[str, Any]) -> NoReturn:
        leftovers.remove()
        outcome.update(missed=environment.missed_variables(), needed=list(needed), unset=outcome.get("unset", []))
        view = memoryview(encode(outcome))
        while view:
            view = view[os.write(options.descriptor, view) :]
        leave(0)

    def failed(error: ErrorDict) -> NoReturn:
        report({"error": error})

    def taken_over(utility: Any) -> None:
        takeover.load_settings(utility)
        if is_tolerant:
            report({"error": None})
        takeover.load_code()
        report({"error": None, "unset": unset_settings.raised_by_checks()})

    if is_tolerant:
        from devsetup_companion.start import tolerant

        tolerant.install(note)
    run_manage_py(options, ["migrate"], taken_over, failed)
