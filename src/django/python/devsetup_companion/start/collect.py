"""Finds every environment variable without which the settings cannot be loaded, by loading them with stand-in values."""

from __future__ import annotations

import json
import os
import re
import signal
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, NoReturn, Optional, Tuple

from devsetup_companion.start.bootstrap import leave
from devsetup_companion.channel import CHUNK, Channel
from devsetup_companion.errors import ErrorDict, plain_error
from devsetup_companion.options import Options

MOST_ATTEMPTS = 60
_ATTEMPT_SECONDS = 30
# A word, a number (and a true value), an address, a truth value, a JSON object. Used for nothing but these attempts.
STAND_INS = ("devsetup", "1", "postgres://devsetup:devsetup@localhost:5432/devsetup", "true", "{}")
_NAME = re.compile(r"\b[A-Z][A-Z0-9]*_?[A-Z0-9_]{2,}\b")


class Outcome(NamedTuple):
    """How an attempt ended. `error` None: the settings are loaded. `missed`: name → where the project asked for it."""

    error: Optional[ErrorDict]
    missed: Dict[str, Any]


Attempt = Callable[[Dict[str, str]], Outcome]


def collect(attempt: Attempt) -> Dict[str, Any]:
    """`MissingEnvironment` of protocol.ts."""
    budget = _Budget(attempt)
    stand_ins: Dict[str, str] = {}
    variables: List[Dict[str, Any]] = []
    outcome = budget.attempt(stand_ins)
    while outcome.error is not None and not budget.is_spent():
        found = _find_missing(budget, stand_ins, outcome)
        if found is None:
            break
        name, value, following = found
        place = outcome.missed.get(name) or outcome.error["place"]
        variables.append({"name": name, "place": place})
        stand_ins[name] = value
        outcome = following
    return {"variables": variables, "remaining": outcome.error}


class _Budget:
    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._left = MOST_ATTEMPTS

    def attempt(self, stand_ins: Dict[str, str]) -> Outcome:
        self._left -= 1
        return self._attempt(stand_ins)

    def is_spent(self) -> bool:
        return self._left <= 0


def _find_missing(budget: _Budget, known: Dict[str, str], outcome: Outcome) -> Optional[Tuple[str, str, Outcome]]:
    """The variable behind this failure, the value that gets furthest, and what comes then. None: no variable changes it."""
    named, others = candidates(outcome, known)
    for name in [*named, *others]:
        best: Optional[Tuple[int, str, Outcome]] = None
        for value in STAND_INS:
            if budget.is_spent():
                break
            following = budget.attempt({**known, name: value})
            progress = rate(outcome, following, name, value)
            if progress > 0 and (best is None or progress > best[0]):
                best = (progress, value, following)
            # A variable that nothing points to gets one chance; a value that leads further needs no successor.
            if progress >= 3 or (progress == 0 and name in others):
                break
        if best is not None:
            return name, best[1], best[2]
    return None


def candidates(outcome: Outcome, known: Dict[str, str]) -> Tuple[List[str], List[str]]:
    """Variables the failure names, missed lookups first; and the other missed lookups, likeliest first."""
    assert outcome.error is not None
    text = _text(outcome.error)
    missed = [name for name in outcome.missed if name not in known]
    named = [name for name in missed if _mentions(text, name)]
    written = [name for name in dict.fromkeys(_NAME.findall(text)) if name not in known and name not in missed]
    line = _line(outcome.error["place"])
    rest = [name for name in reversed(missed) if name not in named]
    rest.sort(key=lambda name: _line(outcome.missed[name]) != line)
    return [*named, *[name for name in written if name not in os.environ][:3]], rest


def rate(before: Outcome, after: Outcome, name: str, value: str) -> int:
    """
    How far a stand-in value leads: 0 the same failure · 1 another failure, of the value itself · 2 a failure elsewhere · 3 the
    next variables are asked for · 4 loaded.
    """
    if after.error is None:
        return 4
    assert before.error is not None
    text = _text(after.error)
    same_line = _line(before.error["place"]) == _line(after.error["place"])
    if same_line and (before.error["type"], before.error["message"]) == (after.error["type"], after.error["message"]):
        return 0
    if _mentions(text, name):
        return 1
    # Variables that were not asked for before show that it got further, whatever fails now.
    if any(other not in before.missed or _mentions(text, other) for other in after.missed):
        return 3
    return 1 if same_line or value in after.error["message"] else 2


def _text(error: ErrorDict) -> str:
    """The messages of the whole chain of exceptions: the lines of the traceback that are neither frames nor source."""
    lines = [line for line in str(error["traceback"]).splitlines() if not line.startswith(" ")]
    return "\n".join([*lines, str(error["message"])])


def _mentions(text: str, name: str) -> bool:
    return re.search(r"(?<![A-Za-z0-9_])%s(?![A-Za-z0-9_])" % re.escape(name), text) is not None


def _line(place: Optional[Dict[str, Any]]) -> Any:
    return None if place is None else (place["file"], place["line"])


def collect_and_leave(options: Options, channel: Channel) -> NoReturn:
    """Sends `missing` and ends the process. This process never runs manage.py itself, so every attempt starts clean."""
    own = (channel.fileno(),)
    channel.send({"event": "missing", "missing": collect(lambda stand_ins: fork_attempt(options, stand_ins, own))})
    leave(0)


def fork_attempt(options: Options, stand_ins: Dict[str, str], own: Iterable[int]) -> Outcome:
    """One attempt in a process of its own, which does not get the `own` descriptors of this one."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            for descriptor in (read, *own):
                os.close(descriptor)
            silence()
            # Without a handler: a settings module that waits for something is killed.
            signal.alarm(_ATTEMPT_SECONDS)
            os.environ.update(stand_ins)
            from devsetup_companion.start.attempt import attempt

            exported = tuple((file, names - stand_ins.keys()) for file, names in options.exported)
            attempt(options._replace(descriptor=write, mode="attempt", exported=exported))
        finally:
            os._exit(1)
    os.close(write)
    with os.fdopen(read, "rb", CHUNK) as pipe:
        data = pipe.readline()
    os.waitpid(pid, 0)
    if not data:
        return Outcome(plain_error("CRASHED", "Python ended while it loaded the settings."), {})
    answer = json.loads(data)
    return Outcome(answer["error"], answer["missed"])


def silence() -> None:
    """Nothing is read, and whatever is printed is not seen."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)
