"""Finds every environment variable without which the project cannot be loaded, by loading it with stand-in values."""

from __future__ import annotations

import json
import os
import re
import signal
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, NoReturn, Optional, Tuple

from devsetup_companion.start.bootstrap import leave
from devsetup_companion.start.circumstances import is_of_surroundings
from devsetup_companion.start.mentions import is_later, mentions, messages_of, trail_of
from devsetup_companion.channel import CHUNK, Channel
from devsetup_companion.errors import ErrorDict, plain_error
from devsetup_companion.options import Options

MOST_ATTEMPTS = 90
_ATTEMPT_SECONDS = 30
_MOST_PASSES = 10
_WORD = "devsetupstandin"
# A word, a number (and a true value), an address, a truth value, a JSON object and list, a level of logging, a time zone, an address of mail and of a
# page. Used for nothing but these attempts.
STAND_INS = (
    _WORD,
    "1",
    "postgres://%s:%s@localhost:5432/%s" % (_WORD, _WORD, _WORD),
    "true",
    "{}",
    "[]",
    "INFO",
    "UTC",
    "%s@example.org" % _WORD,
    "http://%s.localhost" % _WORD,
)
#: What the name of a variable says about its value.
_LIKELY = (
    (re.compile(r"PORT|TIMEOUT|SECONDS|SIZE|COUNT|LIMIT|_ID$|_DB$|^DEBUG|_DEBUG|ENABLE|^USE_|^IS_"), "1"),
    (re.compile(r"DATABASE_URL|DB_URL|URI$"), STAND_INS[2]),
    (re.compile(r"URL|HOST|ORIGIN"), STAND_INS[9]),
    (re.compile(r"LEVEL"), "INFO"),
    (re.compile(r"TIME_?ZONE|^TZ$"), "UTC"),
    (re.compile(r"MAIL"), STAND_INS[8]),
)
_NAME = re.compile(r"\b[A-Z][A-Z0-9]*_?[A-Z0-9_]{2,}\b")
_OF_CODE = ("ImportError", "ModuleNotFoundError", "SyntaxError", "IndentationError", "TabError")
#: What was loaded before the failure.
_STAGES = ("MANAGE_PY_FAILED", "SETTINGS_FAILED", "APPS_FAILED", "URLS_FAILED")


class Outcome(NamedTuple):
    """
    How an attempt ended. `error` None: everything is loaded. `missed`: name → where the project asked for it. `needed`: what the failures
    of single statements name. `unset`: what makes system checks raise (unset_settings.Unset).
    """

    error: Optional[ErrorDict]
    missed: Dict[str, Any]
    needed: Tuple[str, ...] = ()
    unset: Tuple[Dict[str, Any], ...] = ()


class Found(NamedTuple):
    """A variable that leads further."""

    name: str
    value: str
    following: Outcome
    #: The failure, or a field that is required, names it: no further proof is needed.
    is_named: bool


#: Loads the project with stand-in values; `is_tolerant` as in `attempt`.
Attempt = Callable[..., Outcome]


def collect(attempt: Attempt) -> Dict[str, Any]:
    """`MissingEnvironment` of protocol.ts."""
    budget = _Budget(attempt)
    stand_ins: Dict[str, str] = {}
    found: List[Tuple[Found, Any]] = []
    outcome = budget.attempt(stand_ins)
    while outcome.error is not None and not budget.is_spent():
        step = _find_missing(budget, stand_ins, outcome)
        if step is None:
            break
        found.append((step, outcome.missed.get(step.name) or outcome.error["place"]))
        stand_ins[step.name] = step.value
        outcome = step.following
    kept = [(step, place) for step, place in found if step.is_named or _is_needed(budget, stand_ins, step.name, outcome)]
    variables = [{"name": step.name, "place": place} for step, place in kept]
    if outcome.error is not None and _stage(outcome.error) < _STAGES.index("APPS_FAILED"):
        variables += _find_behind(budget, stand_ins)
    names = [variable["name"] for variable in variables]
    variables += [unset for unset in outcome.unset if unset["name"] not in names]
    return {"variables": variables, "remaining": _shown(outcome.error, stand_ins)}


class _Budget:
    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._left = MOST_ATTEMPTS

    def attempt(self, stand_ins: Dict[str, str]) -> Outcome:
        self._left -= 1
        return self._attempt(stand_ins)

    def attempt_tolerantly(self, stand_ins: Dict[str, str]) -> Outcome:
        return self._attempt(stand_ins, True)

    def is_spent(self) -> bool:
        return self._left <= 0


def _find_missing(budget: _Budget, known: Dict[str, str], outcome: Outcome) -> Optional[Found]:
    """The variable behind this failure, the value that gets furthest, and what comes then. None: no variable changes it."""
    assert outcome.error is not None
    named, written, others = candidates(outcome, known)
    for name in [*named, *written, *others]:
        best: Optional[Tuple[int, str, Outcome]] = None
        least = 1 if name in named else 2
        for value in _values_for(name)[: 6 if name in others else None]:
            if budget.is_spent():
                break
            following = budget.attempt({**known, name: value})
            progress = rate(outcome, following, name, value)
            # A variable that was not looked up here, or that nothing points to, and whose value makes no difference.
            if progress == 0 and name not in named:
                break
            if name in others and not _leads_on(outcome, following, name):
                continue
            if progress >= least and (best is None or progress > best[0]):
                best = (progress, value, following)
            if progress >= 3:
                break
        if best is not None:
            return Found(name, best[1], best[2], name in named)
    return None


def _values_for(name: str) -> List[str]:
    likely = [value for pattern, value in _LIKELY if pattern.search(name)]
    return list(dict.fromkeys([*likely, *STAND_INS]))


def _leads_on(before: Outcome, after: Outcome, name: str) -> bool:
    """Not into a branch that is only taken because of the value: what was asked before is asked again, and execution got further."""
    if not set(before.missed) - {name} <= set(after.missed):
        return False
    return after.error is None or _stage(after.error) > _stage(before.error) or is_later(before.error or after.error, after.error)


def _is_needed(budget: _Budget, stand_ins: Dict[str, str], name: str, last: Outcome) -> bool:
    """Whether less is loaded without it."""
    without = budget.attempt({other: value for other, value in stand_ins.items() if other != name})
    if without.error is None or last.error is None:
        return without.error is not None
    return trail_of(without.error) != trail_of(last.error)


def _find_behind(budget: _Budget, stand_ins: Dict[str, str]) -> List[Dict[str, Any]]:
    """What the statements after one that fails ask for; again while a statement asks for another."""
    known = dict(stand_ins)
    found: List[Dict[str, Any]] = []
    for _ in range(_MOST_PASSES):
        outcome = budget.attempt_tolerantly(known)
        further = [name for name in outcome.needed if name not in known]
        if not further:
            break
        found += [{"name": name, "place": outcome.missed.get(name)} for name in further]
        known.update((name, _values_for(name)[0]) for name in further)
    return found


def _shown(error: Optional[ErrorDict], stand_ins: Dict[str, str]) -> Optional[ErrorDict]:
    """A failure that may come from a stand-in value is shown without its words. URLs are loaded to find variables, and for nothing else."""
    if error is None or error["code"] == "URLS_FAILED":
        return None
    text = messages_of(error)
    if not any(mentions(text, word) for pair in stand_ins.items() for word in pair) and _WORD not in text.lower():
        return error
    return {**error, "message": "", "traceback": "", "data": {}}


def candidates(outcome: Outcome, known: Dict[str, str]) -> Tuple[List[str], List[str], List[str]]:
    """
    Variables that the failure names: those that were looked up, or stand for a required field; those that only its words name; and the
    other missed lookups, likeliest first.
    """
    assert outcome.error is not None
    text = messages_of(outcome.error)
    required = [name for name in outcome.error["data"].get("variables", ()) if name not in known]
    missed = [name for name in outcome.missed if name not in known]
    named = list(dict.fromkeys([*required, *(name for name in missed if mentions(text, name))]))
    written = [name for name in dict.fromkeys(_NAME.findall(text)) if name not in (*known, *missed, *named, *os.environ)]
    line = _line(outcome.error["place"])
    # No value makes code importable, or starts a service.
    rest = [] if outcome.error["type"] in _OF_CODE or is_of_surroundings(outcome.error) else [name for name in reversed(missed) if name not in named]
    rest.sort(key=lambda name: _line(outcome.missed[name]) != line)
    return named, written[:3], rest


def rate(before: Outcome, after: Outcome, name: str, value: str) -> int:
    """
    How far a stand-in value leads: 0 the same failure · 1 another failure, of the value itself · 2 a failure elsewhere · 3 the
    next variables are asked for, or the next part of the project is loaded · 4 loaded.
    """
    if after.error is None:
        return 4
    assert before.error is not None
    if _parts(before.error, after.error):
        return 3 if _stage(after.error) > _stage(before.error) else 0
    text = messages_of(after.error)
    same_line = trail_of(before.error) == trail_of(after.error) and _line(before.error["place"]) == _line(after.error["place"])
    if same_line and (before.error["type"], before.error["message"]) == (after.error["type"], after.error["message"]):
        return 0
    if mentions(text, name):
        return 1
    # Variables that were not asked for before show that it got further, whatever fails now.
    required = after.error["data"].get("variables", ())
    if any(other not in before.missed or mentions(text, other) for other in after.missed) or any(required):
        return 3
    return 1 if same_line or value in after.error["message"] else 2


def _parts(before: ErrorDict, after: ErrorDict) -> bool:
    """The two failed in different parts of the project. A package that is not installed may be missed in any."""
    return _stage(before) != _stage(after) and before["code"] in _STAGES and after["code"] in _STAGES


def _stage(error: Optional[ErrorDict]) -> int:
    code = "" if error is None else error["code"]
    return _STAGES.index(code) if code in _STAGES else 0


def _line(place: Optional[Dict[str, Any]]) -> Any:
    return None if place is None else (place["file"], place["line"])


def collect_and_leave(options: Options, channel: Channel) -> NoReturn:
    """Sends `missing` and ends the process. This process never runs manage.py itself, so every attempt starts clean."""
    own = (channel.fileno(),)
    channel.send({"event": "missing", "missing": collect(attempts(options, own))})
    leave(0)


def attempts(options: Options, own: Iterable[int]) -> Attempt:
    """Each in a process of its own, which does not get the `own` descriptors of this one."""

    def attempt(stand_ins: Dict[str, str], is_tolerant: bool = False) -> Outcome:
        return _fork_attempt(options, stand_ins, is_tolerant, own)

    return attempt


def _fork_attempt(options: Options, stand_ins: Dict[str, str], is_tolerant: bool, own: Iterable[int]) -> Outcome:
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
            attempt(options._replace(descriptor=write, mode="attempt", exported=exported), stand_ins, is_tolerant)
        finally:
            os._exit(1)
    os.close(write)
    with os.fdopen(read, "rb", CHUNK) as pipe:
        data = pipe.readline()
    os.waitpid(pid, 0)
    if not data:
        return Outcome(plain_error("CRASHED", "Python ended while it loaded the settings."), {})
    answer = json.loads(data)
    return Outcome(answer["error"], answer["missed"], tuple(answer["needed"]), tuple(answer["unset"]))


def silence() -> None:
    """Nothing is read, and whatever is printed is not seen."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)
